import type { EventBatch, EventRow } from '../event-batch.ts';
import { readJsonlLine, type LineProblem } from './jsonl-line.ts';

/** Code units in a line; an event's message has 64 Ki at most, each of them six when escaped. */
export const longestLine = 1_000_000;
/** Events of one server and log that go out together, as a reader's batches have. */
const mostInBatch = 500;

export interface ImportProblem extends LineProblem {
  /** From 1. */
  readonly line: number;
}

export type Imported =
  | { readonly kind: 'batch'; readonly server: string; readonly batch: EventBatch }
  | { readonly kind: 'problem'; readonly problem: ImportProblem };

/**
 * Reads an export back, in whatever pieces its text comes: batches and, beside them, each line that is no event. Empty lines are
 * passed over. Of a line that is too long nothing is held but that it was.
 */
export async function* importJsonl(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Imported> {
  const gathering = new Gathering();
  for await (const line of linesOf(chunks)) {
    const read = line.text === undefined ? { code: 'too-long', key: '' } as const : line.text.trim() === '' ? undefined : readJsonlLine(line.text);
    if (read === undefined) continue;
    if ('code' in read) {
      yield { kind: 'problem', problem: { line: line.number, ...read } };
      continue;
    }
    if (!gathering.takes(read)) yield* gathering.out();
    gathering.add(read);
  }
  yield* gathering.out();
}

async function* linesOf(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<{ readonly number: number; readonly text: string | undefined }> {
  const open = { number: 1, text: '', isTooLong: false };
  const take = (piece: string): void => {
    open.isTooLong ||= open.text.length + piece.length > longestLine;
    open.text = open.isTooLong ? '' : open.text + piece;
  };
  const line = (): { number: number; text: string | undefined } => {
    const text = open.number === 1 && open.text.startsWith('\ufeff') ? open.text.substring(1) : open.text;
    const made = { number: open.number++, text: open.isTooLong ? undefined : text };
    open.text = '';
    open.isTooLong = false;
    return made;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      take(chunk.substring(from, end));
      yield line();
      from = end + 1;
    }
    take(chunk.substring(from));
  }
  if (open.text !== '' || open.isTooLong) yield line();
}

/** Neighbours of one server and log. */
class Gathering {
  #rows: EventRow[] = [];

  takes(row: EventRow): boolean {
    const [first] = this.#rows;
    return first === undefined || (first.server === row.server && first.log === row.log && this.#rows.length < mostInBatch);
  }

  add(row: EventRow): void {
    this.#rows.push(row);
  }

  *out(): Generator<Imported> {
    const rows = this.#rows;
    const [first] = rows;
    this.#rows = [];
    if (first === undefined) return;
    yield {
      kind: 'batch', server: first.server,
      batch: {
        log: first.log, recordId: rows.map((row) => row.recordId), time: rows.map((row) => row.time), id: rows.map((row) => row.id), level: rows.map((row) => row.level),
        provider: rows.map((row) => row.provider), message: rows.map((row) => row.message), data: rows.map((row) => row.data),
      },
    };
  }
}
