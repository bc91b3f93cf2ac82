import type { Contents } from '../store/contents.ts';
import type { Work } from './slices.ts';

/** Contents that are sorted in one go, in about a millisecond; runs of them are merged. */
const runLength = 2048;

export interface MessageRanks {
  /** By content; equal messages have the same. */
  readonly ranks: Int32Array;
  /** Distinct ranks. */
  readonly count: number;
}

/** For contents that were ranked already, as long as none was added. */
const known = new WeakMap<Contents, MessageRanks>();

/** The order of all distinct messages by code units. Sorted once and then kept: the next sort by message only counts. */
export function* messageRanks(contents: Contents): Work<MessageRanks> {
  const before = known.get(contents);
  if (before?.ranks.length === contents.count) return before;
  const messages: string[] = [];
  for (const { count } = contents; messages.length < count;) {
    for (let to = Math.min(count, messages.length + runLength); messages.length < to;) messages.push(contents.message(messages.length) ?? '');
    yield;
  }
  const sorted = yield* sortTexts(messages);
  const ranks = new Int32Array(messages.length);
  let rank = -1;
  let last: string | undefined;
  for (let at = 0; at < sorted.length; at++) {
    const content = sorted[at] ?? 0;
    if (messages[content] !== last) rank++;
    last = messages[content];
    ranks[content] = rank;
    if (at % 65_536 === 0) yield;
  }
  const made = { ranks, count: rank + 1 };
  known.set(contents, made);
  return made;
}

function* sortTexts(texts: readonly string[]): Work<Uint32Array> {
  let from = Uint32Array.from({ length: texts.length }, (_, at) => at);
  for (let at = 0; at < from.length; at += runLength) {
    from.subarray(at, at + runLength).sort((a, b) => { const [x, y] = [texts[a] ?? '', texts[b] ?? '']; return x < y ? -1 : x > y ? 1 : 0; });
    yield;
  }
  let into = new Uint32Array(from.length);
  for (let length = runLength; length < from.length; length *= 2) {
    for (let begin = 0; begin < from.length; begin += length * 2) yield* mergeRuns(texts, from, into, begin, Math.min(begin + length, from.length), Math.min(begin + length * 2, from.length));
    [from, into] = [into, from];
  }
  return from;
}

function* mergeRuns(texts: readonly string[], from: Uint32Array, into: Uint32Array, begin: number, middle: number, end: number): Work<undefined> {
  let left = begin;
  let right = middle;
  for (let at = begin; at < end; at++) {
    const isLeft = right >= end || (left < middle && (texts[from[left] ?? 0] ?? '') <= (texts[from[right] ?? 0] ?? ''));
    into[at] = from[isLeft ? left++ : right++] ?? 0;
    if (at % 4096 === 0) yield;
  }
  return undefined;
}
