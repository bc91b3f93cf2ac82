import assert from 'node:assert/strict';
import { findingsSuggestedBy, newsOf, remediesOf } from '../../../src/connect/event-remedies.ts';
import { findingIds } from '../../../src/connect/ids.ts';
import { planDefinitions } from '../../../src/connect/plan-definitions.ts';
import { phaseAt, phasesOf } from '../../../src/connect/repair-phases.ts';
import { formatFilters, parseFilters, withFilter } from '../../../src/providers/events/filterStore.ts';
import { pageHtml } from '../../../src/providers/events/pageHtml.ts';
import { windowOfStep } from '../../../src/providers/events/windows.ts';
import { fromInput, inputText, offsetText, timeText } from '../../../media/events/clock.ts';
import { rowHeight, rowsInSight, ScrollScale, tallest } from '../../../media/events/scroll.ts';
import { hasValue, isOpen, withValue } from '../../../media/events/terms.ts';
import { visible, visibleLine } from '../../../media/events/visible.ts';

describe('what a row leads to', () => {
  it('suggests the lost key for a 7024 and a 6208, whose plan abandons it', () => {
    for (const [provider, id] of [['Service Control Manager', 7024], ['ADSync', 6208], ['ADSync', 6203]] as const) assert.ok(findingsSuggestedBy(provider, id).includes('key-lost'), String(id));
    assert.equal(remediesOf('key-lost').plan, 'full-abandonment');
  });

  it('suggests nothing for another provider with the same id', () => {
    assert.deepEqual(findingsSuggestedBy('Some Application', 6208), []);
  });

  it('offers only steps that the plan of the finding has', () => {
    for (const id of findingIds) {
      const { plan, steps } = remediesOf(id);
      const known = plan === undefined ? [] : planDefinitions[plan].slots.map((slot) => slot.step);
      assert.deepEqual(steps.filter((step) => !known.includes(step)), [], id);
    }
  });

  it('tells good news from bad, whatever level Windows wrote', () => {
    assert.equal(newsOf('ADSync', 6603), 'good');
    assert.equal(newsOf('ADSync', 6201), 'good');
    assert.equal(newsOf('ADSync', 6227), 'bad');
    assert.equal(newsOf('Service Control Manager', 7036), 'neutral');
    assert.equal(newsOf('Other', 6603), undefined);
  });
});

describe('phases of a repair', () => {
  const event = (time: number, provider: string, id: number): { time: number; provider: string; id: number } => ({ time, provider, id });

  it('follow from the server\'s own events, in any order', () => {
    const phases = phasesOf([event(50, 'ADSync', 6603), event(30, 'MIISKMU', 1), event(20, 'ADSync', 2002), event(40, 'ADSync', 6201), event(60, 'Directory Synchronization', 904), event(5, 'Directory Synchronization', 904)]);
    assert.deepEqual([10, 20, 30, 40, 50, 60, 99].map((time) => phaseAt(time, phases)), ['before', 'stopped', 'abandoned', 'started', 're-entered', 'verified', 'verified']);
  });

  it('are none where nothing was abandoned', () => {
    assert.deepEqual(phasesOf([event(20, 'ADSync', 2002), event(40, 'ADSync', 6201)]), []);
  });

  it('end where the proof of the next one is missing', () => {
    assert.equal(phaseAt(999, phasesOf([event(30, 'MIISKMU', 1)])), 'abandoned');
  });
});

describe('events around a step', () => {
  it('take only durations from this machine\'s clock', () => {
    const entry = (at: string, event: string, step?: 'abandon-key'): { v: 1; seq: number; at: string; run: string; step: 'abandon-key' | undefined; event: string; data: object } => ({ v: 1, seq: 1, at, run: 'r', step, event, data: {} });
    const journal = [entry('2030-01-01T00:00:00Z', 'run-started'), entry('2030-01-01T00:10:00Z', 'step-started', 'abandon-key'), entry('2030-01-01T00:11:00Z', 'step-ended', 'abandon-key')] as Parameters<typeof windowOfStep>[1];
    // This machine is years ahead of the server: that changes nothing.
    const begin = Date.parse('2026-03-01T12:00:00Z');
    const window = windowOfStep({ from: begin - 5000, to: begin + 3_600_000 }, journal, 'abandon-key');
    assert.deepEqual([new Date(window.from).toISOString(), new Date(window.to ?? 0).toISOString()], ['2026-03-01T12:09:55.000Z', '2026-03-01T12:12:00.000Z']);
  });
});

