import { join } from 'node:path';
import type { PowerShellSession } from '../../src/session.ts';
import { WinRmClient, type Wanted } from '../lab/support/winrm-client.ts';
import { TestListener } from '../lab/support/test-listener.ts';
import type { Figure } from './figure.ts';
import { median } from './figure.ts';
import { Peer, type RowsTaken } from './peers/peer.ts';
import { ByteTap } from './tap.ts';

const rounds = 7;
/** A single one would measure how warm each client's machinery is. */
const rowRounds = 3;
const rowCount = 100_000;
const script = '\'hi\'';
const message = 'The management agent completed run profile Delta Import with a delta of $k objects and 0 errors.';
const time = '2026-11-23T05:00:00.0000000Z';

/** The same facts twice: in columns of 500 rows as this product's scripts send them, and as lines of text. */
const columns = `for ($b = 0; $b -lt ${rowCount / 500}; $b++) { $r = ($b * 500)..($b * 500 + 499); [pscustomobject]@{ log = 'Application'; recordId = [long[]]$r; time = @(foreach ($k in $r) { '${time}' }); id = @(foreach ($k in $r) { 6000 + $k % 900 }); level = @(foreach ($k in $r) { 4 }); provider = @(foreach ($k in $r) { 'ADSync' }); message = @(foreach ($k in $r) { "${message}" }) } }`;
const lines = `for ($k = 0; $k -lt ${rowCount}; $k++) { "Application\`t$k\`t${time}\`t$(6000 + $k % 900)\`t4\`tADSync\`t${message}" }`;

interface Measured {
  readonly cold: number;
  readonly coldRequests: number;
  readonly warm: number;
  readonly warmRequests: number;
  readonly taken: RowsTaken;
  readonly bytes: number;
}

/** Ours and pywinrm with NTLM over HTTP, ours and Go's masterzen/winrm with Basic over HTTPS, against one listener and the real engine. */
export async function run(): Promise<Figure[]> {
  await using listener = await TestListener.start([{ name: 'bench' }]);
  const server = listener.server('bench');
  await using http = await ByteTap.start(server.httpPort);
  await using https = await ByteTap.start(server.httpsPort);
  const account = { user: 'CONTOSO\\labadmin', password: listener.passwords.labadmin };
  const judges = join(process.cwd(), 'test', 'lab', 'support', 'judges');
  await using pywinrm = new Peer('/usr/bin/python3', [join(process.cwd(), 'test', 'bench', 'peers', 'pywinrm_bench.py')], {
    ...account, url: `http://localhost:${http.port}/wsman`, transport: 'ntlm', options: { message_encryption: 'always' }, rounds, rowRounds, script, rows: lines,
  }, { OPENSSL_CONF: join(judges, 'legacy-openssl.cnf') });
  await using go = new Peer(join(process.cwd(), '.cache', 'judges', 'go-bench'), [], { ...account, host: 'localhost', port: https.port, ca: server.caFile, rounds, rowRounds, script, rows: lines });
  const client = await WinRmClient.create(listener);
  try {
    const own = await rate(client);
    return [
      ...compare('NTLM over HTTP', 'pywinrm', await measureOurs(client, listener, { scheme: 'http', auth: 'ntlm', port: http.port }, http), await measurePeer(pywinrm, listener, http), own),
      ...compare('Basic over HTTPS', 'Go winrm', await measureOurs(client, listener, { scheme: 'https', auth: 'basic', host: 'localhost', port: https.port }, https), await measurePeer(go, listener, https), own),
    ];
  } finally {
    await client.dispose();
  }
}

