// The event page in a plain browser: the real page, the real end of the host, and services that a test writes down.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { protocolVersion, type Init, type PageState } from '../../../src/events/protocol.ts';
import type { EventModel } from '../../../src/providers/events/eventModel.ts';
import { pageHtml } from '../../../src/providers/events/pageHtml.ts';
import { PageHost, type PageServices } from '../../../src/providers/events/pageHost.ts';
import { pageTexts } from '../../../src/providers/events/pageTexts.ts';
import { root } from '../../../scripts/vscode/root.mjs';

/** What services were asked, in order. */
export type Asked = readonly [name: string, ...what: readonly unknown[]];

/** An open page with both of its ends. */
export interface EventPage {
  readonly page: Page;
  readonly host: PageHost;
  readonly asked: Asked[];
  /** Errors of the page's scripts and what its policy refused. */
  readonly errors: string[];
  /** What page and host said to each other, in order: `view asked`, `view answered`, and the kinds of all other messages. */
  readonly traffic: string[];
  /** What the page told the editor to keep. */
  state(): PageState | undefined;
  close(): Promise<void>;
}

const address = 'https://events.invalid';
const themes = {
  dark: { 'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', 'descriptionForeground': '#9d9d9d', 'focusBorder': '#0078d4', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff', 'list-inactiveSelectionBackground': '#37373d', 'list-hoverBackground': '#2a2d2e', 'input-background': '#313131', 'input-foreground': '#cccccc', 'dropdown-background': '#313131', 'dropdown-foreground': '#cccccc', 'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-background': '#0e639c', 'button-foreground': '#ffffff', 'panel-border': '#2b2b2b', 'charts-red': '#f14c4c', 'charts-yellow': '#cca700', 'charts-blue': '#3794ff', 'charts-green': '#89d185', 'charts-purple': '#b180d7', 'badge-background': '#4d4d4d', 'badge-foreground': '#f8f8f8', 'textLink-foreground': '#4daafc', 'errorForeground': '#f85149', 'menu-background': '#1f1f1f', 'menu-selectionBackground': '#0078d4', 'menu-selectionForeground': '#ffffff', 'menu-border': '#454545' },
};

/** Opens the page over a model; `kept`: what the editor kept of it before. */
export async function openEventPage(browser: Browser, model: EventModel, services: Partial<PageServices> = {}, init: Partial<Init> = {}, kept?: PageState): Promise<EventPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, timezoneId: 'Europe/Berlin', locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const asked: Asked[] = [];
  const errors: string[] = [];
  const traffic: string[] = [];
  let state = kept;
  const note = <T>(name: string, result: T) => (...what: unknown[]): T => { asked.push([name, ...what]); return result; };
  const done = Promise.resolve();
  const host = new PageHost(model, {
    decorate: () => ({}), explain: () => Promise.resolve({ findings: [], actions: [] }), xml: note('xml', Promise.resolve('<Event/>')), copy: note('copy', done), copyRows: note('copyRows', done),
    exportEvents: note('export', Promise.resolve({ count: 3 })), act: note('act', done), preset: () => Promise.resolve({ filter: { terms: [] } }), saveFilter: note('saveFilter', done), removeFilter: note('removeFilter', done),
    readAround: note('readAround', done), readOlder: note('readOlder', done), cancelReading: note('cancel', undefined), retry: note('retry', done), follow: note('follow', done),
    keep: (now) => { state = now; }, warn: (text) => { errors.push(`host: ${text}`); },
    init: () => Promise.resolve({
      version: protocolVersion, title: 'Events: SYNC01', source: ['SYNC01'], readOnly: false, servers: [{ name: 'SYNC01', offset: -300 }], presets: [], filters: [], strings: pageTexts((text) => text), locale: 'en', filter: { terms: [] }, ...init,
    }),
    ...services,
  }, (message) => {
    traffic.push(message.kind === 'reply' ? `${message.request} answered` : message.kind);
    page.evaluate(`window.postMessage(${JSON.stringify(message)})`).catch(() => undefined);
  }, (milliseconds) => wait(milliseconds));
  page.on('pageerror', (error) => { errors.push(error.message); });
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  await page.exposeFunction('toHost', (message: { readonly kind: string; readonly request?: { readonly kind: string } }) => {
    traffic.push(message.request === undefined ? message.kind : `${message.request.kind} asked`);
    void host.receive(message);
  });
  await page.addInitScript(`
    window.kept = ${JSON.stringify(kept ?? null)};
    window.acquireVsCodeApi = () => ({ postMessage: (m) => { window.toHost(m); }, getState: () => window.kept ?? undefined, setState: (s) => { window.kept = s; } });
    document.addEventListener('securitypolicyviolation', (e) => { console.error('refused by policy: ' + e.violatedDirective + ' ' + e.blockedURI); });
    document.addEventListener('DOMContentLoaded', () => { for (const [name, value] of Object.entries(${JSON.stringify(themes.dark)})) document.documentElement.style.setProperty('--vscode-' + name, value); document.body.classList.add('vscode-dark'); });`);
  await page.route(`${address}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') await route.fulfill({ contentType: 'text/html', body: pageHtml({ script: `${address}/main.js`, style: `${address}/events.css`, source: address, nonce: 'bm9uY2U', title: 'Events', language: 'en' }) });
    else if (path === '/main.js' || path === '/events.css') await route.fulfill({ contentType: path === '/main.js' ? 'text/javascript' : 'text/css', body: readFileSync(join(root, 'dist', 'page', path.slice(1))) });
    else await route.fulfill({ status: 404 });
  });
  await page.goto(`${address}/`);
  await page.locator('body[data-ready]').waitFor();
  return { page, host, asked, errors, traffic, state: () => state, close: async () => { host.dispose(); await context.close(); } };
}
