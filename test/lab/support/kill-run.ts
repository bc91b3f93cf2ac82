import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLabScript } from '../../../lab/engine.ts';
import { labLayout, type LabLayout } from '../../../lab/layout.ts';
import { startPracticeServers, type PracticeServers } from '../../../lab/practice-servers.ts';
import type { SimulatedServer } from '../../../lab/server.ts';
import { AutomaticPerson } from '../../../lab/try/automatic-person.ts';
import { systemClock } from '../../../lab/try/clock.ts';
import { LabServer } from '../../../lab/try/lab-server.ts';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import type { MachineIdentity, MachinePins } from '../../../src/connect/machine-pin.ts';
import { planFor } from '../../../src/connect/plans.ts';
import { unfinishedRun } from '../../../src/connect/run-record.ts';
import { startRun, type RunWork } from '../../../src/connect/run.ts';
import type { RunResult } from '../../../src/connect/run-events.ts';
import type { ConnectServer } from '../../../src/connect/server.ts';
import { takeSnapshot } from '../../../src/connect/take-snapshot.ts';
import { KillableServer, killEngines, type Reaper } from './killable-server.ts';
import type { Verdict } from './simulated-server.ts';
import { WinRmRelay } from './winrm-relay.ts';

export type KillTransport = 'local' | 'ssh' | 'winrm';

/** How a run that was killed, and gone on with by somebody else, came out. */
export interface Killed {
  /** The scripts of all clients that may be killed, in order. */
  readonly scripts: KillableServer['scripts'];
  readonly struck: number;
  /** How each attempt ended, the first one's first. */
  readonly states: readonly string[];
  readonly verdict: Verdict;
  readonly said: readonly string[];
}

/** Rounds of resuming and repairing after the kill. */
const mostRounds = 4;
/** How long somebody waits for a client that died while it took the lock, as its refusal tells them to, in milliseconds. */
const patience = 60_000;

/**
 * Repairs a fresh simulated server until a kill strikes; then somebody else, on another machine and without the first one's journal,
 * goes on with what the server remembers, and may be killed as well, until the last one, whom nobody kills.
 * @param most how many clients may be killed, one after another
 */
export async function killedRun(scenario: string, transport: KillTransport, reaper: Reaper, most = 1): Promise<Killed> {
  const lab = labLayout(process.cwd());
  const said: string[] = [];
  const practice = await startPracticeServers(lab, [scenario], { ssh: transport === 'ssh', winrm: transport === 'winrm' });
  try {
    const [server] = practice.servers;
    if (server === undefined) throw new Error('No server was started.');
    const [states, scripts]: [string[], Killed['scripts']] = [[], []];
    let struck = 0;
    const person = new AutomaticPerson(lab, server, (line) => { said.push(line); });
    let verdict = await judge(lab, server.directory);
    {
      await using relayed = await through(practice, server, transport);
      let end = performance.now() + patience;
      for (let at = 0; at < most && !verdict.healthy;) {
        const first = new LabServer(relayed.practice, relayed.server, transport, auths[transport]);
        const client = new KillableServer(first, server.directory, relayed.cut, reaper);
        let [lost, held] = [false, false];
        try {
          const result = await attempt(client, person, at === 0 ? 'alice' : `alice${at + 1}`, at > 0, said);
          held = isHeldByAnother(result);
          states.push(ended(result));
        } catch (error) {
          lost = true;
          states.push(error instanceof Error ? error.message : String(error));
        }
        scripts.push(...client.scripts);
        struck += client.struck;
        // A client that was killed closes nothing; one that was not lets go.
        if (client.dead) first[Symbol.asyncDispose]().catch(() => undefined);
        else await first[Symbol.asyncDispose]();
        verdict = await judge(lab, server.directory);
        if (client.struck === 0 && held && performance.now() < end) continue;
        if (client.struck === 0 && !lost) break;
        at++;
        end = performance.now() + patience;
      }
    }
    {
      await using last = new LabServer(practice, server, transport, auths[transport]);
      const end = performance.now() + patience;
      for (let round = 0; round < mostRounds && !verdict.healthy;) {
        const result = await attempt(last, person, 'bob', true, said);
        states.push(ended(result));
        verdict = await judge(lab, server.directory);
        if (result === undefined || result.state === 'unknown') break;
        if (performance.now() > end || !isHeldByAnother(result)) round++;
      }
    }
    return { scripts, struck, states, verdict, said };
  } finally {
    await practice.stop();
  }
}

