import { join } from 'node:path';
import { EventStore } from '../../src/events/event-store.ts';
import { readEvents } from '../../src/events/reading/read-events.ts';
import { scenario, SimulatedServer } from '../lab/support/simulated-server.ts';
import { WinRmClient } from '../lab/support/winrm-client.ts';
import { TestListener } from '../lab/support/test-listener.ts';
import type { Figure } from './figure.ts';
import { Peer, type RowsTaken } from './peers/peer.ts';
import { ByteTap } from './tap.ts';

const rowCount = 100_000;
/** What pywinrm's users write for the same facts: a line an event. */
const lines = `Get-WinEvent -LogName System, Application -MaxEvents ${rowCount} -ErrorAction SilentlyContinue | ForEach-Object { "$($_.RecordId)\`t$($_.TimeCreated.ToUniversalTime().ToString('o'))\`t$($_.Id)\`t$($_.Level)\`t$($_.ProviderName)\`t$($_.Message -replace '\\s+', ' ')" }`;

/** From the connection to 100,000 events in the store, over NTLM on HTTP: this product's reader, and pywinrm fetching id, time, level, provider and message. */
export async function run(): Promise<Figure[]> {
  const begun = performance.now();
  await using many = await SimulatedServer.create({ ...await scenario('healthy'), events: [{ generate: { count: 1_000_000, seed: 3 } }] });
  const started = performance.now() - begun;
  await using listener = await TestListener.start([{ name: 'many', powershell: many.powershell }]);
  await using tap = await ByteTap.start(listener.server('many').httpPort);
  const client = await WinRmClient.create(listener);
  try {
    const ours = await measure(client, tap);
    const before = tap.bytes;
    await using pywinrm = new Peer('/usr/bin/python3', [join(process.cwd(), 'test', 'bench', 'peers', 'pywinrm_bench.py')], {
      user: 'CONTOSO\\labadmin', password: listener.passwords.labadmin, url: `http://localhost:${tap.port}/wsman`, transport: 'ntlm', options: { message_encryption: 'always' }, rounds: 1, rowRounds: 1, script: '\'hi\'', rows: lines,
    }, { OPENSSL_CONF: join(process.cwd(), 'test', 'lab', 'support', 'judges', 'legacy-openssl.cnf') });
    await pywinrm.part();
    await pywinrm.part();
    await pywinrm.part();
    const theirs = await pywinrm.part<RowsTaken>();
    const figure = (name: string, value: number, peer: number, unit: string): Figure => ({ name: `100,000 events from the log: ${name}`, value, unit, beside: `pywinrm ${peer.toFixed(1)} ${unit}`, ratio: value / peer });
    return [
      figure('connect to the last row', ours.milliseconds, theirs.milliseconds, 'ms'), figure('processor time of the client', ours.cpu, theirs.cpu, 'ms'), figure('bytes on the wire', ours.bytes / 1e6, (tap.bytes - before) / 1e6, 'MB'),
      { name: '100,000 events from the log: the first rows', value: ours.first, unit: 'ms' }, { name: 'start of a server with 1,000,000 events', value: started, unit: 'ms' },
    ];
  } finally {
    await client.dispose();
  }
}

async function measure(client: WinRmClient, tap: ByteTap): Promise<{ milliseconds: number; cpu: number; bytes: number; first: number }> {
  const [begun, used, bytes] = [performance.now(), process.cpuUsage(), tap.bytes];
  await using connection = await client.connect({ scheme: 'http', auth: 'ntlm', port: tap.port });
  const session = await connection.openSession();
  const store = new EventStore();
  let first = Number.NaN;
  for await (const reading of readEvents(session, [{ log: 'System', limit: rowCount / 2 }, { log: 'Application', limit: rowCount / 2 }])) {
    if (reading.kind !== 'batch') continue;
    if (store.size === 0) first = performance.now() - begun;
    store.append('many', reading.batch);
  }
  if (store.size !== rowCount) throw new Error(`${store.size} of ${rowCount} events came`);
  const { user, system } = process.cpuUsage(used);
  return { milliseconds: performance.now() - begun, cpu: (user + system) / 1000, bytes: tap.bytes - bytes, first };
}
