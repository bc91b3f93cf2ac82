import { join } from 'node:path';
import { root } from './root.mjs';

/** code-server's version: it carries VS Code 1.100.3, the oldest that the extension promises to run in, and the newest on Node 20. */
export const version = '4.100.3';
/** Where set-up installs it. */
export const home = join(root, '.cache', 'vscode-server', version);
/** The folder of VS Code's own server inside code-server. */
export const vscodeFolder = join(home, 'node_modules', 'code-server', 'lib', 'vscode');
