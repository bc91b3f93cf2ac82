import type { EventStore } from '../event-store.ts';
import type { Contents } from '../store/contents.ts';
import { messageRanks } from './message-ranks.ts';
import { newestFirst } from './newest-first.ts';
import { countingSort } from './radix-sort.ts';
import { rowsBetweenYields, type Work } from './slices.ts';

/** Fewer rows than this share of the store are cheaper sorted by themselves than picked out of its order. */
const leastShare = 1 / 8;

interface MessageOrder {
  readonly contents: Contents;
  readonly clearings: number;
  /** Every row, by message, those of one message newest first. */
  readonly rows: Uint32Array;
  /** 1 where another message begins. */
  readonly begins: Uint8Array;
}

/** Of each store the order by message, as long as it holds the same rows: messages differ in nearly every row, and sorting that many keys is a wait for memory. */
const known = new WeakMap<EventStore, MessageOrder>();

/** Sorts rows, which come newest first, by message. */
export function* sortByMessage(store: EventStore, rows: Uint32Array, descending: boolean): Work<Uint32Array> {
  if (rows.length < store.size * leastShare) {
    const { ranks, count } = yield* messageRanks(store.contents);
    return yield* countingSort(rows, store.content.values, ranks, count, descending);
  }
  const order = yield* orderOf(store);
  const sorted = descending ? yield* turned(order) : order.rows;
  return rows.length === sorted.length ? sorted.slice() : yield* picked(sorted, rows);
}

function* orderOf(store: EventStore): Work<MessageOrder> {
  const before = known.get(store);
  const { contents, clearings, size } = store;
  if (before?.rows.length === size && before.contents === contents && before.clearings === clearings) return before;
  const { ranks, count } = yield* messageRanks(contents);
  const codes = store.content.values;
  const rows = yield* countingSort(yield* newestFirst(store).rows(size), codes, ranks, count, false);
  const begins = new Uint8Array(rows.length);
  let last = -1;
  for (let at = 0; at < rows.length; at++) {
    const rank = ranks[codes[rows[at] ?? 0] ?? 0] ?? 0;
    if (rank !== last) begins[at] = 1;
    last = rank;
    if (at % rowsBetweenYields === 0) yield;
  }
  const made = { contents, clearings, rows, begins };
  if (store.clearings === clearings) known.set(store, made);
  return made;
}

/** The other way round, but what has one message keeps newest first. */
function* turned({ rows, begins }: MessageOrder): Work<Uint32Array> {
  const made = new Uint32Array(rows.length);
  let to = 0;
  for (let end = rows.length; end > 0;) {
    let begin = end - 1;
    while (begin > 0 && begins[begin] !== 1) begin--;
    for (let at = begin; at < end; at++) made[to++] = rows[at] ?? 0;
    if (to % rowsBetweenYields < end - begin) yield;
    end = begin;
  }
  return made;
}

/** Those of `sorted` that are among `rows`, in their order. */
function* picked(sorted: Uint32Array, rows: Uint32Array): Work<Uint32Array> {
  const isWanted = new Uint8Array(sorted.length);
  for (const row of rows) isWanted[row] = 1;
  yield;
  const made = new Uint32Array(rows.length + 1);
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    const row = sorted[at] ?? 0;
    made[count] = row;
    count += isWanted[row] ?? 0;
    if (at % rowsBetweenYields === 0) yield;
  }
  return made.subarray(0, count);
}
