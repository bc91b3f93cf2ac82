import { readdirSync, readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';

/** Kills a process group, or the one process where there is no such group. A process that is gone is no error. */
export function killGroup(pid: number): void {
  for (const id of [-pid, pid]) {
    try {
      process.kill(id, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Ends a child and waits until it is gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  killGroup(child.pid);
  await gone;
}

/**
 * Ids of the processes that belong to a simulated server: those whose environment names its folder (the engine's launcher
 * sets `ENTRA_LAB_SERVER`, and whatever the engine starts inherits it).
 */
export function processesOf(directory: string): number[] {
  const wanted = `ENTRA_LAB_SERVER=${directory}`;
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    if (pid === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(wanted);
    } catch {
      // Gone meanwhile, or another user's.
      return false;
    }
  });
}

/** Ends every process of a simulated server, detached ones too, until none is left. */
export async function endProcessesOf(directory: string): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const left = processesOf(directory).filter((pid) => !isZombie(pid));
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
