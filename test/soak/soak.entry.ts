import type { Fault, FaultKind } from '../lab/support/fault-proxy.ts';
import { objection, remediate, RemediationServers } from '../lab/support/remediation.ts';

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

/** How many fresh servers one listener stands before: starting it costs as much as half a remediation. */
const batch = 12;

/**
 * Strikes one message after another in full remediations of a scenario until all were struck or the time is over. Prints a line
 * for each; resolves to whether all of them ended as they may.
 * @param atOnce how many remediations run beside each other
 */
export async function soak(scenario: string, minutes: number, atOnce: number, print: (line: string) => void): Promise<boolean> {
  const end = performance.now() + minutes * 60_000;
  const clean = await remediate(scenario, undefined);
  if (!clean.healthy) throw new Error(`${scenario} is not healthy even without a fault: ${clean.error?.message ?? clean.said.slice(-3).join(' | ')}`);
  const all = faults(clean.messages);
  print(`${scenario}: ${clean.messages} messages, ${clean.seconds.toFixed(0)} s without a fault; ${all.length} faults to try`);
  const count = { done: 0, healthy: 0, objections: 0 };
  const left = [...all];
  while (left.length > 0 && performance.now() < end) {
    const faultsNow = left.splice(0, batch);
    await using servers = await RemediationServers.start(scenario, faultsNow.length);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < faultsNow.length && performance.now() < end; index = next++) {
        const fault = faultsNow[index];
        if (fault !== undefined) await strike(servers, index, fault, count, print);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }
  print(`${scenario}: ${count.done} of ${all.length} faults tried, ${count.healthy} healthy, ${count.done - count.healthy - count.objections} ended in one clear error, ${count.objections} wrong`);
  return count.objections === 0;
}

async function strike(servers: RemediationServers, index: number, fault: Fault, count: { done: number; healthy: number; objections: number }, print: (line: string) => void): Promise<void> {
  let line: string;
  try {
    const run = await servers.remediate(index, fault);
    const wrong = objection(run);
    if (wrong !== undefined) count.objections++;
    else if (run.healthy) count.healthy++;
    const how = wrong !== undefined ? `WRONG: ${wrong}` : run.healthy ? 'healthy' : `said: ${run.error?.failure.message ?? run.result?.steps.at(-1)?.state ?? ''}`;
    line = `${run.struck ?? 'nothing was struck'}: ${how} (${run.seconds.toFixed(0)} s)`;
  } catch (error) {
    count.objections++;
    line = `WRONG: ${error instanceof Error ? error.message : String(error)}`;
  }
  count.done++;
  print(`${count.done} ${fault.kind} ${fault.index} ${line}`);
}
