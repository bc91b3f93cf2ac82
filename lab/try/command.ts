import { RemoteError } from '../../src/remote/error.ts';
import { LabError } from '../lab-error.ts';
import type { LabLayout } from '../layout.ts';
import { startPracticeServers } from '../practice-servers.ts';
import { stopSignal } from '../stop-signal.ts';
import { attempt } from './attempt.ts';
import { judge, type Verdict } from './judge.ts';
import { tryOptions } from './options.ts';
import { differences, endedWell } from './outcome.ts';
import { toReport, type TryReport } from './report.ts';

/** `try`: starts a server of its own, repairs it through the product's code, and judges it by the server's own state. */
export async function tryScenario(lab: LabLayout, words: readonly string[]): Promise<number> {
  const started = performance.now();
  const options = tryOptions(words);
  const stop = stopSignal(false);
  const late = AbortSignal.timeout(options.timeLimit);
  const signal = AbortSignal.any([stop.signal, late]);
  const log: string[] = [];
  const say = (line: string): void => {
    if (options.json) log.push(line);
    else console.log(line);
  };
  try {
    const practice = await startPracticeServers(lab, [options.scenario], { signal, ssh: options.transport === 'ssh', winrm: options.transport === 'winrm' || options.transport === 'winrms' });
    try {
      const [server] = practice.servers;
      if (server === undefined) throw new LabError('No server was started.', 1);
      const done = await Promise.race([givenUp(signal), attempt(lab, practice, server, options, say, signal)]);
      const verdict = await judge(lab, server.directory);
      const report = toReport(server.name, options, done, verdict.healthy, (performance.now() - started) / 1000);
      const good = endedWell(report, verdict, server.scenario);
      print(report, verdict, options.json);
      if (!good && options.json) console.error(log.join('\n'));
      if (!good && verdict.reasons.length > 0) console.error(`Not healthy: ${verdict.reasons.join('; ')}`);
      if (verdict.harm.length > 0) console.error(`Harmed: ${verdict.harm.join('; ')}`);
      for (const difference of differences(report, verdict, server.scenario)) console.error(`Not as the scenario expects: ${difference}`);
      return good ? 0 : 1;
    } finally {
      await practice.stop();
    }
  } catch (error) {
    if (stop.signal.aborted) return 130;
    if (options.json && log.length > 0) console.error(log.join('\n'));
    if (late.aborted) throw new LabError(`Not finished within ${options.timeLimit / 1000} s.`, 1, { cause: error });
    if (error instanceof RemoteError) {
      const { quoted } = error.failure;
      throw new LabError(quoted === undefined ? error.message : `${error.message} It said: ${quoted}`, 1, { cause: error });
    }
    throw error;
  } finally {
    stop.dispose();
  }
}

/** Rejects a moment after the signal, whatever the run does: even where cancelling is refused, this server may be taken down. */
function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => { reject(new LabError('Given up.', 1)); }, 1000), { once: true });
  });
}

function print(report: TryReport, verdict: Verdict, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(report));
    return;
  }
  const verdictText = verdict.healthy ? 'healthy' : `not healthy (${verdict.reasons.join('; ')})`;
  console.log(`${report.scenario} over ${report.transport}: ${report.before.join(', ')} → ${report.plans.join(', ') || 'no plan'} → ${report.after.join(', ')}; ${verdictText} by its own state; ${report.seconds} s`);
}
