import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../setup/shell.mjs';

const file = join(cache, 'start.pid');

function alive(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Makes sure that one `npm start` runs in this clone at a time (they share the workspace); returns what gives the turn back. */
export function takeTurn() {
  mkdirSync(cache, { recursive: true });
  let holder = 0;
  try {
    holder = Number(readFileSync(file, 'utf8'));
  } catch {
    // Nobody ran before us.
  }
  if (holder > 0 && alive(holder)) throw new Error(`it already runs here as process ${holder}: end that one first.`);
  writeFileSync(file, String(process.pid));
  return async () => { rmSync(file, { force: true }); };
}
