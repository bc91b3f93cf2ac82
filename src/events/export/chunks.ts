import { inSlices, type SlicePorts, type Work } from '../view/slices.ts';

/** Characters that are gathered before a piece goes out. */
const chunkLength = 65_536;
const rowsPerSlice = 256;

export interface ExportPorts extends SlicePorts {
  /** Told after each chunk how many of the rows are written. */
  readonly progress?: ((done: number) => void) | undefined;
}

/** Writes rows as text in chunks, pausing between slices, so that a million events are neither held as one text nor block the host. Ends with the signal's reason once that is aborted. */
export async function* inChunks(head: string, rows: Uint32Array, line: (row: number) => string, ports: ExportPorts, signal?: AbortSignal): AsyncGenerator<string> {
  let at = 0;
  let chunk = head;
  const fill = function* (): Work<undefined> {
    while (at < rows.length && chunk.length < chunkLength) {
      chunk += line(rows[at] ?? 0);
      at++;
      if (at % rowsPerSlice === 0) yield;
    }
    return undefined;
  };
  for (;;) {
    signal?.throwIfAborted();
    await inSlices(fill(), ports, signal);
    if (chunk !== '') {
      yield chunk;
      ports.progress?.(at);
      await ports.pause();
    }
    chunk = '';
    if (at >= rows.length) return;
  }
}
