import type { Fault, FaultKind } from '../lab/support/fault-proxy.ts';
import { objection, remediate } from '../lab/support/remediation.ts';

const kinds: readonly FaultKind[] = ['cut', 'truncate', 'delay', 'stall'];

/** Every fault of every message, in an order that covers the whole remediation evenly however early it is broken off. */
function faults(messages: number): Fault[] {
  const all = Array.from({ length: messages * kinds.length }, (_, i): Fault => ({ index: Math.floor(i / kinds.length), kind: kinds[i % kinds.length] ?? 'cut' }));
  // A step without a common divisor visits each once.
  let step = Math.max(1, Math.round(all.length * 0.618));
  while (divisor(step, all.length) !== 1) step++;
  return all.map((_, i) => all[(i * step) % all.length]!);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/**
 * Strikes one message after another in full remediations of a scenario until all were struck or the time is over. Prints a line
 * for each; resolves to whether all of them ended as they may.
 */
export async function soak(scenario: string, minutes: number, print: (line: string) => void): Promise<boolean> {
  const end = performance.now() + minutes * 60_000;
  const clean = await remediate(scenario, undefined);
  if (!clean.healthy) throw new Error(`${scenario} is not healthy even without a fault: ${clean.error?.message ?? clean.said.slice(-3).join(' | ')}`);
  const all = faults(clean.messages);
  print(`${scenario}: ${clean.messages} messages, ${clean.seconds.toFixed(0)} s without a fault; ${all.length} faults to try`);
  let done = 0;
  let healthy = 0;
  let objections = 0;
  for (const fault of all) {
    if (performance.now() > end) break;
    let line: string;
    try {
      const run = await remediate(scenario, fault);
      const wrong = objection(run);
      if (run.healthy) healthy++;
      if (wrong !== undefined) objections++;
      const how = wrong !== undefined ? `WRONG: ${wrong}` : run.healthy ? 'healthy' : `said: ${run.error?.failure.message ?? run.result?.steps.at(-1)?.state ?? ''}`;
      line = `${run.struck ?? 'nothing was struck'}: ${how} (${run.seconds.toFixed(0)} s)`;
    } catch (error) {
      objections++;
      line = `WRONG: ${error instanceof Error ? error.message : String(error)}`;
    }
    done++;
    print(`${done} ${fault.kind} ${fault.index} ${line}`);
  }
  print(`${scenario}: ${done} of ${all.length} faults tried, ${healthy} healthy, ${done - healthy - objections} ended in one clear error, ${objections} wrong`);
  return objections === 0;
}
