// Runs a program in a process group of its own and ends the whole group when our standard input closes: whoever started us may
// be killed without a chance to clean up, and a VS Code server would go on for hours.
// Usage: guard.mjs COMMAND [ARGUMENTS…]
import { spawn } from 'node:child_process';

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

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  endGroup('SIGTERM');
  // The group lives on while any of its members does, also after the program itself has gone.
  const deadline = Date.now() + 3_000;
  const look = setInterval(() => {
    if (!endGroup(0)) {
      clearInterval(look);
      process.exit(0);
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
