// A real VS Code without downloading one: npm's code-server carries VS Code's server and its whole workbench.
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { cache, say, SetupError } from './shell.mjs';
import { isStamped, stamp } from './stamp.mjs';

/** VS Code 1.100.3, the oldest that the extension promises to run in, and the newest on Node 20. */
const version = '4.100.3';
/** Prebuilt, since install scripts are off: the integrated terminal's shells need it. The version is the one that the server carries. */
const pty = process.platform === 'linux' ? [`@lydell/node-pty-linux-${process.arch}`, '1.1.0'] : undefined;
const home = join(cache, 'vscode-server', version);
/** The folder of VS Code's own server inside code-server. */
export const vscodeFolder = join(home, 'node_modules', 'code-server', 'lib', 'vscode');

/** Installs the VS Code server once. */
export async function bringVscodeServer() {
  const file = join(home, '.setup-stamp');
  const dependencies = { 'code-server': version, ...(pty ? { [pty[0]]: pty[1] } : {}) };
  const wanted = JSON.stringify(dependencies);
  if (isStamped(file, wanted)) return;
  say(`VS Code server (code-server ${version}), about a minute`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), `${JSON.stringify({ private: true, dependencies })}\n`);
  await npm('installing the VS Code server', ['install', '--omit=dev', '--no-save', '--no-package-lock'], { cwd: home });
  await npm("installing the VS Code server's own packages", ['install', '--omit=dev', '--no-save', '--no-package-lock'], { cwd: vscodeFolder });
  if (!existsSync(join(vscodeFolder, 'out', 'server-main.js'))) throw new SetupError(`code-server ${version} has no lib/vscode/out/server-main.js: this npm package is not what was expected.`);
  if (pty) {
    const folder = join(vscodeFolder, 'node_modules', 'node-pty', 'build', 'Release');
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(home, 'node_modules', pty[0], 'pty.node'), join(folder, 'pty.node'));
  }
  stamp(file, wanted);
}
