import { labLayout, type LabLayout } from '../../../lab/layout.ts';
import { startPracticeServers, type PracticeServers } from '../../../lab/practice-servers.ts';
import { AutomaticPerson } from '../../../lab/try/automatic-person.ts';
import { systemClock } from '../../../lab/try/clock.ts';
import { LabServer } from '../../../lab/try/lab-server.ts';
import { repair, type RoundsResult } from '../../../lab/try/rounds.ts';
import type { Clock } from '../../../src/connect/server.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import { runLabScript } from '../../../lab/engine.ts';
import { FaultProxy, type Fault, type Strike } from './fault-proxy.ts';

/** How one remediation through a faulty network ended. */
export interface Remediation {
  /** HTTP messages in both directions. */
  readonly messages: number;
  readonly struck: readonly Strike[];
  /** What the product said; undefined where it ended in an error. */
  readonly result: RoundsResult | undefined;
  readonly error: RemoteError | undefined;
  /** From the simulated server's own state. */
  readonly healthy: boolean;
  readonly abandonStarted: number;
  readonly abandoned: number;
  readonly said: readonly string[];
  readonly seconds: number;
}

/** Waits that a stalled message runs into, in milliseconds: short, since a stall on this machine is never a slow network. */
const waits = { answer: 20_000, receive: 25_000, handshake: 10_000, retries: [0, 200, 500, 1000, 2000] };

/** This machine's time, with the pauses between two looks at a server cut short: they make a remediation long, and no message more. */
const hasty: Clock = { now: () => systemClock.now(), delay: (milliseconds, signal) => systemClock.delay(milliseconds / 8, signal) };

/** A whole remediation of a fresh simulated server, started and ended here. */
export async function remediate(scenario: string, fault: Fault | undefined, limit?: number): Promise<Remediation> {
  await using servers = await RemediationServers.start(scenario, 1);
  return await servers.remediate(0, fault, limit);
}

/** Fresh simulated servers of one scenario behind one listener, each for one remediation. */
export class RemediationServers implements AsyncDisposable {
  readonly count: number;
  readonly #lab: LabLayout;
  readonly #practice: PracticeServers;

  private constructor(lab: LabLayout, practice: PracticeServers) {
    this.#lab = lab;
    this.#practice = practice;
    this.count = practice.servers.length;
  }

  static async start(scenario: string, count: number): Promise<RemediationServers> {
    const lab = labLayout(process.cwd());
    return new RemediationServers(lab, await startPracticeServers(lab, Array.from({ length: count }, () => scenario), { ssh: false, winrm: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#practice.stop();
  }

  /**
   * A whole remediation over WinRM (NTLM over HTTP) through a proxy that strikes messages. Anything but an orderly result or a
   * RemoteError is thrown.
   */
  async remediate(index: number, fault: Fault | undefined, limit = 240_000): Promise<Remediation> {
    const started = performance.now();
    const said: string[] = [];
    const practice = this.#practice;
    const server = practice.servers[index];
    const access = server === undefined ? undefined : practice.winrm?.access.get(server.name);
    if (server === undefined || practice.winrm === undefined || access === undefined) throw new Error('No server was started.');
    await using proxy = await FaultProxy.start(access.httpPort, fault);
    const through = { ...practice, winrm: { ...practice.winrm, access: new Map([[server.name, { ...access, httpPort: proxy.port }]]) } };
    let result: RoundsResult | undefined;
    let error: RemoteError | undefined;
    {
      await using reached = new LabServer(through, server, 'winrm', 'ntlm', { winRmLimits: waits });
      const say = (line: string): void => { said.push(line); };
      const signal = AbortSignal.timeout(limit);
      const late = new Promise<never>((_, reject) => { signal.addEventListener('abort', () => { reject(new Error(`Still at work after ${limit / 1000} s: ${said.slice(-5).join(' | ')}`)); }); });
      try {
        result = await Promise.race([late, repair({ server: reached, person: new AutomaticPerson(this.#lab, server, say), plan: 'recommended', journal: () => ({ append: () => Promise.resolve() }), say, signal, clock: hasty })]);
      } catch (reason) {
        if (!(reason instanceof RemoteError)) throw reason;
        error = reason;
      }
    }
    const judged = await runLabScript(this.#lab, 'judge.ps1', ['-Directory', server.directory], '');
    const state = JSON.parse(judged.stdout) as { healthy: boolean; abandonStarted: number; abandoned: number };
    return { messages: proxy.messages, struck: proxy.struck, result, error, healthy: state.healthy, abandonStarted: state.abandonStarted, abandoned: state.abandoned, said, seconds: (performance.now() - started) / 1000 };
  }
}

/** What is wrong with how a remediation ended: it must be healthy, or say in one error or by its steps why it is not. Undefined: nothing. */
export function objection(run: Remediation): string | undefined {
  if (run.abandonStarted > 1) return `the key was abandoned ${run.abandonStarted} times`;
  if (run.healthy) return undefined;
  if (run.error !== undefined) return run.error.failure.message === '' || run.error.failure.remedy === '' ? 'the error does not say what to do next' : undefined;
  const last = run.result?.steps.at(-1);
  if (run.result === undefined || last === undefined) return 'it ended unhealthy and said nothing';
  if (!['failed', 'refused', 'unknown', 'cancelled'].includes(last.state)) return `it ended unhealthy although its last step, ${last.id}, is ${last.state}`;
  return undefined;
}
