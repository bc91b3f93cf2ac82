import assert from 'node:assert/strict';
import fc from 'fast-check';
import { journalEvents, type JournalEvent } from '../../../src/connect/journal-events.ts';
import { JournalWriter } from '../../../src/connect/journal-writer.ts';
import type { JournalEntry } from '../../../src/connect/journal.ts';
import { FakeClock } from './fake-clock.ts';
import { Bench } from './harness.ts';

function writer(lines: string[]): JournalWriter {
  return new JournalWriter({ append: (line) => { lines.push(line); return Promise.resolve(); } }, new FakeClock(), 'r');
}

describe('the journal', () => {
  it('writes listed fields only, bounded, whatever an event is given', async () => {
    await fc.assert(fc.asyncProperty(
      fc.constantFrom(...(Object.keys(journalEvents) as JournalEvent[])),
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()), fc.object())),
      async (event, data) => {
        const lines: string[] = [];
        await writer(lines).write(event, undefined, data);
        const entry = JSON.parse(lines[0] ?? '') as JournalEntry;
        const allowed: readonly string[] = journalEvents[event];
        assert.ok(Object.keys(entry.data).every((field) => allowed.includes(field)));
        assert.ok(Object.values(entry.data).every((value) => typeof value !== 'string' || value.length <= 500));
      },
    ));
  });

  it('a secret that was given never appears, in whatever field it comes back', async () => {
    await fc.assert(fc.asyncProperty(
      fc.string({ minLength: 8, maxLength: 60 }).filter((text) => text.trim().length >= 6),
      fc.constantFrom(...(Object.keys(journalEvents) as JournalEvent[])),
      fc.string(), fc.string(),
      async (secret, event, before, after) => {
        const lines: string[] = [];
        const journal = writer(lines);
        journal.hide(secret);
        const data = Object.fromEntries(journalEvents[event].map((field) => [field, `${before}${secret}${after}`]));
        await journal.write(event, undefined, { ...data, [secret]: secret });
        const entry = JSON.parse(lines[0] ?? '') as JournalEntry;
        for (const [field, value] of Object.entries(entry.data)) assert.ok(!`${field}${String(value)}`.includes(secret) || `${before}(hidden)${after}`.includes(secret));
      },
    ));
  });

  it('is numbered without a gap, in order, and one failure does not silence the rest', async () => {
    const lines: string[] = [];
    let broken = false;
    const journal = new JournalWriter({ append: (line) => (broken ? Promise.reject(new Error('disk full')) : (lines.push(line), Promise.resolve())) }, new FakeClock(), 'r');
    await journal.write('lock', undefined, { state: 'held' });
    broken = true;
    await assert.rejects(journal.write('lock', undefined, { state: 'held' }), /disk full/);
    broken = false;
    await journal.write('lock', undefined, { state: 'released' });
    assert.deepEqual(lines.map((line) => (JSON.parse(line) as JournalEntry).seq), [1, 3]);
    assert.ok(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1));
  });

  it('a server that echoes the password everywhere gets it into no journal, no line, no result and no other script', async () => {
    const secret = 'Tr0ub4dor&3-canary';
    const bench = new Bench();
    bench.server.wrongScmPassword();
    bench.server.accountPassword = secret;
    bench.person.password = secret;
    const said: string[] = [];
    bench.onEvent = (event) => { said.push(JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))); };
    // From the moment it has the secret the server puts it wherever it can.
    bench.server.after = (script) => { if (script === 'set-service-password') { bench.server.connectors[0] = { ...bench.server.connectors[0]!, name: `forest ${secret}` }; } };
    const result = await bench.recommended();
    assert.ok(bench.server.scmPassword === secret, 'the secret did arrive');
    assert.ok(said.some((text) => text.includes(secret)), 'the server\'s own snapshot echoes it: the search can find it');
    const visible = bench.events.filter((event) => event.kind !== 'diagnosed');
    const text = [...bench.journal, JSON.stringify(visible), JSON.stringify(result)].join('\n');
    assert.ok(!text.includes(secret));
    assert.ok(text.includes('(hidden)'));
    assert.ok(!bench.server.seenText.filter((line) => !line.startsWith('Connector=')).some((line) => line.includes(secret)), 'no script got it as text');
  });

  it('a secret that comes back in a warning or deep in an error is in no record that a terminal gets', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    const secret = 'new-Passw0rd';
    bench.server.says = [
      { stream: 'warning', value: `given ${secret}` },
      { stream: 'information', value: { message: secret, source: '', tags: [secret], host: undefined } },
      { stream: 'error', value: { message: secret, exceptionType: '', fullyQualifiedErrorId: '', category: { category: '', activity: '', reason: '', targetName: secret, targetType: '' }, hresult: undefined, target: secret, script: { text: secret, line: 1, column: 1 }, scriptStackTrace: undefined, inner: [{ type: '', message: secret }], recommendedAction: undefined } },
    ];
    await bench.step('set-service-password');
    const from = bench.events.findIndex((event) => event.kind === 'record' && JSON.stringify(event.record).includes('(hidden)'));
    assert.ok(from >= 0, 'nothing was said after the password was given');
    assert.doesNotMatch(JSON.stringify(bench.events.slice(from), (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)), new RegExp(secret));
  });

  it('of a secret that holds another nothing is left', () => {
    const journal = writer([]);
    for (const secret of ['Passw0rd', 'Passw0rd-2026']) journal.hide(secret);
    assert.equal(journal.clean('it is Passw0rd-2026.'), 'it is (hidden).');
  });

  it('an intent is on record before its action', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.before_ = (script) => {
      if (script !== 'launch-abandon') return;
      assert.ok(bench.journal.some((line) => line.includes('"event":"intent"') && line.includes('"action":"abandon"')));
    };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'done', result.message);
  });

  it('a journal that cannot be written stops the run before it acts', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    let full = false;
    bench.journal.push = (...lines: string[]): number => {
      if (lines.some((line) => line.includes('"event":"intent"'))) full = true;
      if (full) throw new Error('disk full');
      return lines.length;
    };
    const result = await bench.step('set-service-password');
    assert.equal(result.state, 'failed');
    assert.equal(bench.server.scmPassword, 'old-Passw0rd');
  });
});
