import type { Fault, FaultKind } from '../lab/support/fault-proxy.ts';
import { objection, remediate, RemediationServers } from '../lab/support/remediation.ts';

const kinds: readonly FaultKind[] = ['cut', 'truncate', 'delay', 'stall'];
/** Between two messages that are struck in one remediation: far enough for it to have recovered. */
const every = 40;
/** How many fresh servers one listener stands before: starting it costs as much as half a remediation. */
const batch = 48;

/** The messages that one kind of fault has not struck yet. */
class Coverage {
  readonly kind: FaultKind;
  readonly #left: Set<number>;

  constructor(kind: FaultKind, messages: number, struck: ReadonlySet<number>) {
    this.kind = kind;
    this.#left = new Set(Array.from({ length: messages }, (_, index) => index).filter((index) => !struck.has(index)));
  }

  get left(): number {
    return this.#left.size;
  }

  /** Up to `count` remediations that strike what is left; first those that strike the most, which are spread over all of it. */
  next(count: number): Fault[] {
    const rests = new Map<number, number>();
    for (const index of this.#left) rests.set(index % every, Math.min(index, rests.get(index % every) ?? Infinity));
    return [...rests.values()].slice(0, count).map((index) => ({ index, every, kind: this.kind }));
  }

  struck(index: number): void {
    this.#left.delete(index);
  }

  /** A message that cannot be reached: the remediation ended before it. */
  giveUp(fault: Fault): void {
    this.#left.delete(fault.index);
  }
}

/** How many remediations wait in stalls beside each other for each one that has work to do. */
const stallsPerWorker = 3;

/** The messages that an earlier soak struck with one kind of fault, from what it printed. */
function struckBefore(kind: FaultKind, earlier: string): Set<number> {
  const lines = [...earlier.matchAll(/^\d+ (cut|truncate|delay|stall) ((?:\d+ ?)+)/gm)].filter((line) => line[1] === kind);
  return new Set(lines.flatMap((line) => (line[2] ?? '').trim().split(' ').map(Number)));
}

/** Longest remediation, in milliseconds: it waits for each of its stalls. */
const longest = 900_000;

interface Count { runs: number; strikes: number; healthy: number; wrong: number }

/**
 * Strikes every message of full remediations of a scenario with every kind of fault, some messages of each remediation, until all
 * were struck or the time is over. Prints a line for each; resolves to whether all of them ended as they may.
 * @param atOnce how many remediations run beside each other; of those that wait in stalls, three times as many do
 * @param earlier what a soak that was broken off has printed: what it struck is not struck again
 */
export async function soak(scenario: string, minutes: number, atOnce: number, earlier: string, print: (line: string) => void): Promise<boolean> {
  const end = performance.now() + minutes * 60_000;
  const clean = await remediate(scenario, undefined);
  if (!clean.healthy) throw new Error(`${scenario} is not healthy even without a fault: ${clean.error?.message ?? clean.said.slice(-3).join(' | ')}`);
  print(`${scenario}: ${clean.messages} messages, ${clean.seconds.toFixed(0)} s without a fault`);
  const coverages = kinds.map((kind) => new Coverage(kind, clean.messages, struckBefore(kind, earlier)));
  const count: Count = { runs: 0, strikes: 0, healthy: 0, wrong: 0 };
  while (performance.now() < end && coverages.some(({ left }) => left > 0)) {
    const work = coverages.flatMap((coverage) => coverage.next(batch / kinds.length).map((fault) => ({ coverage, fault })));
    await using servers = await RemediationServers.start(scenario, work.length);
    const indexes = work.map((_, index) => index);
    const worker = async (queue: number[]): Promise<void> => {
      for (let index = queue.shift(); index !== undefined && performance.now() < end; index = queue.shift()) {
        const one = work[index];
        if (one !== undefined) await strike(servers, index, one.fault, one.coverage, count, print);
      }
    };
    const stalled = indexes.filter((index) => work[index]?.fault.kind === 'stall');
    const other = indexes.filter((index) => work[index]?.fault.kind !== 'stall');
    await Promise.all([...Array.from({ length: atOnce * stallsPerWorker }, () => worker(stalled)), ...Array.from({ length: atOnce }, () => worker(other))]);
  }
  const left = coverages.map((coverage) => `${clean.messages - coverage.left} of ${clean.messages} ${coverage.kind}`).join(', ');
  print(`${scenario}: messages struck: ${left}`);
  print(`${scenario}: ${count.runs} remediations with ${count.strikes} faults, ${count.healthy} healthy, ${count.runs - count.healthy - count.wrong} ended in one clear error, ${count.wrong} wrong`);
  return count.wrong === 0;
}

async function strike(servers: RemediationServers, index: number, fault: Fault, coverage: Coverage, count: Count, print: (line: string) => void): Promise<void> {
  let line: string;
  try {
    const run = await servers.remediate(index, fault, longest);
    const wrong = objection(run);
    if (wrong !== undefined) count.wrong++;
    else if (run.healthy) count.healthy++;
    if (run.struck.length === 0) coverage.giveUp(fault);
    for (const { index: at } of run.struck) coverage.struck(at);
    count.strikes += run.struck.length;
    const how = wrong !== undefined ? `WRONG: ${wrong}` : run.healthy ? 'healthy' : `said: ${run.error?.failure.message ?? run.result?.steps.at(-1)?.state ?? ''}`;
    line = `${run.struck.map(({ index: at }) => at).join(' ')}${run.struck.length === 1 ? ` ${run.struck[0]?.what ?? ''}` : ''}: ${how} (${run.seconds.toFixed(0)} s)`;
  } catch (error) {
    count.wrong++;
    coverage.giveUp(fault);
    line = `${fault.index}: WRONG: ${error instanceof Error ? error.message : String(error)}`;
  }
  count.runs++;
  print(`${count.runs} ${fault.kind} ${line}`);
}
