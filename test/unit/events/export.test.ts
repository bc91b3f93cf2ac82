import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventRow } from '../../../src/events/event-batch.ts';
import { EventStore } from '../../../src/events/event-store.ts';
import { copyAsJson, copyAsText, copyAsXml } from '../../../src/events/export/copy.ts';
import { csvCell, exportCsv } from '../../../src/events/export/csv.ts';
import { importJsonl, longestLine, type Imported } from '../../../src/events/export/import-jsonl.ts';
import { instantToText, textToInstant } from '../../../src/events/export/instant.ts';
import { exportJsonl, jsonlLine } from '../../../src/events/export/jsonl.ts';
import { powershellLiteral, powershellQuery } from '../../../src/events/export/powershell.ts';
import { cases, fuzzing } from '../../cases.ts';
import { anyEvent, anyText, batchOf, nastyTexts } from './samples.ts';

const ports = { now: () => 0, pause: () => Promise.resolve() };
const event = (row: Partial<EventRow>): EventRow => ({ server: 'S1', log: 'System', recordId: 1, time: 1_700_000_000_000.5, id: 1, level: 4, provider: 'x', message: undefined, data: [], ...row });

async function gather<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

const problems = (imported: readonly Imported[]): object[] => imported.flatMap((one) => (one.kind === 'problem' ? [one.problem] : []));

