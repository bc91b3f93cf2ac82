// The VS Code that shows the extension: a desktop one where it is on PATH, else the server that set-up installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cache, which } from '../setup/shell.mjs';
import { isStamped, stamp } from '../setup/stamp.mjs';
import { installExtension, startVscodeServer, workbenchAddress, writeSettings } from '../vscode/server.mjs';

/** A desktop VS Code's command, unless PRACTICE_VSCODE=server asks for the server. */
export const desktopVscode = () => (process.env.PRACTICE_VSCODE === 'server' ? undefined : which('code'));

async function openDesktop(code, vsix, folder) {
  const home = join(cache, 'vscode-desktop');
  const profile = ['--user-data-dir', join(home, 'user'), '--extensions-dir', join(home, 'extensions')];
  const install = spawn(code, [...profile, '--install-extension', vsix.path, '--force'], { stdio: 'ignore' });
  const [status] = await once(install, 'exit');
  if (status !== 0) throw new Error(`${code} refused ${vsix.path}; PRACTICE_VSCODE=server npm start uses the VS Code server instead.`);
  const child = spawn(code, [...profile, '--new-window', '--wait', folder], { stdio: 'ignore', env: { ENTRA_CONNECT_STATE: join(home, 'entra-connect'), ...process.env } });
  const exited = once(child, 'exit');
  return { what: 'VS Code opens in its own window; closing it ends the practice lab.', exited, end: async () => { child.kill('SIGTERM'); await exited; } };
}

async function openServer(vsix, folder) {
  const home = join(cache, 'vscode-home');
  const installed = join(home, 'installed-extension');
  if (!existsSync(join(home, 'data'))) writeSettings(home, {});
  if (!isStamped(installed, vsix.hash)) {
    await installExtension(home, vsix.path);
    stamp(installed, vsix.hash);
  }
  // The folder is one that we just wrote: asking whether its author is trusted would teach people to say yes.
  const server = await startVscodeServer({ home, trust: false });
  return { what: `open ${workbenchAddress(server, folder)}`, exited: once(server.child, 'exit'), end: server.end };
}

/** Opens `folder` with the packed extension installed; resolves once it can be used. */
export async function openEditor(vsix, folder) {
  const code = desktopVscode();
  return code ? openDesktop(code, vsix, folder) : openServer(vsix, folder);
}
