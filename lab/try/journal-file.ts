import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalSink } from '../../src/connect/journal.ts';

/** A run's journal as a file in `folder`, which is there already; a line is on the disk before appending resolves. */
export function journalFile(folder: string, run: string): JournalSink {
  return {
    append: async (line) => {
      const file = await open(join(folder, `${run}.jsonl`), 'a', 0o600);
      try {
        await file.appendFile(line.endsWith('\n') ? line : `${line}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}
