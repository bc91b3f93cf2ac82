import type { EventStore } from '../event-store.ts';
import { rowsBetweenYields, type Work } from '../view/slices.ts';

/** Windows' levels 0 to 5; others are counted as 4, information. */
export const histogramLevels = 6;

/** Events by time and level. Bucket b begins at `from + b * width`. */
export interface Histogram {
  /** UTC milliseconds; a multiple of the width, so that buckets begin on whole seconds, minutes, hours. */
  readonly from: number;
  readonly width: number;
  readonly buckets: number;
  /** `counts[b * histogramLevels + level]`. */
  readonly counts: Uint32Array;
  /** The largest sum of one bucket. */
  readonly most: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Widths that a person can read off. */
const widths = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
  minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 91 * day, 365 * day,
];

/** Counts the rows of a view in at most `mostBuckets` buckets over `range`, or over all of them. Undefined where there is nothing to count. */
export function* histogram(store: EventStore, rows: Uint32Array, mostBuckets: number, range?: { readonly from: number; readonly to: number }): Work<Histogram | undefined> {
  const span = range ?? (yield* spanOf(store, rows));
  if (span === undefined || !(span.to >= span.from) || mostBuckets < 1) return undefined;
  const { from, width, buckets } = divide(span.from, span.to, mostBuckets);
  const counts = new Uint32Array(buckets * histogramLevels);
  const times = store.time.values;
  const levels = store.level.values;
  for (let begin = 0; begin < rows.length; begin += rowsBetweenYields) {
    const end = Math.min(rows.length, begin + rowsBetweenYields);
    for (let at = begin; at < end; at++) {
      const row = rows[at] ?? 0;
      const time = times[row] ?? 0;
      if (time < span.from || time > span.to) continue;
      const level = levels[row] ?? 0;
      const slot = Math.floor((time - from) / width) * histogramLevels + (level < histogramLevels ? level : 4);
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    yield;
  }
  let most = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    let sum = 0;
    for (let level = 0; level < histogramLevels; level++) sum += counts[bucket * histogramLevels + level] ?? 0;
    most = Math.max(most, sum);
  }
  return { from, width, buckets, counts, most };
}

function divide(first: number, last: number, mostBuckets: number): { from: number; width: number; buckets: number } {
  const make = (width: number): { from: number; width: number; buckets: number } => {
    const from = Math.floor(first / width) * width;
    return { from, width, buckets: Math.floor((last - from) / width) + 1 };
  };
  for (const width of widths) {
    const made = make(width);
    if (made.buckets <= mostBuckets) return made;
  }
  // Longer than any width foresees: whole multiples of a year; one bucket more than fits can come from rounding down.
  const year = 365 * day;
  const made = make(Math.ceil((last - first) / mostBuckets / year) * year);
  return made.buckets <= mostBuckets ? made : { from: first, width: Math.floor((last - first) / mostBuckets) + 1, buckets: mostBuckets };
}

function* spanOf(store: EventStore, rows: Uint32Array): Work<{ from: number; to: number } | undefined> {
  const times = store.time.values;
  let from = Infinity;
  let to = -Infinity;
  for (let at = 0; at < rows.length; at++) {
    const time = times[rows[at] ?? 0] ?? 0;
    if (time < from) from = time;
    if (time > to) to = time;
    if (at % rowsBetweenYields === 0) yield;
  }
  return rows.length === 0 ? undefined : { from, to };
}
