// A real VS Code without downloading one: npm's code-server carries VS Code's server and its whole workbench.
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home, version, vscodeFolder } from '../vscode/installation.mjs';
import { npm } from './npm.mjs';
import { root, say, SetupError } from './shell.mjs';
import { isStamped, stamp } from './stamp.mjs';

/** Prebuilt, since install scripts are off: the integrated terminal's shells need it. The version is the one that the server carries. */
const pty = process.platform === 'linux' ? [`@lydell/node-pty-linux-${process.arch}`, '1.1.0'] : undefined;

/** What the server's packages would compile in their install scripts, brought without a compiler. */
function replaceNativeParts() {
  const modules = join(vscodeFolder, 'node_modules');
  copyFileSync(join(root, 'scripts', 'setup', 'file-logger.cjs'), join(modules, '@vscode', 'spdlog', 'index.js'));
  if (!pty) return;
  const release = join(modules, 'node-pty', 'build', 'Release');
  if (existsSync(join(release, 'pty.node'))) return;
  mkdirSync(release, { recursive: true });
  copyFileSync(join(home, 'node_modules', pty[0], 'pty.node'), join(release, 'pty.node'));
}

/** Installs the VS Code server once. */
export async function bringVscodeServer() {
  const file = join(home, '.setup-stamp');
  const dependencies = { 'code-server': version, ...(pty ? { [pty[0]]: pty[1] } : {}) };
  const wanted = JSON.stringify(dependencies);
  if (isStamped(file, wanted)) {
    replaceNativeParts();
    return;
  }
  say(`VS Code server (code-server ${version}), about a minute`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), `${JSON.stringify({ private: true, dependencies })}\n`);
  await npm('installing the VS Code server', ['install', '--omit=dev', '--no-save', '--no-package-lock'], { cwd: home });
  await npm("installing the VS Code server's own packages", ['install', '--omit=dev', '--no-save', '--no-package-lock'], { cwd: vscodeFolder });
  if (!existsSync(join(vscodeFolder, 'out', 'server-main.js'))) throw new SetupError(`code-server ${version} has no lib/vscode/out/server-main.js: this npm package is not what was expected.`);
  replaceNativeParts();
  stamp(file, wanted);
}
