// The same archive, deflated as tightly as the format allows: what is packed once is fetched by everybody.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { root } from '../vscode/root.mjs';

const cache = join(root, '.cache', 'deflated');

/** Rewrites a zip without comments, encryption and ZIP64, its entries in the same order and of the same time (APPNOTE.TXT 4.3). */
export async function repack(path) {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const parts = [];
  const directory = [];
  let offset = 0;
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength, local] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    const name = zip.subarray(at + 46, at + 46 + nameLength);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    const whole = zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    if (crc32(whole) !== zip.readUInt32LE(at + 16)) throw new Error(`${path}: ${name.toString()} is damaged.`);
    const content = /^extension\/.*\.json$/.test(name.toString()) ? lean(name.toString(), whole) : whole;
    const small = await deflated(content);
    const [method, body] = small.length < content.length ? [8, small] : [0, content];
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    // Bit 11: the name is UTF-8.
    header.writeUInt16LE(0x0800, 6);
    header.writeUInt16LE(method, 8);
    zip.copy(header, 10, at + 12, at + 16);
    header.writeUInt32LE(crc32(content), 14);
    header.writeUInt32LE(body.length, 18);
    header.writeUInt32LE(content.length, 22);
    header.writeUInt16LE(nameLength, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    zip.copy(entry, 4, at + 4, at + 6);
    header.copy(entry, 6, 4, 28);
    entry.writeUInt16LE(nameLength, 28);
    zip.copy(entry, 38, at + 38, at + 42);
    entry.writeUInt32LE(offset, 42);
    parts.push(header, name, body);
    directory.push(entry, name);
    offset += header.length + nameLength + body.length;
    at += 46 + nameLength + extraLength + commentLength;
  }
  const list = Buffer.concat(directory);
  const last = Buffer.from(zip.subarray(end, end + 22));
  last.writeUInt32LE(list.length, 12);
  last.writeUInt32LE(offset, 16);
  last.writeUInt16LE(0, 20);
  writeFileSync(path, Buffer.concat([...parts, list, last]));
}

/** JSON as VS Code reads it: without indentation, and the manifest without what only a checkout needs. */
function lean(name, text) {
  const value = JSON.parse(text.toString('utf8'));
  if (name === 'extension/package.json') {
    delete value.scripts;
    delete value.devDependencies;
  }
  return Buffer.from(JSON.stringify(value));
}

/** Zopfli takes seconds for a package, so what it made of a file is kept. */
async function deflated(content) {
  const file = join(cache, createHash('sha256').update(content).digest('hex'));
  if (existsSync(file)) return readFileSync(file);
  const zopfli = await loadZopfli();
  const small = Buffer.from(await zopfli.deflateAsync(content, { numiterations: 3 }));
  if (!inflateRawSync(small).equals(content)) throw new Error('Zopfli damaged a file.');
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, small);
  return small;
}

/** Loads Zopfli without what it does to its process: it would answer any later error with the whole of its own source. */
async function loadZopfli() {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => process.listeners(event));
  const { default: zopfli } = await import('@gfx/zopfli');
  for (const [n, event] of events.entries()) for (const listener of process.listeners(event)) if (!before[n].includes(listener)) process.removeListener(event, listener);
  return zopfli;
}