/** A reader of RFC 4180 that knows nothing of the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '') break;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

describe('an export of events', () => {
  it('as JSON Lines comes back as it was, through UTF-8 and in any pieces', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyEvent, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), async (events, piece) => {
      const rows = events.map((row) => ({ ...row, time: Math.round(row.time * 8) / 8 }));
      const store = new EventStore();
      for (const row of rows) store.append(row.server, batchOf([row]));
      const indexes = Uint32Array.from({ length: store.size }, (_, at) => at);
      const text = new TextDecoder().decode(new TextEncoder().encode((await gather(exportJsonl(store, indexes, ports))).join('')));
      const imported = await gather(importJsonl(text.match(new RegExp(`[^]{1,${piece}}`, 'g')) ?? []));
      assert.deepEqual(problems(imported), []);
      const again = new EventStore();
      for (const one of imported) if (one.kind === 'batch') again.append(one.server, one.batch);
      assert.deepEqual(Array.from(indexes, (row) => again.row(row)), Array.from(indexes, (row) => store.row(row)));
      assert.equal(again.size, store.size);
    }), cases(60));
  }).timeout(fuzzing ? 0 : 60_000);

  it('has the fields that others read', () => {
    assert.equal(jsonlLine(event({ message: 'a\ud800', data: ['1'] })), '{"v":1,"server":"S1","log":"System","recordId":1,"time":"2023-11-14T22:13:20.0005000Z","id":1,"level":4,"provider":"x","message":"a\\ud800","data":["1"]}');
    assert.equal((JSON.parse(jsonlLine(event({}))) as { message: unknown }).message, null);
  });

  it('is read back with each bad line named, and whatever is good kept', async () => {
    const good = jsonlLine(event({ recordId: 9 }));
    const change = (key: string, value: unknown): string => JSON.stringify({ ...JSON.parse(good) as object, [key]: value });
    const text = ['\ufeff' + good, '', '{', '[]', change('v', 2), change('recordId', -1), change('time', '2026-02-30T00:00:00Z'), change('id', 65_536), change('level', '4'), change('message', 5), change('data', [1]), change('server', ''),
      change('provider', 'x'.repeat(513)), 'x'.repeat(longestLine + 1), `${change('recordId', 10)}\r`, change('later', true)].join('\n');
    const imported = await gather(importJsonl([text]));
    assert.deepEqual(problems(imported), [
      { line: 3, code: 'not-json', key: '' }, { line: 4, code: 'not-an-object', key: '' }, { line: 5, code: 'other-version', key: 'v' }, { line: 6, code: 'wrong-value', key: 'recordId' }, { line: 7, code: 'wrong-value', key: 'time' },
      { line: 8, code: 'wrong-value', key: 'id' }, { line: 9, code: 'wrong-value', key: 'level' }, { line: 10, code: 'wrong-value', key: 'message' }, { line: 11, code: 'wrong-value', key: 'data' }, { line: 12, code: 'wrong-value', key: 'server' },
      { line: 13, code: 'wrong-value', key: 'provider' }, { line: 14, code: 'too-long', key: '' },
    ]);
    assert.deepEqual(imported.flatMap((one) => (one.kind === 'batch' ? one.batch.recordId : [])), [9, 10, 9]);
  });

  it('as CSV is read by another reader, and no cell begins a formula', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 8 }), async (texts) => {
      const store = new EventStore();
      store.append('=S', batchOf(texts.map(([message, value], at) => event({ recordId: at, message, data: [value] }))));
      const csv = (await gather(exportCsv(store, Uint32Array.from(texts.keys()), { byteOrderMark: true }, ports))).join('');
      assert.equal(csv.charCodeAt(0), 0xfeff);
      const [head, ...rows] = readCsv(csv.substring(1));
      assert.deepEqual(head, ['server', 'log', 'recordId', 'time', 'id', 'level', 'provider', 'message', 'data']);
      assert.equal(rows.length, texts.length);
      for (const [at, row] of rows.entries()) {
        assert.equal(row.length, 9);
        for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@\t\r\n]/);
        assert.equal(row[0], '\'=S');
        const message = texts[at]?.[0] ?? '';
        assert.equal(row[7], /^[=+\-@\t\r\n]/.test(message) ? `'${message}` : message);
      }
    }), cases(80));
  }).timeout(fuzzing ? 0 : 60_000);

  it('makes a formula harmless wherever a spreadsheet could see one', () => {
    assert.equal(csvCell('=cmd|\'/c calc\'!A1'), '"\'=cmd|\'/c calc\'!A1"');
    assert.equal(csvCell('a;=1+1'), '"a;=1+1"');
    assert.equal(csvCell('＝1'), '"\'＝1"');
    assert.equal(csvCell(5), '5');
  });

  it('goes out in pieces, tells how far it is, and stops when it is aborted', async () => {
    const store = new EventStore();
    store.append('S1', batchOf(Array.from({ length: 3000 }, (_, recordId) => event({ recordId, message: `${recordId}`.repeat(30) }))));
    const rows = Uint32Array.from({ length: 3000 }, (_, at) => at);
    const told: number[] = [];
    const chunks = await gather(exportJsonl(store, rows, { ...ports, progress: (done) => told.push(done) }));
    assert.ok(chunks.length > 3 && chunks.every((chunk) => chunk.length < 70_000));
    assert.equal(told.at(-1), 3000);
    const abort = new AbortController();
    await assert.rejects(gather(exportJsonl(store, rows, { ...ports, progress: () => { abort.abort(new Error('enough')); } }, abort.signal)), /enough/);
  });

  it('keeps Windows\' steps of 100 ns', () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2035, 0) }), fc.integer({ min: 0, max: 9999 }), (whole, steps) => {
      const text = `${new Date(whole).toISOString().slice(0, -1)}${steps.toString().padStart(4, '0')}Z`;
      const read = textToInstant(text);
      assert.ok(read !== undefined);
      assert.equal(textToInstant(instantToText(read)), read);
    }), cases(300));
    assert.equal(textToInstant('2026-01-01T00:00:00'), undefined);
    assert.equal(textToInstant('yesterday'), undefined);
    assert.throws(() => instantToText(1e15), RangeError);
  });
});

describe('a filter as a PowerShell command', () => {
  it('lets the server select all that it can, and says the rest behind it', () => {
    const command = powershellQuery({
      terms: [{ field: 'level', values: [2, 3], exclude: false }, { field: 'id', values: [904], exclude: true }, { field: 'log', values: ['System'], exclude: true }, { field: 'provider', values: ['a"\'b'], exclude: false }],
      time: { from: 0.5 }, text: { text: 'it\'s', regex: false, caseSensitive: false }, only: [{ server: 'S1', log: 'Application', recordId: 7 }],
    }, ['System', 'Application']);
    assert.equal(command, [
      '[xml]$query = @\'', '<QueryList>', '  <Query Id="0">', '    <Select Path="Application">*[System[(Level=2 or Level=3) and TimeCreated[@SystemTime &gt;= &apos;1970-01-01T00:00:00.000Z&apos;]]]</Select>',
      '    <Suppress Path="Application">*[System[EventID=904]]</Suppress>', '  </Query>', '</QueryList>', '\'@', 'Get-WinEvent -FilterXml $query |',
      '  Where-Object { (@(\'a"\'\'b\') -ccontains $_.ProviderName) -and', '    $_.TimeCreated.ToUniversalTime().Ticks -ge 621355968000005000 -and', '    (($_.RecordId -eq 7 -and $_.LogName -eq \'Application\')) -and',
      '    (@($_.Message; $_.ProviderName; "$($_.Id)"; $_.Properties | ForEach-Object { "$($_.Value)" }) | Where-Object { [regex]::IsMatch("$_", [regex]::Escape(\'it\'\'s\'), [Text.RegularExpressions.RegexOptions]\'IgnoreCase, CultureInvariant\') }) }', '',
    ].join('\n'));
  });

  it('says so where nothing can meet the filter', () => {
    for (const terms of [[{ field: 'id', values: [], exclude: false }], [{ field: 'level', values: [1], exclude: false }, { field: 'level', values: [2], exclude: false }], [{ field: 'log', values: ['other'], exclude: false }]] as const) {
      assert.equal(powershellQuery({ terms }, ['System']), '# No event meets this filter.\n');
    }
  });

  it('cannot be broken out of by a text', () => {
    assert.equal(powershellLiteral('a\'; Remove-Item \u2019x'), '\'a\'\'; Remove-Item \u2019\u2019x\'');
    assert.equal(powershellLiteral('a\n'), '(-join [char[]](97, 10))');
    for (const text of nastyTexts) {
      const command = powershellQuery({ terms: [{ field: 'provider', values: [text], exclude: false }], text: { text, regex: false, caseSensitive: true } }, ['System']);
      // A here-string ends with a line that begins with '@; only ours may.
      assert.equal(command.split('\n').filter((line) => line.startsWith('\'@')).length, 1, JSON.stringify(text));
    }
  });
});

describe('copied events', () => {
  const row = event({ message: 'a\r\nb\u001b[31m', level: 2, data: ['x'] });
  it('are text without control characters, JSON, or the server\'s XML', () => {
    assert.equal(copyAsText([row]), 'Server:   S1\nLog:      System\nSource:   x\nDate:     2023-11-14T22:13:20.0005000Z\nEvent ID: 1\nLevel:    Error\nRecord:   1\n\na\nb\ufffd[31m\n');
    assert.match(copyAsText([{ ...row, message: undefined }]), /Value 1: {2}x\n/);
    assert.deepEqual((JSON.parse(copyAsJson([row, row])) as { message: string }[]).map((one) => one.message), [row.message, row.message]);
    assert.equal(copyAsXml(['<Event/>']), '<Event/>\n');
    assert.equal(copyAsXml(['<Event/>', '<Event/>']), '<Events>\n<Event/>\n<Event/>\n</Events>\n');
  });
});
