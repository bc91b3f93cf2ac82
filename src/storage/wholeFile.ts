import { open, rm } from 'node:fs/promises';

/** Writes a file for this user alone, piece by piece; one that did not come to its end is removed. `wx` refuses a file that is there. Rejects with what the pieces or the disk reject with. */
export async function writeWhole(path: string, chunks: AsyncIterable<string | Uint8Array>, flag: 'w' | 'wx' = 'w'): Promise<void> {
  const file = await open(path, flag, 0o600);
  let whole = false;
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    whole = true;
  } finally {
    await file.close();
    if (!whole) await rm(path, { force: true });
  }
}
