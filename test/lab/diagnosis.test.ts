import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labLayout } from '../../lab/layout.ts';
import { enterConnectorPassword } from '../../lab/person-action.ts';
import { startPracticeServers, type PracticeServers } from '../../lab/practice-servers.ts';
import type { SimulatedServer } from '../../lab/server.ts';
import { pendingConnectors } from '../../src/connect/connector-secrets.ts';
import { diagnose } from '../../src/connect/diagnosis.ts';
import type { Fact } from '../../src/connect/fact.ts';
import type { Snapshot } from '../../src/connect/snapshot.ts';
import { takeSnapshot } from '../../src/connect/take-snapshot.ts';
import { startProcess } from '../../src/remote/local/process.ts';
import { openOverChannel } from '../../src/remote/outofproc/open.ts';
import type { PowerShellSession } from '../../src/session.ts';

const lab = labLayout(process.cwd());

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Scenario = Record<string, Json> & { events: Json[]; account: Record<string, Json>; expect: { before: string[] } };

const scenario = (name: string): Scenario => JSON.parse(readFileSync(join(lab.scenarios, `${name}.json`), 'utf8')) as Scenario;
const expectation = (before: string[]): { expect: { before: string[] } } => ({ expect: { before } });

const keyLost = scenario('key-lost-current');
const healthy = scenario('healthy');
const forged: Json[] = [{ ago: '1m', provider: 'ADSync', id: 6208 }, { ago: '1m', provider: 'ADSync', id: 6028 }, { ago: '1m', provider: 'MIISKMU', id: 1 }];

/** The scenarios that come with the lab, and neighbours of theirs that differ in one thing. */
const variants: Readonly<Record<string, Scenario>> = {
  'healthy': healthy,
  'stale-scm-password': scenario('stale-scm-password'),
  'key-lost-1.1.443': scenario('key-lost-1.1.443'),
  'key-lost-current': keyLost,
  'forged-events': { ...healthy, events: [...healthy.events, ...forged], ...expectation(['healthy']) },
  'no-domain-controller': { ...keyLost, dc: { reachable: false }, ...expectation(['key-unreadable-no-dc']) },
  'nothing-proves-the-account': { ...keyLost, account: { ...keyLost.account, proof: 'none' }, ...expectation(['cannot-tell']) },
  'german': { ...keyLost, locale: 'de-DE', ...expectation(['key-lost']) },
  'japanese': { ...scenario('stale-scm-password'), locale: 'ja-JP', ...expectation(['stale-scm-password']) },
  'recreated-at-the-last-start': { ...keyLost, events: [...keyLost.events, { ago: '90m', provider: 'ADSync', id: 6227 }], ...expectation(['key-recreated']) },
  'abandoned-by-somebody': { ...keyLost, events: [...keyLost.events, { ago: '30m', provider: 'MIISKMU', id: 1 }], ...expectation(['cannot-tell']) },
};

async function withSession<T>(server: SimulatedServer, work: (session: PowerShellSession) => Promise<T>): Promise<T> {
  const channel = startProcess({ file: server.powershell, args: ['-NoLogo', '-NoProfile', '-s'] });
  await using session = await openOverChannel(channel, { server: server.name, transport: 'local process', encryption: undefined });
  return await work(session);
}

async function run(server: SimulatedServer, script: string): Promise<unknown[]> {
  return await withSession(server, async (session) => {
    const pipeline = session.invoke(script);
    const output: unknown[] = [];
    for await (const record of pipeline) if (record.stream === 'output') output.push(record.value);
    const result = await pipeline.result;
    assert.equal(result.error, undefined, result.error?.message);
    return output;
  });
}

/** One start attempt, to its end. */
const start = "$null = Invoke-CimMethod -InputObject (Get-CimInstance -ClassName Win32_Service -Filter \"Name='ADSync'\") -MethodName StartService\n" +
  "while ((Get-CimInstance -ClassName Win32_Service -Filter \"Name='ADSync'\").State -like '*Pending') { Start-Sleep -Milliseconds 100 }";

const idsOf = (snapshot: Snapshot): readonly string[] => diagnose(snapshot).map((finding) => finding.id);

function missingFacts(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  if ('known' in value) return value.known === false ? [`${path}: ${(value as Fact<never> & { why: string }).why}`] : [];
  return Object.entries(value).flatMap(([name, inner]) => missingFacts(inner, path === '' ? name : `${path}.${name}`));
}

