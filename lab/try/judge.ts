import { runLabScript, scriptFailure } from '../engine.ts';
import { LabError } from '../lab-error.ts';
import type { LabLayout } from '../layout.ts';

export interface Verdict {
  readonly healthy: boolean;
  /** What is still wrong. */
  readonly reasons: readonly string[];
}

/** Reads from the simulated server's own state whether it is healthy; what the product says about it plays no part. */
export async function judge(lab: LabLayout, directory: string, signal?: AbortSignal): Promise<Verdict> {
  const run = await runLabScript(lab, 'judge.ps1', ['-Directory', directory], '', { ...(signal && { signal }) });
  if (run.exitCode !== 0) throw scriptFailure('judge.ps1', run);
  const verdict = JSON.parse(run.stdout) as Partial<Verdict>;
  if (typeof verdict.healthy !== 'boolean') throw new LabError(`judge.ps1 gave no verdict: ${run.stdout.slice(0, 200)}`, 1);
  return { healthy: verdict.healthy, reasons: verdict.reasons ?? [] };
}