const auths = { local: 'none', ssh: 'key', winrm: 'ntlm' } as const;

/** From the simulated server's own state. */
async function judge(lab: LabLayout, directory: string): Promise<Verdict> {
  const judged = await runLabScript(lab, 'judge.ps1', ['-Directory', directory], '');
  return JSON.parse(judged.stdout) as Verdict;
}

/** A client died while it took the lock, a moment ago: whoever comes next is told to wait. */
function isHeldByAnother(result: RunResult | undefined): boolean {
  return result?.message.startsWith('Another run holds') === true;
}

function ended(result: RunResult | undefined): string {
  return result === undefined ? 'nothing to do' : `${result.state}: ${result.message}`;
}

/** Goes on with an interrupted run, else runs the recommended plan; undefined where there is neither. */
async function attempt(server: ConnectServer, person: AutomaticPerson, who: string, takeOver: boolean, said: string[]): Promise<RunResult | undefined> {
  const snapshot = await takeSnapshot(await server.session());
  const findings = diagnose(snapshot, { claims: server.claims });
  const record = unfinishedRun(snapshot);
  const plan = planFor(findings, snapshot);
  said.push(`${who} finds ${findings.map((finding) => finding.id).join(', ')}${record === undefined ? '' : `, and a run of ${record.holder}`}`);
  if (record === undefined && (plan === undefined || plan.refused !== undefined)) return undefined;
  const work: RunWork | undefined = record !== undefined ? { kind: 'resume', record, entry: randomUUID() } : plan === undefined ? undefined : { kind: 'plan', plan };
  if (work === undefined) return undefined;
  return await startRun({
    server, person, clock: systemClock, pins: memoryPins(), id: record?.id ?? randomUUID(), work, takeOver,
    journal: { append: () => Promise.resolve() }, holder: { who, host: `${who}-laptop`, client: randomUUID() },
    onEvent: (event) => { if (event.kind === 'line') said.push(event.text); },
  }).result;
}

/** The server as the first client reaches it: through a relay whose connections can be cut, where there is a network. */
async function through(practice: PracticeServers, server: SimulatedServer, transport: KillTransport): Promise<{ practice: PracticeServers; server: SimulatedServer; cut: () => void } & AsyncDisposable> {
  if (transport === 'local') return { practice, server, cut: () => { killEngines(server.directory); }, [Symbol.asyncDispose]: () => Promise.resolve() };
  const access = practice.winrm?.access.get(server.name);
  const port = transport === 'ssh' ? server.ssh?.port : access?.httpPort;
  if (port === undefined) throw new Error(`${server.name} does not listen.`);
  const relay = await WinRmRelay.start(port);
  const parts = { cut: () => { relay.cutAll(); }, [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose]() };
  if (transport === 'winrm') {
    if (practice.winrm === undefined || access === undefined) throw new Error('There is no WinRM.');
    return { ...parts, server, practice: { ...practice, winrm: { ...practice.winrm, access: new Map([[server.name, { ...access, httpPort: relay.port }]]) } } };
  }
  if (server.ssh === undefined) throw new Error('There is no SSH.');
  const knownHostsFile = join(practice.directory, 'known_hosts-relay');
  writeFileSync(knownHostsFile, `${server.ssh.knownHostsLine.replaceAll(`]:${port}`, `]:${relay.port}`)}\n`, { mode: 0o600 });
  return { ...parts, practice: { ...practice, knownHostsFile }, server: { ...server, ssh: { ...server.ssh, port: relay.port } } };
}

function memoryPins(): MachinePins {
  const pinned = new Map<string, MachineIdentity>();
  return { get: (name) => Promise.resolve(pinned.get(name)), set: (name, identity) => Promise.resolve(void pinned.set(name, identity)) };
}
