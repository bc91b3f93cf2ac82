import { runLabScript, scriptFailure } from '../engine.ts';
import { LabError } from '../lab-error.ts';
import type { LabLayout } from '../layout.ts';

export interface Verdict {
  readonly healthy: boolean;
  /** What is still wrong. */
  readonly reasons: readonly string[];
  /** What was done that no repair undoes, however healthy the server is now. */
  readonly harm: readonly string[];
}

/** Reads from the simulated server's own state whether it is healthy; what the product says about it plays no part. */
export async function judge(lab: LabLayout, directory: string, signal?: AbortSignal): Promise<Verdict> {
  const [verdict] = await judgeAll(lab, [directory], signal);
  if (verdict === undefined) throw new LabError('judge.ps1 gave no verdict.', 1);
  return verdict;
}

/** The same of several servers with one start of the engine, in their order. */
export async function judgeAll(lab: LabLayout, directories: readonly string[], signal?: AbortSignal): Promise<readonly Verdict[]> {
  const run = await runLabScript(lab, 'judge.ps1', ['-Several'], JSON.stringify(directories), { ...(signal && { signal }) });
  if (run.exitCode !== 0) throw scriptFailure('judge.ps1', run);
  const verdicts = JSON.parse(run.stdout) as readonly Partial<Verdict>[];
  if (verdicts.length !== directories.length) throw new LabError(`judge.ps1 gave ${verdicts.length} verdicts on ${directories.length} servers.`, 1);
  return verdicts.map((verdict) => {
    if (typeof verdict.healthy !== 'boolean') throw new LabError(`judge.ps1 gave no verdict: ${run.stdout.slice(0, 200)}`, 1);
    return { healthy: verdict.healthy, reasons: verdict.reasons ?? [], harm: verdict.harm ?? [] };
  });
}
