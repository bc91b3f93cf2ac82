// A part of set-up is done again only when what it was made from has changed.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './shell.mjs';

/** A hash over the content and names of files (paths relative to the repository). */
export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) hash.update(path).update('\0').update(readFileSync(join(root, path))).update('\0');
  return hash.digest('hex');
}

/** Files under `folder` whose name matches, without what builds leave behind. */
export function filesUnder(folder, pattern) {
  const found = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.isDirectory()) {
      if (!['bin', 'obj', 'node_modules'].includes(entry.name)) found.push(...filesUnder(join(folder, entry.name), pattern));
    } else if (pattern.test(entry.name)) found.push(join(folder, entry.name));
  }
  return found;
}

/** Whether `file` holds exactly `value`. */
export function isStamped(file, value) {
  try {
    return readFileSync(file, 'utf8') === value;
  } catch {
    return false;
  }
}

export function stamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
