import { readFileSync } from 'node:fs';

/** Who started `pid`: the fourth field of /proc/PID/stat, after a name that may hold anything. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** Who started us, and under npm, which puts a shell in between, who started that. */
function ancestors() {
  const parent = process.ppid;
  return process.env.npm_lifecycle_event ? [parent, parentOf(parent)] : [parent];
}

/** Calls `gone` once when one of them has gone: npm may be killed without passing the signal on. */
export function watchAncestors(gone) {
  const before = ancestors().join();
  const timer = setInterval(() => {
    if (ancestors().join() === before) return;
    clearInterval(timer);
    gone();
  }, 500);
  timer.unref();
}
