import { readFileSync } from 'node:fs';

/** One entry of a zip archive's directory. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes once unpacked. */
  readonly size: number;
}

/** Reads a zip archive's central directory (APPNOTE 4.3.12 and 4.3.16; no zip64, no comment). */
export function zipEntries(path: string): ZipEntry[] {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error(`${path} is no zip archive`);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error(`${path}: no directory entry at ${at}`);
    const [name, extra, comment] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)];
    entries.push({ name: bytes.toString('utf8', at + 46, at + 46 + name), size: bytes.readUInt32LE(at + 24) });
    at += 46 + name + extra + comment;
  }
  return entries;
}
