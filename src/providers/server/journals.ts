import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalSink } from '../../connect/journal.ts';

/** Largest journal that is read back, in bytes. */
const readLimit = 8 * 1024 * 1024;

/** Journals as files, one a run, in a folder of this installation. */
export class Journals {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The journal of one run; each line is on disk before `append` resolves. */
  sink(run: string): JournalSink {
    return {
      append: async (line) => {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        const file = await open(this.#path(run), 'a', 0o600);
        try {
          await file.appendFile(line.endsWith('\n') ? line : `${line}\n`);
          await file.datasync();
        } finally {
          await file.close();
        }
      },
      lastSequence: async () => await this.#lastSequence(run),
    };
  }

  /** The journal's lines, as they were written. */
  async read(run: string): Promise<readonly string[]> {
    const text = await readFile(this.#path(run), 'utf8');
    return text.slice(0, readLimit).split('\n').filter((line) => line !== '');
  }

  async #lastSequence(run: string): Promise<number> {
    let lines: readonly string[];
    try {
      lines = await this.read(run);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
      throw error;
    }
    for (const line of [...lines].reverse()) {
      const seq = /^\{"v":1,"seq":(\d{1,9}),/.exec(line)?.[1];
      if (seq !== undefined) return Number(seq);
    }
    return 0;
  }

  #path(run: string): string {
    return join(this.#folder, `${run.replace(/[^A-Za-z0-9-]/g, '_')}.jsonl`);
  }
}
