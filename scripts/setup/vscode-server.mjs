// A real VS Code without downloading one: npm's code-server carries VS Code's server and its whole workbench.
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeOf, legs, vscodeFolderOf } from '../vscode/installation.mjs';
import { npm } from './npm.mjs';
import { root, say, SetupError } from './shell.mjs';
import { isStamped, stamp } from './stamp.mjs';

/** Prebuilt, since install scripts are off: the integrated terminal's shells need it. The version is the one that the oldest server carries; the newest has it itself. */
const pty = process.platform === 'linux' ? [`@lydell/node-pty-linux-${process.arch}`, '1.1.0'] : undefined;

/** What a server's packages would compile in their install scripts, brought without a compiler. */
function replaceNativeParts(leg) {
  const modules = join(vscodeFolderOf(leg), 'node_modules');
  copyFileSync(join(root, 'scripts', 'setup', 'file-logger.cjs'), join(modules, '@vscode', 'spdlog', 'index.js'));
  if (!pty || leg !== 'oldest') return;
  const release = join(modules, 'node-pty', 'build', 'Release');
  if (existsSync(join(release, 'pty.node'))) return;
  mkdirSync(release, { recursive: true });
  copyFileSync(join(homeOf(leg), 'node_modules', pty[0], 'pty.node'), join(release, 'pty.node'));
}

/** Installs the VS Code server of a leg once. */
async function bring(leg, long) {
  const { version, node } = legs[leg];
  const home = homeOf(leg);
  const file = join(home, '.setup-stamp');
  const dependencies = { 'code-server': version, ...(pty && leg === 'oldest' ? { [pty[0]]: pty[1] } : {}), ...(node ? { [node[0]]: node[1] } : {}) };
  const wanted = JSON.stringify(dependencies);
  if (isStamped(file, wanted)) {
    replaceNativeParts(leg);
    return;
  }
  say(`VS Code server (code-server ${version}), about ${long}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), `${JSON.stringify({ private: true, dependencies })}\n`);
  await npm(`installing the VS Code server ${version}`, ['install', '--omit=dev', '--no-save', '--no-package-lock'], { cwd: home });
  await npm(`installing the own packages of the VS Code server ${version}`, ['install', '--omit=dev', '--no-save', '--no-package-lock'], { cwd: vscodeFolderOf(leg) });
  if (!existsSync(join(vscodeFolderOf(leg), 'out', 'server-main.js'))) throw new SetupError(`code-server ${version} has no lib/vscode/out/server-main.js: this npm package is not what was expected.`);
  if (node) chmodSync(join(home, 'node_modules', node[0], 'bin', 'node'), 0o755);
  replaceNativeParts(leg);
  stamp(file, wanted);
}

/** The oldest VS Code that the extension promises to run in: all that `npm start` needs. */
export const bringVscodeServer = () => bring('oldest', 'a minute');
/** The newest, for the suite alone. */
export const bringNewestVscodeServer = () => bring('newest', 'three minutes');
