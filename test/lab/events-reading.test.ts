import assert from 'node:assert/strict';
import type { EventRow } from '../../src/events/event-batch.ts';
import { rowsOf } from '../../src/cli/event-lines.ts';
import type { LogEnd } from '../../src/events/reading/log-reading.ts';
import { listLogs } from '../../src/events/reading/list-logs.ts';
import type { LogSelection } from '../../src/events/reading/log-selection.ts';
import { readEventXml } from '../../src/events/reading/read-event-xml.ts';
import { readTraceLogs } from '../../src/events/reading/read-trace-logs.ts';
import { readEvents } from '../../src/events/reading/read-events.ts';
import { tailEvents } from '../../src/events/reading/tail-events.ts';
import { startProcess } from '../../src/remote/local/process.ts';
import { openOverChannel } from '../../src/remote/outofproc/open.ts';
import type { PowerShellSession } from '../../src/session.ts';
import { scenario, SimulatedServer } from './support/simulated-server.ts';

const hostile = '\ud800 \u0007 \u202eabc\u202c שלום | 100% <b>&amp;</b> 終';
/** As JSON can hold it. */
const inScenario = hostile.replace('\ud800', '{u+D800}');
const dataProtection = 'Microsoft-Windows-Crypto-DPAPI/Operational';

