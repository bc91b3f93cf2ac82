import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** Most that the data may have unpacked, in bytes. */
const limit = 4 << 20;

/** The texts that the practice lab is made of, by their path in its folder: `engine/…`, `simulation/…`, `scenarios/…`. */
export type PracticeData = ReadonlyMap<string, string>;

/** Reads what the build packed (scripts/build/practice-lab.mjs). Rejects where the file is missing or damaged. */
export async function readPracticeData(file: string): Promise<PracticeData> {
  const text = await promisify(brotliDecompress)(await readFile(file), { maxOutputLength: limit });
  const parts = text.toString('utf8').split('\0');
  const data = new Map<string, string>();
  for (let at = 0; at + 1 < parts.length; at += 2) data.set(parts[at] ?? '', parts[at + 1] ?? '');
  return data;
}
