// Starts a real VS Code server (the one inside npm's code-server, without code-server's own front) on a free loopback port.
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGuarded } from './guarded.mjs';
import { serverNode, vscodeFolder } from './installation.mjs';

const serverMain = join(vscodeFolder, 'out', 'server-main.js');
/** Nothing of a VS Code that we may be started from must reach ours. */
const cleanEnvironment = (env) => Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name)));

/** The arguments that put all of a server's files under `home`. */
const folders = (home) => ['--server-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions'), '--accept-server-license-terms', '--telemetry-level', 'off'];

/** Settings that every VS Code of ours starts with: no services that need the internet, nothing that covers the view. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
};

/** Writes the settings of a server's user (this server keeps them on its own disk). */
export function writeSettings(home, settings) {
  for (const scope of ['User', 'Machine']) {
    mkdirSync(join(home, 'data', 'data', scope), { recursive: true });
    writeFileSync(join(home, 'data', 'data', scope, 'settings.json'), `${JSON.stringify({ ...quietSettings, ...settings }, undefined, 2)}\n`);
  }
}

/** Installs a packed extension into `home`; throws with the server's words when it refuses it. */
export async function installExtension(home, vsix) {
  const { child, end } = startGuarded(serverNode, [serverMain, ...folders(home), '--install-extension', vsix, '--force'], { env: cleanEnvironment(process.env) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; });
  const code = await new Promise((resolve) => child.on('close', resolve));
  await end();
  if (code !== 0 || !/successfully installed/i.test(output)) throw new Error(`VS Code refused ${vsix}: ${output.trim()}`);
}

/**
 * Starts the server.
 * @param options.home folder for its data and extensions
 * @param options.token whether a connection token is needed (always, outside tests)
 * @param options.testDriver makes it honour a test payload: for tests only
 * @param options.trust false switches workspace trust off
 * @returns its origin, port, token, log file and `end`, which resolves when every process of it is gone
 */
export async function startVscodeServer({ home, token = true, testDriver = false, trust = true, env = process.env }) {
  mkdirSync(home, { recursive: true });
  const secret = token ? randomBytes(24).toString('hex') : undefined;
  const tokenFile = join(home, 'connection-token');
  // Arguments can be read by every user of the machine.
  if (secret) writeFileSync(tokenFile, secret, { mode: 0o600 });
  const args = [serverMain, ...folders(home), '--host', '127.0.0.1', '--port', '0',
    ...(secret ? ['--connection-token-file', tokenFile] : ['--without-connection-token']),
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
    ...(trust ? [] : ['--disable-workspace-trust'])];
  const { child, end } = startGuarded(serverNode, args, { env: { ENTRA_CONNECT_STATE: join(home, 'entra-connect'), ...cleanEnvironment(env) } });
  const logFile = join(home, 'server.log');
  // VS Code writes its token there.
  const log = createWriteStream(logFile, { mode: 0o600 });
  let output = '';
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error(`the VS Code server did not listen within 60 s: ${output}`)); }, 60_000);
    const take = (chunk) => {
      log.write(chunk);
      if (output.length < 100_000) output += chunk;
      const found = /Extension host agent listening on (\d+)/.exec(output);
      if (found) {
        clearTimeout(timer);
        resolve(Number(found[1]));
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the VS Code server ended with ${code}: ${output}`));
    });
  }).catch(async (error) => {
    await end();
    throw error;
  });
  return { origin: `http://127.0.0.1:${port}`, port, token: secret, logFile, child, end };
}

/** The address that opens `folder` in a running server. */
export function workbenchAddress({ origin, token }, folder, payload = []) {
  const query = new URLSearchParams();
  if (token) query.set('tkn', token);
  if (folder) query.set('folder', folder);
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${origin}/?${query}`;
}
