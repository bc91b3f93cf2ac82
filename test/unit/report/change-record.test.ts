import assert from 'node:assert/strict';
import { changeRecord } from '../../../src/connect/report/change-record.ts';
import { Bench } from '../run/harness.ts';

const line = (event: string, data: object, step?: string, at = '2026-01-01T00:00:00.000Z'): string => JSON.stringify({ v: 1, seq: 1, at, run: 'r', step, event, data });

/** The lines under one heading. */
function section(text: string, heading: string): string {
  return text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

describe('change record', () => {
  it('says who did what on which server, for which ticket, in order', () => {
    const text = changeRecord([
      line('run-started', { server: 'AADC01', computerName: 'SYNC03', machineId: 'guid', plan: 'full-abandonment', holder: 'eng', host: 'pc', ticket: 'CHG0042', findings: ['key-lost'] }),
      line('step-started', { index: 0, target: null }, 'abandon-key'), line('step-ended', { index: 0, state: 'done', seconds: 3, detail: 'Exit code 0.' }, 'abandon-key', '2026-01-01T00:00:03.000Z'),
      line('run-ended', { state: 'done' }),
    ], { ticket: 'another' });
    assert.match(text, /^# Change record: AADC01\n/);
    for (const fact of ['**Ticket**: CHG0042', '**Server**: SYNC03', '**By**: eng on pc', '**Result**: done', '**Found before**: key-lost']) assert.ok(text.includes(fact), fact);
    assert.match(section(text, 'Steps'), /\| abandon-key \| {2}\| 2026-01-01T00:00:00.000Z \| 2026-01-01T00:00:03.000Z \| 3 \| done \| Exit code 0. \|/);
    assert.ok(text.indexOf('run-started') < text.indexOf('step-ended'));
  });

  it('takes the ticket from whoever exports it where the run had none', () => {
    assert.match(changeRecord([line('run-started', { server: 'A', ticket: null })], { ticket: 'INC7' }), /\*\*Ticket\*\*: INC7/);
  });

  it('shows a run that never ended, whatever is left of its journal', () => {
    const text = changeRecord([line('run-started', { server: 'A' }), line('step-started', { index: 0 }, 'verify'), '{"v":1,"seq":2,"at":"2026', 'null', '[]', '"text"', '{"v":2}']);
    assert.match(text, /\*\*Result\*\*: not ended/);
    assert.match(section(text, 'Steps'), /\| verify \|.*\| not ended \|/);
  });

  it('lets no text of a server become markup', () => {
    const text = changeRecord([line('step-ended', { detail: '<img src=x> [a](b) | `c`\n# heading &lt;' }, 'verify')]);
    assert.doesNotMatch(text, /[^\\]<img|[^\\]\[a|\n# heading|[^\\]`c|[^\\]&lt/);
  });

  it('shows nothing that no journal entry may hold, even where somebody wrote it into the file', () => {
    const text = changeRecord([line('run-started', { server: 'A', password: 'hunter2-secret' }), line('made-up', { text: 'hunter2-secret' }), line('diagnosed', { findings: [{ a: 'hunter2-secret' }] })]);
    assert.doesNotMatch(text, /hunter2/);
  });

  it('does not call a diagnosis from before the last step the state that was left', () => {
    const lines = [line('run-started', { server: 'A', findings: ['key-lost'] }), line('diagnosed', { findings: ['key-lost'] }), line('step-started', { index: 0 }, 'abandon-key'), line('step-ended', { index: 0, state: 'done' }, 'abandon-key')];
    assert.match(changeRecord(lines), /\*\*Found after\*\*: not diagnosed again within the run/);
    assert.match(changeRecord([...lines, line('diagnosed', { findings: ['healthy'] })]), /\*\*Found after\*\*: healthy \(/);
    assert.match(changeRecord(lines.slice(0, 2)), /\*\*Found after\*\*: nothing was changed/);
  });

  it('tells a whole run: found before and after, every step, what people said, and no secret', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    const text = changeRecord(bench.journal);
    assert.match(text, /\*\*Found before\*\*: stale-scm-password/);
    assert.match(text, /\*\*Found after\*\*: healthy/);
    for (const step of ['set-service-password', 'start-service', 'verify']) assert.match(section(text, 'Steps'), new RegExp(`\\| ${step} \\|.*\\| done \\|`));
    assert.match(section(text, 'What people said'), /password-change-kind \| change \|/);
    assert.match(section(text, 'Evidence'), /set-service-password \| StartName \| CONTOSO/);
    assert.doesNotMatch(text, /Passw0rd/);
  });
});
