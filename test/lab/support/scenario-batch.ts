import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LabLayout } from '../../../lab/layout.ts';
import { startPracticeServers } from '../../../lab/practice-servers.ts';
import { attempt, type AttemptOptions } from '../../../lab/try/attempt.ts';
import { judgeAll, type Verdict } from '../../../lab/try/judge.ts';
import type { TryAuth, TryTransport } from '../../../lab/try/options.ts';
import { differences, endedWell } from '../../../lab/try/outcome.ts';
import { toReport, type TryReport } from '../../../lab/try/report.ts';
import type { RoundsResult } from '../../../lab/try/rounds.ts';
import type { SimulatedServer } from '../../../lab/server.ts';
import { canariesInTree } from './secret-search.ts';

/** What came of one scenario. */
export interface Tried {
  readonly scenario: string;
  /** Undefined where it could not be tried to its end; then `differences` says why. */
  readonly report: TryReport | undefined;
  readonly verdict: Verdict;
  readonly endedWell: boolean;
  /** Where it differs from what the scenario expects; empty where it does not. */
  readonly differences: readonly string[];
  /** What was said meanwhile. */
  readonly log: readonly string[];
}

export interface BatchOptions {
  readonly transport: TryTransport;
  readonly auth: TryAuth;
  /** Servers that are repaired at the same time. */
  readonly width: number;
  /** Longest that one of them may take, in milliseconds. */
  readonly limit: number;
  /** How one of them is tried, by its name, where it is not the recommended plan with passwords entered by hand, reached as the others. */
  readonly how?: (scenario: string) => Partial<Pick<AttemptOptions, 'plan' | 'adDs' | 'transport' | 'auth'>>;
}

interface Attempted {
  readonly server: SimulatedServer;
  readonly done: RoundsResult | undefined;
  readonly error: string | undefined;
  readonly seconds: number;
  readonly log: string[];
}

/** Tries several scenarios as `try` does, in this process, with one start of the engine for making and one for judging all of them. */
export async function tryBatch(lab: LabLayout, scenarios: readonly string[], options: BatchOptions): Promise<readonly Tried[]> {
  const { transport, auth } = options;
  const practice = await startPracticeServers(lab, scenarios, { ssh: transport === 'ssh', winrm: transport === 'winrm' || transport === 'winrms' });
  try {
    const one = async (server: SimulatedServer): Promise<Attempted> => {
      const started = performance.now();
      const log: string[] = [];
      const late = AbortSignal.timeout(options.limit);
      try {
        const given = new Promise<never>((_, reject) => { late.addEventListener('abort', () => { reject(new Error(`Not finished within ${options.limit / 1000} s.`)); }, { once: true }); });
        const done = await Promise.race([given, attempt(lab, practice, server, { transport, auth, plan: 'recommended', ...options.how?.(server.name) }, (line) => log.push(line), late)]);
        return { server, done, error: undefined, seconds: (performance.now() - started) / 1000, log };
      } catch (error) {
        return { server, done: undefined, error: error instanceof Error ? error.message : String(error), seconds: (performance.now() - started) / 1000, log };
      }
    };
    const waiting = [...practice.servers];
    const attempted: Attempted[] = [];
    await Promise.all(Array.from({ length: options.width }, async () => {
      for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) attempted.push(await one(server));
    }));
    const verdicts = await judgeAll(lab, attempted.map(({ server }) => server.directory));
    return attempted.map(({ server, done, error, seconds, log }, index) => {
      const verdict = verdicts[index]!;
      const { scenario } = server;
      const left = canariesInTree(server.directory, Object.entries(server.secrets).map(([name, value]) => ({ name, value }))).map((find) => `A secret is left on the server: ${find}`);
      // A policy that records nothing would make the search above prove nothing.
      if (scenario.content.policies?.transcription === true && filesBelow(join(server.directory, 'transcripts')) === 0) left.push('Transcription is on, and nothing was transcribed.');
      if (done === undefined) return { scenario: scenario.name, report: undefined, verdict, endedWell: false, differences: [error ?? 'It was not tried.', ...left], log };
      const report = toReport(server.name, { transport, auth, ...options.how?.(server.name) }, done, verdict.healthy, seconds);
      return { scenario: scenario.name, report, verdict, endedWell: endedWell(report, verdict, scenario), differences: [...differences(report, verdict, scenario), ...left], log };
    });
  } finally {
    await practice.stop();
  }
}

function filesBelow(folder: string): number {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length : 0;
}
