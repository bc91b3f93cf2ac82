// Runs a program in a process group of its own and ends the whole group when our standard input closes: whoever started us may
// be killed without a chance to clean up, and a VS Code server would go on for hours.
// Usage: guard.mjs COMMAND [ARGUMENTS…]
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

const endGroup = (signal) => {
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    return false;
  }
};

/** Whether a process of the group still runs. A zombie does not, and in a container whose first process reaps nobody it stays for ever. */
function groupRuns() {
  if (!endGroup(0)) return false;
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      // State, parent and group come after a name that may hold anything.
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(group) === child.pid && !'ZX'.includes(state);
    } catch {
      return false;
    }
  });
}

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  endGroup('SIGTERM');
  // The group lives on while any of its members does, also after the program itself has gone.
  const deadline = Date.now() + 3_000;
  const look = setInterval(() => {
    if (!groupRuns()) {
      clearInterval(look);
      process.exit();
    }
    if (Date.now() > deadline) endGroup('SIGKILL');
  }, 50);
}

child.on('error', (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
  end();
});
process.stdin.on('end', end).on('error', end).resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);
