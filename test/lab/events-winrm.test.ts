// The event reader over WinRM, of a Windows that writes Japanese: larger fragments, message encryption, and another script than Latin on the way.
import assert from 'node:assert/strict';
import type { EventRow } from '../../src/events/event-batch.ts';
import { rowsOf } from '../../src/cli/event-lines.ts';
import type { LogEnd } from '../../src/events/reading/log-reading.ts';
import type { LogSelection } from '../../src/events/reading/log-selection.ts';
import { readEvents } from '../../src/events/reading/read-events.ts';
import { tailEvents } from '../../src/events/reading/tail-events.ts';
import type { PowerShellSession } from '../../src/session.ts';
import { scenario, SimulatedServer } from './support/simulated-server.ts';
import { TestListener } from './support/test-listener.ts';
import { output, WinRmClient } from './support/winrm-client.ts';

describe('reading the event logs of a Japanese server over WinRM', function () {
  this.timeout(300_000);
  const generated = 4000;
  let server: SimulatedServer;
  let listener: TestListener;
  let client: WinRmClient;
  let session: PowerShellSession;

  before(async () => {
    const base = await scenario('key-lost-japanese');
    base['events'] = [...(base['events'] as { generate?: object }[]).filter((event) => event.generate === undefined), { generate: { count: generated, seed: 5 } }];
    server = await SimulatedServer.create(base);
    listener = await TestListener.start([{ name: 'japanese', powershell: server.powershell }]);
    client = await WinRmClient.create(listener);
    session = await (await client.connect()).openSession();
  });
  after(async () => {
    await client.dispose();
    await listener[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function read(logs: readonly LogSelection[]): Promise<{ rows: EventRow[]; ends: LogEnd[] }> {
    const rows: EventRow[] = [];
    const ends: LogEnd[] = [];
    for await (const reading of readEvents(session, logs)) {
      if (reading.kind === 'batch') rows.push(...rowsOf('japanese', reading.batch));
      else if (reading.kind === 'end') ends.push(reading.end);
    }
    return { rows, ends };
  }

  it('gives every event once, newest first, in the server\'s own language', async () => {
    assert.equal(session.peer.transport, 'WinRM over HTTP');
    const { rows, ends } = await read([{ log: 'System' }, { log: 'Application' }]);
    assert.deepEqual(ends.map(({ log, outcome }) => `${log} ${outcome}`), ['System read', 'Application read']);
    assert.ok(rows.length > generated * 0.8, String(rows.length));
    for (const log of ['System', 'Application']) {
      const ids = rows.filter((row) => row.log === log).map(({ recordId }) => recordId);
      assert.deepEqual(ids, Array.from(ids, (_, i) => (ids[0] ?? 0) - i), log);
    }
    const states = rows.filter(({ id, provider }) => id === 7036 && provider === 'Service Control Manager');
    assert.ok(states.length > 2, String(states.length));
    for (const { message } of states) assert.match(message ?? '', /サービスは .+ 状態に移行しました。/);
    // What Windows cannot make a sentence of keeps its values.
    const ended = rows.find(({ id, provider }) => id === 7024 && provider === 'Service Control Manager');
    assert.equal(ended?.data[1], '%%-2145185792');
    // Nothing of a text is lost or turned into question marks on the way.
    for (const { message } of rows) assert.doesNotMatch(message ?? '', /\ufffd|\?\?\?/);
  });

  it('filters on the server by ids, whatever the language', async () => {
    const { rows } = await read([{ log: 'System', any: [{ providers: ['Service Control Manager'], ids: [7024] }] }, { log: 'Application', any: [{ providers: ['ADSync'], ids: [6203, 6208] }] }]);
    assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set([7024, 6203, 6208]));
  });

  it('stops on the server when nobody takes more, and the session goes on', async () => {
    for await (const reading of readEvents(session, [{ log: 'Application' }])) if (reading.kind === 'batch') break;
    assert.deepEqual(await output(session, '6 * 7'), [42]);
  });

  it('follows what is written, with its characters', async () => {
    const controller = new AbortController();
    const written: (readonly string[])[] = [];
    let looks = 0;
    const delay = async (): Promise<void> => {
      if (looks++ === 0) await server.run('Write-EventLog -LogName Application -Source ADSync -EventId 6201 -Message "鍵セット 𠮷野家 ｶﾅ"');
      else controller.abort(new Error('enough'));
    };
    await assert.rejects(async () => {
      for await (const news of tailEvents(session, [{ log: 'Application' }], { signal: controller.signal, delay, points: new Map() })) if (news.kind === 'batch') written.push(...news.batch.data);
    }, /enough/);
    assert.deepEqual(written, [['鍵セット 𠮷野家 ｶﾅ']]);
  });
});
