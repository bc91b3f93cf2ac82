import { rowsBetweenYields, type Work } from './slices.ts';

const digitBits = 11;
const digits = 1 << digitBits;

/** Sorts rows by small whole keys (0 to keyCount - 1), stable, by counting. `keyOf` is a table by code; `codes` the column. */
export function* countingSort(rows: Uint32Array, codes: Int32Array | Uint8Array, keyOf: Int32Array, keyCount: number, descending: boolean): Work<Uint32Array> {
  const starts = new Uint32Array(keyCount + 1);
  for (let from = 0; from < rows.length; from += rowsBetweenYields) {
    const to = Math.min(rows.length, from + rowsBetweenYields);
    for (let at = from; at < to; at++) {
      const slot = (keyOf[codes[rows[at] ?? 0] ?? 0] ?? 0) + 1;
      starts[slot] = (starts[slot] ?? 0) + 1;
    }
    yield;
  }
  if (descending) {
    let end = rows.length;
    for (let key = 0; key < keyCount; key++) {
      end -= starts[key + 1] ?? 0;
      starts[key] = end;
    }
  } else {
    for (let key = 1; key <= keyCount; key++) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  }
  const sorted = new Uint32Array(rows.length);
  for (let from = 0; from < rows.length; from += rowsBetweenYields) {
    const to = Math.min(rows.length, from + rowsBetweenYields);
    for (let at = from; at < to; at++) {
      const row = rows[at] ?? 0;
      const key = keyOf[codes[row] ?? 0] ?? 0;
      const place = starts[key] ?? 0;
      starts[key] = place + 1;
      sorted[place] = row;
    }
    yield;
  }
  return sorted;
}

/**
 * Sorts rows by a column of doubles, stable. Doubles order as their bits do once negative ones are turned round, so it goes digit by
 * digit and passes over digits that all rows share: times of some days and record ids take three or four passes of six.
 */
export function* doubleSort(rows: Uint32Array, column: Float64Array, descending: boolean): Work<Uint32Array> {
  const count = rows.length;
  if (yield* isSorted(rows, column, descending)) return rows.slice();
  const bits = new Uint32Array(2);
  const double = new Float64Array(bits.buffer);
  double[0] = 1;
  const [lowWord, highWord] = bits[0] === 0 ? [0, 1] : [1, 0];
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const flip = descending ? 0xffffffff : 0;
  let lowsDiffer = 0;
  let highsDiffer = 0;
  for (let from = 0; from < count; from += rowsBetweenYields) {
    const to = Math.min(count, from + rowsBetweenYields);
    for (let at = from; at < to; at++) {
      // Adding zero makes -0 and 0 the same.
      double[0] = (column[rows[at] ?? 0] ?? 0) + 0;
      const h = bits[highWord] ?? 0;
      const mask = (h & 0x80000000) === 0 ? 0 : 0xffffffff;
      low[at] = (bits[lowWord] ?? 0) ^ mask ^ flip;
      high[at] = h ^ (mask | 0x80000000) ^ flip;
      lowsDiffer |= (low[at] ?? 0) ^ (low[0] ?? 0);
      highsDiffer |= (high[at] ?? 0) ^ (high[0] ?? 0);
    }
    yield;
  }
  let order = new Uint32Array(count);
  for (let at = 0; at < count; at++) order[at] = at;
  let other = new Uint32Array(count);
  for (const [words, differ] of [[low, lowsDiffer], [high, highsDiffer]] as const) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      if (((differ >>> shift) & (digits - 1)) === 0) continue;
      yield* radixPass(words, shift, order, other);
      [order, other] = [other, order];
    }
  }
  for (let at = 0; at < count; at++) other[at] = rows[order[at] ?? 0] ?? 0;
  return other;
}

function* radixPass(words: Uint32Array, shift: number, from: Uint32Array, into: Uint32Array): Work<undefined> {
  const starts = new Uint32Array(digits);
  const count = from.length;
  for (let at = 0; at < count; at++) {
    const digit = ((words[at] ?? 0) >>> shift) & (digits - 1);
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  yield;
  let sum = 0;
  for (let digit = 0; digit < digits; digit++) {
    const length = starts[digit] ?? 0;
    starts[digit] = sum;
    sum += length;
  }
  for (let begin = 0; begin < count; begin += rowsBetweenYields) {
    const end = Math.min(count, begin + rowsBetweenYields);
    for (let at = begin; at < end; at++) {
      const entry = from[at] ?? 0;
      const digit = ((words[entry] ?? 0) >>> shift) & (digits - 1);
      const place = starts[digit] ?? 0;
      starts[digit] = place + 1;
      into[place] = entry;
    }
    yield;
  }
  return undefined;
}

function* isSorted(rows: Uint32Array, column: Float64Array, descending: boolean): Work<boolean> {
  for (let from = 1; from < rows.length; from += rowsBetweenYields) {
    const to = Math.min(rows.length, from + rowsBetweenYields);
    for (let at = from; at < to; at++) {
      const before = column[rows[at - 1] ?? 0] ?? 0;
      const here = column[rows[at] ?? 0] ?? 0;
      if (descending ? before < here : before > here) return false;
    }
    yield;
  }
  return true;
}
