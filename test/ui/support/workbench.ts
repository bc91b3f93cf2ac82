// A real workbench for a browser test: the packed extension installed into a VS Code server of its own, opened in Chromium.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { vsixPath } from '../../../scripts/package/path.mjs';
import { startChromium } from '../../../scripts/vscode/chromium.mjs';
import { root } from '../../../scripts/vscode/root.mjs';
import { installExtension, startVscodeServer, workbenchAddress, writeSettings } from '../../../scripts/vscode/server.mjs';

/** How long the slowest single thing in the workbench may take, in milliseconds: two cores may be busy. */
export const patience = 60_000;

export interface WorkbenchOptions {
  /** The folder to open; absent: an empty window. */
  readonly folder?: string;
  /** User settings, added to the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether workspace trust is on; off unless a test is about it. */
  readonly trust?: boolean;
  /** Environment for the server and the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Packed extensions beside ours. */
  readonly beside?: readonly string[];
}

/** An open workbench and everything that has to be ended with it. */
export interface Workbench {
  readonly page: Page;
  /** Folder that holds the server's data and log. */
  readonly home: string;
  /** Everything the page's console said, for tests that search it. */
  readonly consoleLines: readonly string[];
  /** Saves out/screenshots/NAME.png and returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

const testSettings = {
  // The DOM renderer keeps a terminal's text readable for a test.
  'terminal.integrated.gpuAcceleration': 'off',
  // A hover that opens by itself covers what is clicked next.
  'workbench.hover.delay': 600_000,
  // Spinners are drawn by the processor here, and cost more of it than everything under test.
  'workbench.reduceMotion': 'on',
};

/** Starts a VS Code with the packed extension installed and opens its workbench; `close` ends all of it. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  if (!existsSync(vsixPath)) throw new Error(`${vsixPath} is missing: node scripts/package.mjs packs it.`);
  const home = mkdtempSync(join(tmpdir(), 'workbench-'));
  const ends: (() => unknown)[] = [(): void => { rmSync(home, { recursive: true, force: true }); }];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    writeSettings(home, { ...testSettings, ...options.settings });
    for (const packed of [vsixPath, ...options.beside ?? []]) await installExtension(home, packed);
    const server = await startVscodeServer({ home, trust: options.trust ?? false, env: { ...process.env, ...options.env } });
    ends.push(() => server.end());
    const browser = await startChromium();
    ends.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(patience);
    const consoleLines: string[] = [];
    page.on('console', (message) => { consoleLines.push(message.text()); });
    await page.goto(workbenchAddress(server, options.folder), { waitUntil: 'commit', timeout: 2 * patience });
    await page.locator('.monaco-workbench .activitybar').waitFor();
    // The status bar shows the remote connection only once the extension host is being reached.
    await page.locator('.statusbar [id="status.host"]').waitFor();
    return { page, home, consoleLines, screenshot: (name) => screenshot(page, name), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function screenshot(page: Page, name: string): Promise<string> {
  const folder = join(root, 'out', 'screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