describe('filters that a workspace shares', () => {
  const filter = { terms: [{ field: 'id' as const, values: [6208], exclude: false }] };

  it('come back as they were written, one a name', () => {
    const filters = withFilter(withFilter([], 'b', filter), 'a', { terms: [] });
    assert.deepEqual(parseFilters(formatFilters(withFilter(filters, 'b', { terms: [] }))), [{ name: 'a', filter: { terms: [] } }, { name: 'b', filter: { terms: [] } }]);
    assert.deepEqual(parseFilters(formatFilters(filters)).find((one) => one.name === 'b')?.filter, filter);
  });

  for (const [what, content] of Object.entries({ 'no JSON': '{', 'another version': '{"version":2,"filters":[]}', 'a field that is none': '{"version":1,"filters":[{"name":"x","filter":{"terms":[{"field":"constructor","values":[],"exclude":false}]}}]}', 'a giant': ' '.repeat(1_048_577) })) {
    it(`are refused as ${what}`, () => { assert.throws(() => parseFilters(content)); });
  }
});

describe('the page\'s document', () => {
  it('allows one script and one style sheet, and escapes what it is told', () => {
    const html = pageHtml({ script: 'https://x/main.js', style: 'https://x/a.css', source: 'https://x', nonce: 'abc', title: '"><script>alert(1)</script>', language: 'en' });
    assert.match(html, /default-src &#39;none&#39;; script-src &#39;nonce-abc&#39;; style-src https:\/\/x;/);
    assert.doesNotMatch(html, /alert\(1\)<\/script>|unsafe/);
    assert.equal(html.match(/<script/g)?.length, 1);
  });
});

describe('the page\'s arithmetic', () => {
  it('shows what hides in a text, and keeps its lines', () => {
    assert.equal(visible('a\r\nb\u0007\u202Ec\ud800'), 'a\nb\u2407\u2039U+202E\u203Ac\ufffd');
    assert.equal(visibleLine(' a \r\n\r\n b\tc'), ' a b c');
  });

  it('shows every time with its offset, and reads it back', () => {
    const time = Date.UTC(2026, 2, 29, 12, 3, 5, 123);
    assert.equal(timeText(time, 120), '2026-03-29 14:03:05.123 +02:00');
    assert.equal(offsetText(-210), '\u221203:30');
    assert.equal(fromInput(inputText(time, 120), () => 120), Math.floor(time / 1000) * 1000);
    assert.equal(fromInput('nonsense', () => 0), undefined);
  });

  it('reaches every row, however many', () => {
    const scale = new ScrollScale();
    for (const count of [1, 1000, 1_000_000, 50_000_000]) {
      scale.set(count, 600);
      assert.ok(scale.height <= tallest);
      const end = Math.max(0, scale.height - 600);
      const { to } = rowsInSight(scale.offset(end), 600, count);
      assert.equal(to, count);
      assert.ok(Math.abs(scale.offset(scale.scrollTop(rowHeight * Math.floor(count / 2))) - Math.min(rowHeight * Math.floor(count / 2), Math.max(0, count * rowHeight - 600))) < 1);
    }
  });

  it('wants a value, takes it back, and never wants and leaves out the same', () => {
    const one = withValue({ terms: [] }, 'id', 1, false);
    const both = withValue(one, 'id', 2, false);
    assert.deepEqual(both.terms, [{ field: 'id', values: [1, 2], exclude: false }]);
    assert.ok(isOpen(withValue(one, 'id', 1, false)));
    const turned = withValue(both, 'id', 1, true);
    assert.ok(!hasValue(turned.terms, 'id', 1));
    assert.deepEqual(turned.terms.map((term) => [term.values, term.exclude]), [[[2], false], [[1], true]]);
  });
});
