import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * Releases of code-server that the suite runs in, and the VS Code that each carries: the oldest that the extension promises to run in,
 * and the newest, which wants another Node than the suite's; npm has it as a package.
 */
export const legs = {
  oldest: { version: '4.100.3', vscode: '1.100.3' },
  newest: { version: '4.139.1', vscode: '1.139.1', node: [`node-${process.platform}-${process.arch}`, '24.21.0'] },
};

/** Where set-up installs a leg. */
export const homeOf = (leg) => join(root, '.cache', 'vscode-server', legs[leg].version);
/** The folder of VS Code's own server inside a leg's code-server. */
export const vscodeFolderOf = (leg) => join(homeOf(leg), 'node_modules', 'code-server', 'lib', 'vscode');

/** The leg that this process runs: VSCODE_LEG, the oldest where it names none. */
const leg = process.env.VSCODE_LEG ?? 'oldest';
if (!Object.hasOwn(legs, leg)) throw new Error(`VSCODE_LEG is '${leg}': one of ${Object.keys(legs).join(', ')}.`);
export const vscodeFolder = vscodeFolderOf(leg);
const { node, vscode } = legs[leg];
/** The version of VS Code that this process runs. */
export const vscodeVersion = vscode;
/** The Node that runs the server. */
export const serverNode = node === undefined ? process.execPath : join(homeOf(leg), 'node_modules', node[0], 'bin', 'node');
