// Brings everything that a command needs into ignored folders, once: Debian packages, npm packages, the VS Code server,
// the engine host and the WinRM listener. It runs before anything is installed, so it uses Node alone.
// Usage: setup.mjs start | test | lab | bench | build
import { bringDebianPackages, browserNeeds, judgeNeeds, labNeeds } from './setup/debian.mjs';
import { bringEngine } from './setup/engine.mjs';
import { bringJudges } from './setup/judges.mjs';
import { bringListener } from './setup/listener.mjs';
import { withLock } from './setup/lock.mjs';
import { bringNpmPackages } from './setup/npm.mjs';
import { bringPwsh } from './setup/pwsh.mjs';
import { SetupError, which } from './setup/shell.mjs';
import { bringNewestVscodeServer, bringVscodeServer } from './setup/vscode-server.mjs';

const lab = [() => bringDebianPackages(labNeeds), bringNpmPackages, bringEngine, bringListener];
const browser = [() => bringDebianPackages([...labNeeds, ...judgeNeeds, ...browserNeeds]), bringNpmPackages, bringVscodeServer, bringEngine, bringListener, bringJudges, bringPwsh];
const modes = {
  build: [bringNpmPackages],
  lab,
  // A desktop VS Code, where there is one, needs no server.
  start: [...lab, ...(which('code') && process.env.PRACTICE_VSCODE !== 'server' ? [] : [bringVscodeServer])],
  test: [...browser, bringNewestVscodeServer],
  bench: browser,
};

const mode = process.argv[2] ?? 'test';
try {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new SetupError(`Node 20 or newer is needed, this is ${process.versions.node}.`);
  if (!Object.hasOwn(modes, mode)) throw new SetupError(`unknown mode '${mode}': one of ${Object.keys(modes).join(', ')}.`);
  await withLock(async () => {
    for (const part of modes[mode]) await part();
  });
} catch (error) {
  process.stderr.write(`set-up: ${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
}
