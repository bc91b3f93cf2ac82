/** One measured figure; what it is compared with was measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The peer or floor that stands beside it, with its own value and unit. */
  readonly beside?: string;
  /** Ours divided by the peer. */
  readonly ratio?: number;
}

/** What every `*.bench.ts` exports as `run`. */
export type Bench = () => Promise<readonly Figure[]>;

/** The middle of several samples. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}