async function measureOurs(client: WinRmClient, listener: TestListener, wanted: Wanted, tap: ByteTap): Promise<Measured> {
  const oneLiner = async (session: PowerShellSession): Promise<void> => {
    let values = 0;
    for await (const record of session.invoke(script)) if (record.stream === 'output') values++;
    if (values !== 1) throw new Error(`${values} values came`);
  };
  const cold = await counted(listener, async () => {
    const connection = await client.connect(wanted);
    await oneLiner(await connection.openSession());
    await connection[Symbol.asyncDispose]();
  });
  const connection = await client.connect(wanted);
  const session = await connection.openSession();
  await oneLiner(session);
  const warm = await counted(listener, () => oneLiner(session));
  const before = tap.bytes;
  const takes: RowsTaken[] = [];
  for (let i = 0; i < rowRounds; i++) {
    const start = performance.now();
    const used = process.cpuUsage();
    let rows = 0;
    for await (const record of session.invoke(columns)) {
      const { value } = record;
      if (record.stream === 'output' && typeof value === 'object' && value !== null && 'properties' in value) rows += (value.properties['recordId'] as readonly unknown[]).length;
    }
    const { user, system } = process.cpuUsage(used);
    takes.push({ milliseconds: performance.now() - start, cpu: (user + system) / 1000, rows });
  }
  const bytes = (tap.bytes - before) / rowRounds;
  await connection[Symbol.asyncDispose]();
  const taken = typical(takes);
  return { cold: cold.each, coldRequests: cold.requests, warm: warm.each, warmRequests: warm.requests, taken, bytes };
}

async function measurePeer(peer: Peer, listener: TestListener, tap: ByteTap): Promise<Measured> {
  const part = async (): Promise<{ each: number; requests: number }> => {
    const before = await listener.requests();
    const times = await peer.part<number[]>();
    return { each: median(times), requests: (await listener.requests() - before) / times.length };
  };
  const cold = await part();
  // Its shell is opened between the two.
  await peer.part<'ready'>();
  const warm = await part();
  const before = tap.bytes;
  const takes: RowsTaken[] = [];
  for (let i = 0; i < rowRounds; i++) takes.push(await peer.part<RowsTaken>());
  const taken = typical(takes);
  return { cold: cold.each, coldRequests: cold.requests, warm: warm.each, warmRequests: warm.requests, taken, bytes: (tap.bytes - before) / rowRounds };
}

/** The medians of several rounds; what is missing from one is not made up for by another. */
function typical(takes: readonly RowsTaken[]): RowsTaken {
  return { milliseconds: median(takes.map((taken) => taken.milliseconds)), cpu: median(takes.map((taken) => taken.cpu)), rows: Math.min(...takes.map((taken) => taken.rows)) };
}

async function counted(listener: TestListener, action: () => Promise<void>): Promise<{ each: number; requests: number }> {
  const before = await listener.requests();
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await action();
    times.push(performance.now() - start);
  }
  return { each: median(times), requests: (await listener.requests() - before) / rounds };
}

/** Rows a second that the engine itself makes of the script for columns, nothing of them sent. */
async function rate(client: WinRmClient): Promise<number> {
  const session = await (await client.connect()).openSession();
  const pipeline = session.invoke(`$w = [Diagnostics.Stopwatch]::StartNew(); $null = & { ${columns} }; $w.Elapsed.TotalSeconds`);
  let seconds = Number.NaN;
  for await (const record of pipeline) if (record.stream === 'output') seconds = Number(record.value);
  return rowCount / seconds;
}

function compare(way: string, name: string, ours: Measured, theirs: Measured, own: number): Figure[] {
  const beside = (value: number, unit: string): string => `${name} ${value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1)} ${unit}`;
  const figure = (what: string, value: number, peer: number, unit: string): Figure => ({ name: `${way}: ${what}`, value, unit, beside: beside(peer, unit), ratio: value / peer });
  for (const { taken } of [ours, theirs]) if (taken.rows !== rowCount) throw new Error(`${taken.rows} of ${rowCount} rows came over ${way}`);
  const speed = (taken: RowsTaken): number => taken.rows / taken.milliseconds * 1000;
  return [
    figure('connect, one line, close', ours.cold, theirs.cold, 'ms'),
    figure('its requests', ours.coldRequests, theirs.coldRequests, ''),
    figure('warm one-liner', ours.warm, theirs.warm, 'ms'),
    figure('its requests', ours.warmRequests, theirs.warmRequests, ''),
    figure(`${rowCount.toLocaleString('en-US')} event rows, processor time`, ours.taken.cpu, theirs.taken.cpu, 'ms'),
    figure('their bytes on the wire', ours.bytes / 1e6, theirs.bytes / 1e6, 'MB'),
    { ...figure('their rate', speed(ours.taken), speed(theirs.taken), 'rows/s'), beside: `${beside(speed(theirs.taken), 'rows/s')}, the engine alone ${Math.round(own).toLocaleString('en-US')} rows/s` },
  ];
}
