import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalSink } from '../connect/journal.ts';

/** Largest journal that is read back, in bytes. */
const readLimit = 8 * 1024 * 1024;
/** Most journals that are listed. */
const listLimit = 10_000;

/** Journals as files, one a run, in a folder of this user. */
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

  /** The journal's lines, as they were written. Rejects where there is no such journal. */
  async read(run: string): Promise<readonly string[]> {
    const text = await readFile(this.#path(run), 'utf8');
    return text.slice(0, readLimit).split('\n').filter((line) => line !== '');
  }

  /** Ids of the runs that have a journal, the one written last first. */
  async list(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const journals = await Promise.all(names.filter((name) => name.endsWith('.jsonl')).slice(0, listLimit).map(async (name) => ({
      run: name.slice(0, -'.jsonl'.length), written: (await stat(join(this.#folder, name))).mtimeMs,
    })));
    return journals.sort((a, b) => b.written - a.written || (a.run < b.run ? -1 : 1)).map(({ run }) => run);
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
