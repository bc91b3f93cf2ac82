// Finds processes that a tier left behind: each inherits a mark in its environment, whatever group or session it moved to.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const read = (path) => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

function marked(mark) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).includes(mark))
    // A zombie holds nothing; its parent only hasn't looked yet.
    .filter((pid) => !/^State:\s+Z/m.test(read(`/proc/${pid}/status`)))
    .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 160) }));
}

/** Waits until no process carries `mark`; ends by pid those that stay, and returns what they were. */
export async function endLeftovers(mark, graceSeconds = 10) {
  if (process.platform !== 'linux') return [];
  const deadline = Date.now() + graceSeconds * 1000;
  let left = marked(mark);
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(200);
    left = marked(mark);
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  return left.map(({ command }) => command);
}
