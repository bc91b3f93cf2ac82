#!/usr/bin/env node
// Stands where @vscode/test-electron expects a desktop VS Code: takes its arguments, opens the VS Code server in Chromium, and
// ends with the exit code of the tests that ran in the extension host.
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { startChromium } from '../../scripts/vscode/chromium.mjs';
import { root } from '../../scripts/vscode/root.mjs';
import { startVscodeServer, workbenchAddress, writeSettings } from '../../scripts/vscode/server.mjs';

const options = new Map();
const positional = [];
for (const argument of process.argv.slice(2)) {
  const found = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
  if (found) options.set(found[1], found[2] ?? '');
  else positional.push(argument);
}
const needed = (name) => {
  if (!options.get(name)) throw new Error(`launcher: --${name} is missing`);
  return options.get(name);
};
const minutes = Number(process.env.LAUNCHER_MINUTES ?? 8);

/** Runs the tests; resolves to their exit code. */
async function runTests() {
  const home = mkdtempSync(join(tmpdir(), 'vscode-test-'));
  const ends = [() => { rmSync(home, { recursive: true, force: true }); }];
  mkdirSync(join(root, 'out', 'log'), { recursive: true });
  const log = createWriteStream(join(root, 'out', 'log', 'workbench.log'));
  try {
    writeSettings(home, {});
    const server = await startVscodeServer({ home, token: false, testDriver: true, trust: !options.has('disable-workspace-trust') });
    ends.push(server.end);
    const browser = await startChromium();
    ends.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const exit = new Promise((resolve, reject) => {
      const timer = setTimeout(() => { reject(new Error(`the tests did not end within ${minutes} minutes`)); }, minutes * 60_000);
      const settle = (code) => {
        clearTimeout(timer);
        resolve(code);
      };
      void page.exposeFunction('codeAutomationLog', (type, args) => {
        log.write(`${type}: ${format(...args)}\n`);
      });
      void page.exposeFunction('codeAutomationExit', settle);
      page.on('crash', () => { reject(new Error('the workbench page crashed')); });
      server.child.on('exit', () => { reject(new Error('the VS Code server ended')); });
    });
    const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${pathToFileURL(path).pathname}`;
    const address = workbenchAddress(server, positional[0] ?? root, [
      ['extensionDevelopmentPath', remote(needed('extensionDevelopmentPath'))],
      ['extensionTestsPath', remote(needed('extensionTestsPath'))],
      ['skipWelcome', 'true'],
    ]);
    // A busy machine takes long to serve the workbench; whether it works is told by the tests, not by the page's load event.
    await page.goto(address, { waitUntil: 'commit', timeout: 120_000 });
    const code = await exit.catch(async (error) => {
      mkdirSync(join(root, 'out', 'screenshots'), { recursive: true });
      await page.screenshot({ path: join(root, 'out', 'screenshots', 'vscode-tier-failed.png') }).catch(() => undefined);
      throw error;
    });
    if (process.env.LAUNCHER_SCREENSHOT) await page.screenshot({ path: process.env.LAUNCHER_SCREENSHOT });
    return code;
  } finally {
    for (const end of ends.reverse()) await end();
    log.end();
  }
}

try {
  process.exitCode = await runTests();
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exitCode = 1;
}