describe('reading the event logs of a simulated server', function () {
  this.timeout(300_000);
  let server: SimulatedServer;
  let session: PowerShellSession;

  before(async () => {
    const base = await scenario('key-lost-german');
    base['commands'] = { variants: ['filteredToken'] };
    base['events'] = [...(base['events'] as object[]), { generate: { count: 3000, seed: 9 } },
      { ago: '50s', log: dataProtection, provider: 'Microsoft-Windows-Crypto-DPAPI', id: 8198, level: 2, message: inScenario, data: [inScenario, '', 'a\u001fb'] },
      { ago: '45s', log: dataProtection, provider: 'Microsoft-Windows-Crypto-DPAPI', id: 8199, level: 4, message: 'x'.repeat(65_536) },
      { ago: '40s', log: dataProtection, provider: 'Gone', id: 1, level: 3, data: ['kept'], format: 'missing' }, { ago: '30s', log: dataProtection, provider: 'Gone', id: 2, level: 4, data: ['kept too'], format: 'throws' }];
    server = await SimulatedServer.create(base);
    const channel = startProcess({ file: server.powershell, args: ['-NoLogo', '-NoProfile', '-s'] });
    session = await openOverChannel(channel, { server: 'practice', transport: 'local process', encryption: undefined });
  });
  after(async () => {
    await session[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function read(logs: readonly LogSelection[]): Promise<{ rows: EventRow[]; ends: LogEnd[] }> {
    const rows: EventRow[] = [];
    const ends: LogEnd[] = [];
    for await (const reading of readEvents(session, logs)) {
      if (reading.kind === 'batch') rows.push(...rowsOf('practice', reading.batch));
      else if (reading.kind === 'end') ends.push(reading.end);
    }
    return { rows, ends };
  }

  it('gives the ends of Connect\'s newest trace logs, in pieces', async () => {
    const files = new Map<string, string>();
    let pieces = 0;
    for await (const { name, text, problem } of readTraceLogs(session, { files: 2, lines: 500, characters: 1_000_000 })) {
      assert.equal(problem, '');
      pieces++;
      files.set(name, (files.get(name) ?? '') + text);
    }
    const names = [...files.keys()];
    assert.equal(names.length, 2);
    assert.deepEqual(names, [...names].sort().reverse());
    assert.ok(pieces > 2, `${pieces}`);
    for (const [name, text] of files) {
      const lines = text.trimEnd().split('\n');
      assert.equal(lines.length, 500);
      assert.ok(lines.at(-1)?.endsWith(name), lines.at(-1));
    }
    const whole: string[] = [];
    for await (const { text } of readTraceLogs(session, { files: 1, lines: 10_000, characters: 1_000_000 })) whole.push(text);
    assert.match(whole.join(''), /Password=Trace-3-Secret/);
  });

  it('gives every event once, newest first, whatever its page, and what Windows says of each log', async () => {
    const { rows, ends } = await read([{ log: 'System' }, { log: 'Security' }, { log: 'Nope' }, { log: 'Application' }]);
    assert.deepEqual(ends.map(({ log, outcome }) => `${log} ${outcome}`).sort(), ['Application read', 'Nope missing', 'Security denied', 'System read']);
    for (const log of ['System', 'Application']) {
      const ids = rows.filter((row) => row.log === log).map(({ recordId }) => recordId);
      assert.ok(ids.length > 500, `${log}: ${ids.length}`);
      assert.deepEqual(ids, Array.from(ids, (_, i) => (ids[0] ?? 0) - i), log);
      assert.equal(ids.at(-1), 1001);
    }
    const codes = rows.find(({ id }) => id === 7024);
    assert.equal(codes?.message, undefined);
    assert.deepEqual(codes?.data.slice(1), ['%%-2145185792', '41004400530079006E0063000000']);
    assert.ok(rows.some(({ message }) => message?.startsWith('Dienst ')));
  });

  it('filters on the server by id, level, provider and time, and pages by record id', async () => {
    const all = (await read([{ log: 'System' }])).rows;
    const before = all[20]?.recordId ?? 0;
    const { rows } = await read([{ log: 'System', any: [{ providers: ['Service Control Manager'], ids: [7024, 7036] }, { levels: [2], time: { from: all[400]?.time } }], before, limit: 100 }]);
    const wanted = all.filter((row) => row.recordId < before && ((row.provider === 'Service Control Manager' && [7024, 7036].includes(row.id)) || (row.level === 2 && row.time >= (all[400]?.time ?? 0))));
    assert.deepEqual(rows.map(({ recordId }) => recordId), wanted.slice(0, 100).map(({ recordId }) => recordId));
  });

  it('keeps hostile texts, values of events that cannot be formatted, and the raw XML', async () => {
    const { rows, ends } = await read([{ log: dataProtection }]);
    assert.deepEqual(rows.map(({ message, data }) => [message?.slice(0, 80), data]), [[undefined, ['kept too']], [undefined, ['kept']], ['x'.repeat(80), []], [hostile, [hostile, '', 'a\u001fb']]]);
    assert.equal(rows[2]?.message?.length, 65_536);
    assert.equal(ends[0]?.unformatted, 1);
    assert.match(await readEventXml(session, dataProtection, rows[0]?.recordId ?? 0) ?? '', /<EventID Qualifiers='0'>2<\/EventID>.*kept too/);
    assert.equal(await readEventXml(session, dataProtection, 99_999), undefined);
  });

  it('lists the logs, and stops on the server when nobody takes more', async () => {
    const logs = await listLogs(session);
    assert.ok(logs.some(({ log, newest }) => log === dataProtection && newest === 1004), JSON.stringify(logs));
    assert.ok(!logs.some(({ log }) => log === 'Security'));
    for await (const reading of readEvents(session, [{ log: 'System' }])) if (reading.kind === 'batch') break;
    assert.ok((await read([{ log: dataProtection, limit: 1 }])).rows.length === 1);
  });

  it('follows a log over events that are written and a log that is emptied', async () => {
    const controller = new AbortController();
    const told: unknown[] = [];
    const written = ['one', 'two'];
    const delay = async (): Promise<void> => {
      const next = written.shift();
      if (next === undefined) controller.abort(new Error('enough'));
      else if (next === 'one') await server.run("Write-EventLog -LogName Application -Source ADSync -EventId 2001 -Message 'one'");
      else {
        assert.equal((await server.person('clear-log', ['-Log', 'Application'])).code, 0);
        await server.run("Write-EventLog -LogName Application -Source ADSync -EventId 2001 -Message 'two'");
      }
    };
    await assert.rejects(async () => {
      for await (const news of tailEvents(session, [{ log: 'Application' }], { signal: controller.signal, delay, points: new Map() })) told.push(news.kind === 'batch' ? [news.batch.recordId.length, news.batch.data.at(-1)] : news.kind);
    }, /enough/);
    assert.deepEqual(told, [[1, ['one']], 'cleared', [1, ['two']]]);
  });
});