describe('diagnosis of simulated servers', function () {
  this.timeout(180_000);
  let folder: string;
  let servers: PracticeServers;
  const serverOf = (name: string): SimulatedServer => {
    const found = servers.servers.find((server) => server.name === name);
    assert.ok(found !== undefined, `no server ${name} among ${servers.servers.map((server) => server.name).join()}`);
    return found;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'diagnosis-'));
    const files = Object.entries(variants).map(([name, content]) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(content));
      return file;
    });
    servers = await startPracticeServers(lab, files, { ssh: false });
  });
  after(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true });
  });

  for (const [name, { expect }] of Object.entries(variants)) {
    it(`${name}: ${expect.before.join(', ')}`, async () => {
      const snapshot = await withSession(serverOf(name), (session) => takeSnapshot(session));
      const found = diagnose(snapshot);
      assert.deepEqual(found.map((finding) => finding.id), expect.before, found.map((finding) => `${finding.id}: ${finding.detail}`).join('\n'));
      // Who changed the password of a domain account, only a domain controller's log says: that is not asked here.
      assert.deepEqual([...snapshot.events.missing].filter(([, gap]) => gap.known || gap.why !== 'not-asked'), []);
    });
  }

  it('leaves out nothing that a running server can tell, and says why where a stopped one cannot', async () => {
    const noBaseline = ['original.baseline: not-found', 'original.baselineMachineId: not-found'];
    const running = await withSession(serverOf('healthy'), (session) => takeSnapshot(session, { now: Date.now }));
    assert.deepEqual(missingFacts(running, ''), noBaseline);
    const stopped = await withSession(serverOf('stale-scm-password'), (session) => takeSnapshot(session, { now: Date.now }));
    const gaps = missingFacts(stopped, '').filter((gap) => !noBaseline.includes(gap));
    assert.deepEqual(gaps.filter((gap) => !gap.endsWith(': service-stopped')), []);
    assert.ok(gaps.some((gap) => gap.startsWith('connectors')));
  });

  it('changes nothing on the server', async () => {
    const server = serverOf('key-lost-current');
    const state = (): string => readFileSync(join(server.directory, 'state.json'), 'utf8');
    const before = JSON.parse(state()) as Record<string, unknown>;
    await withSession(server, (session) => takeSnapshot(session));
    const after = JSON.parse(state()) as Record<string, unknown>;
    for (const part of ['service', 'connectors', 'registry', 'key', 'scheduler']) assert.deepEqual(after[part], before[part], part);
  });

  it('reads a claim that a client left behind when it died before the launch, and plans no abandonment', async () => {
    const server = serverOf('german');
    const found = await withSession(server, async (session) => {
      const pipeline = session.invoke("$folder = \"$env:ProgramData\\EntraConnectRemediation\"\n$null = New-Item -Path $folder -ItemType Directory -Force\n" +
        "$null = New-Item -Path \"$folder\\abandon.claim\" -ItemType File -Value '11111111-2222-4333-8444-555555555555|2026-11-26T10:00:00.0000000Z|77'");
      assert.equal((await pipeline.result).error, undefined);
      return diagnose(await takeSnapshot(session));
    });
    const [left] = found;
    assert.equal(left?.id, 'cannot-tell');
    assert.deepEqual(found.filter(({ plan }) => plan === 'full-abandonment'), []);
    assert.match(left.title, /claimed/);
    assert.match(left.detail, /11111111-2222-4333-8444-555555555555/);
  });

  it('takes the owner of the shared LocalDB instance for a proof, while its process runs and no other account\'s looks like it', async () => {
    const server = serverOf('nothing-proves-the-account');
    const look = async (): Promise<Snapshot> => await withSession(server, (session) => takeSnapshot(session));
    assert.equal((await look()).database.processOwner.known, false);
    await run(server, start);
    const attempted = await look();
    assert.deepEqual(attempted.database.processOwner, attempted.service.startName);
    assert.deepEqual(idsOf(attempted), ['key-lost']);
    await run(server, "Set-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\Microsoft\\Microsoft SQL Server Local DB\\Shared Instances\\ADSync2019' -Name OwnerSID -Value 'S-1-5-21-1-2-3-1999'");
    const impostor = await look();
    assert.match(impostor.database.processOwner.known ? '' : impostor.database.processOwner.detail, /another account than the shared instance/);
    assert.deepEqual(idsOf(impostor), ['cannot-tell']);
  });

  it('keeps what arrived within the time limit, and the session goes on', async () => {
    await withSession(serverOf('healthy'), async (session) => {
      // Several times: a runspace that says too early that a stopped pipeline has ended does so only now and then.
      for (const timeLimit of [1, 2, 3, 5, 8]) {
        const short = await takeSnapshot(session, { timeLimit });
        assert.equal(!short.connectors.known && short.connectors.why, 'timed-out');
        assert.deepEqual((await takeSnapshot(session)).service.state, { known: true, value: 'Running' });
      }
      assert.deepEqual(idsOf(await takeSnapshot(session)), ['healthy']);
    });
  });

  it('reads what a server in constrained language still tells', async () => {
    await withSession(serverOf('healthy'), async (session) => {
      await session.invoke("$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'").result;
      const snapshot = await takeSnapshot(session);
      assert.deepEqual(snapshot.shell.languageMode, { known: true, value: 'ConstrainedLanguage' });
      assert.deepEqual(snapshot.service.state, { known: true, value: 'Running' });
      assert.equal(diagnose(snapshot).some((finding) => finding.plan === 'full-abandonment'), false);
    });
  });

  it('follows a repair that was broken off after the abandonment, and never calls for a second one', async () => {
    const server = serverOf('key-lost-1.1.443');
    const look = async (): Promise<Snapshot> => {
      const snapshot = await withSession(server, (session) => takeSnapshot(session));
      assert.equal(diagnose(snapshot).some((finding) => finding.plan === 'full-abandonment'), false);
      return snapshot;
    };
    // The database process ended with the service long ago; a start attempt brings it up for a while.
    await run(server, start);
    assert.deepEqual(await run(server, "$null = & 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiskmu.exe' /a\n$LASTEXITCODE"), [0]);
    assert.equal(idsOf(await look())[0], 'cannot-tell');
    await run(server, start);
    const started = await look();
    assert.equal(idsOf(started)[0], 'key-recreated');
    const connectors = started.connectors.known ? started.connectors.value : [];
    assert.equal(pendingConnectors(started)?.length, connectors.length);
    for (const connector of connectors.filter(({ type }) => type === 'AD')) {
      const secret = server.scenario.content.connectors.find(({ name }) => name === connector.name)?.password ?? '';
      await enterConnectorPassword(lab, server.directory, connector.name, server.secrets[secret] ?? '');
    }
    const entered = await look();
    assert.equal(idsOf(entered)[0], 'key-recreated');
    assert.deepEqual(pendingConnectors(entered)?.map(({ connector }) => connector.type), ['Entra']);
  });
});
