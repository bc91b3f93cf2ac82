import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import * as vscode from 'vscode';
import { EventLog } from '../../src/providers/events/eventLog.ts';
import { openEventFile } from '../../src/providers/events/eventFile.ts';
import { EventLogPanels } from '../../src/providers/events/eventLogPanels.ts';
import { KeptPages } from '../../src/providers/events/keptPages.ts';
import { eventViews } from '../../src/providers/ids.ts';
import { RedactingLogger } from '../../src/providers/logger.ts';
import { saveSupportPackage } from '../../src/providers/support/savePackage.ts';
import { protocolVersion } from '../../src/events/protocol.ts';
import { Journals } from '../../src/storage/journals.ts';
import { at, EventServer, PageEnd } from './support/eventServer.ts';
import { eventually } from './support/eventually.ts';
import { activate } from './support/extension.ts';
import { serversFile, testFleet } from './support/fleet.ts';

const quiet = { debug: (): void => undefined, info: (): void => undefined, warn: (): void => undefined, error: (): void => undefined };
const extension = (): vscode.Uri => vscode.extensions.getExtension('entra-connect-remediation.entra-connect-remediation')!.extensionUri;
const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;

/** Presses the button of an open save dialog, the editor's own, until the file is chosen. */
async function acceptingDialogs<T>(work: Promise<T>): Promise<T> {
  let settled = false;
  const done = (): void => { settled = true; };
  work.then(done, done);
  await eventually('the dialog to be answered', async () => {
    if (!settled) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return settled;
  });
  return await work;
}

describe('the event viewer', () => {
  const open: { dispose(): void | Promise<void> }[] = [];
  let server: EventServer;

  beforeEach(async () => {
    await activate();
    server = new EventServer({
      'System': { events: [{ record: 12, ticks: at(30), id: 7024, provider: 'Service Control Manager', message: '=cmd|calc' }, { record: 11, ticks: at(10), id: 7036, provider: 'Service Control Manager' }] },
      'Application': { events: [{ record: 5, ticks: at(20), id: 6208, message: 'keys; pwd=Event-Secret-1' }] },
      'Security': { events: [], outcome: 'denied' },
      'Microsoft-Windows-Crypto-DPAPI/Operational': { events: [] },
      'Setup': { events: [{ record: 1, ticks: at(5), id: 2, provider: 'Servicing' }] },
    });
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  function member(): ReturnType<typeof testFleet>['fleet']['members'][number] {
    const fleet = testFleet(serversFile('A'), () => Promise.resolve(server));
    open.push(fleet);
    return fleet.fleet.members[0]!;
  }

  /** A viewer whose page is ready. */
  async function viewer(): Promise<{ log: EventLog; page: PageEnd }> {
    const page = new PageEnd();
    const log = new EventLog([member()], quiet, page.post, undefined);
    open.push(log);
    page.receive = (message) => log.host.receive(message);
    await page.receive({ kind: 'ready', version: protocolVersion });
    return { log, page };
  }

  it('tells of a log that the account may not read, and shows the others', async () => {
    const { log, page } = await viewer();
    await log.show(undefined, undefined);
    await eventually('the notice', () => page.notices.some((text) => /^A: the account may not read the log Security\. .*Event Log Readers/.test(text)));
    assert.deepEqual((await page.rows()).map(({ id }) => id), [7024, 6208, 7036]);
    await eventually('its clock', () => page.last('servers')?.servers[0]?.offset === 120);
  });

  it('tells while it follows that a log was emptied, and keeps what it showed', async () => {
    const { log, page } = await viewer();
    await log.show(undefined, undefined);
    await page.ask({ kind: 'follow', on: true });
    server.logs.set('System', { events: [{ record: 1, ticks: at(50), id: 104, provider: 'Microsoft-Windows-Eventlog' }] });
    await eventually('the notice', () => page.notices.some((text) => text === 'A: the log System was cleared. What was read before is still shown.'));
    await eventually('the new event', async () => (await page.rows()).map(({ id }) => id).join() === '104,7024,6208,7036');
  });

  it('says that the session was lost, keeps what came, and reads the rest on Retry', async () => {
    const { log, page } = await viewer();
    server.breaks = true;
    await log.show(undefined, undefined);
    await eventually('the notice', () => page.last('notices')?.notices.some(({ text, action }) => text === 'A: The connection to SYNC1 was lost. What was read is still shown.' && action === 'retry'));
    assert.deepEqual((await page.rows()).map(({ id }) => id), [7024, 7036]);
    server.breaks = false;
    await page.ask({ kind: 'retry' });
    await eventually('no notice of it', () => !page.notices.some((text) => text.includes('lost')));
    assert.deepEqual((await page.rows()).map(({ id }) => id), [7024, 6208, 7036]);
  });

  it('reads a log that is picked from those of the server', async () => {
    const { log, page } = await viewer();
    await log.show(undefined, undefined);
    const picked = page.ask({ kind: 'preset', id: 'another-log' });
    await eventually('the list', () => server.calls.includes('list-logs'));
    const { filter } = await acceptingDialogs(picked);
    assert.equal(filter.terms[0]?.field, 'log');
    const name = filter.terms[0].values[0];
    assert.ok(typeof name === 'string' && server.logs.has(name), String(name));
  });

  it('saves filters by name in the workspace, for every viewer', async () => {
    const { page } = await viewer();
    const filter = { terms: [{ field: 'id' as const, values: [6208], exclude: false }] };
    await page.ask({ kind: 'saveFilter', name: 'Keys', filter });
    assert.deepEqual(page.last('filters')?.filters.map(({ name }) => name), ['Keys']);
    const text = await readFile(join(folder().fsPath, '.vscode', 'entra-connect-filters.json'), 'utf8');
    assert.match(text, /Keys[^]*6208/);
    const other = await viewer();
    assert.deepEqual(other.page.last('init')?.filters.map((one) => [one.name, one.filter]), [['Keys', filter]]);
    await other.page.ask({ kind: 'removeFilter', name: 'Keys' });
    assert.deepEqual(other.page.last('filters')?.filters, []);
  });

  it('exports CSV that is no formula, JSON Lines that it opens again read-only, and a PowerShell query', async () => {
    const { log, page } = await viewer();
    await log.show(undefined, undefined);
    await page.rows();
    const exported = async (as: 'csv' | 'jsonl' | 'query'): Promise<string> => (await acceptingDialogs(page.ask({ kind: 'exportEvents', as }))).path ?? '';
    const csv = await exported('csv');
    assert.match(await readFile(csv, 'utf8'), /^\ufeffserver,log,recordId[^]*,"?'=cmd\|calc/);
    assert.match(await readFile(await exported('query'), 'utf8'), /Get-WinEvent/);
    const jsonl = vscode.Uri.file(await exported('jsonl'));
    assert.match(jsonl.path, /\.events\.jsonl$/);

    await vscode.commands.executeCommand('vscode.open', jsonl);
    await eventually('its tab', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom && input.viewType === eventViews.file && input.uri.path === jsonl.path;
    });
    const again = new PageEnd();
    const heard = new vscode.EventEmitter<unknown>();
    const gone = new vscode.EventEmitter<void>();
    open.push({ dispose: () => { gone.fire(); } });
    const webview = { options: {}, html: '', cspSource: 'x:', asWebviewUri: (uri: vscode.Uri) => uri, postMessage: (message: never) => { again.post(message); return Promise.resolve(true); }, onDidReceiveMessage: heard.event };
    await openEventFile(jsonl, { webview, onDidDispose: gone.event } as unknown as vscode.WebviewPanel, extension(), quiet);
    again.receive = async (message) => {
      const before = again.told.length;
      heard.fire(message);
      await eventually('the answer', () => again.told.length > before);
    };
    await again.receive({ kind: 'ready', version: protocolVersion });
    assert.equal(again.last('init')?.readOnly, true);
    assert.deepEqual((await again.rows()).map(({ id }) => id), [7024, 6208, 7036]);
    await assert.rejects(again.ask({ kind: 'retry' }), /A file cannot do that/);
  });

  it('comes back with the window as it was, and reads nothing before it is asked to', async () => {
    const stored = new Map<string, unknown>();
    const memento = { keys: () => [...stored.keys()], get: (name: string): unknown => stored.get(name), update: (name: string, value: unknown) => { stored.set(name, value); return Promise.resolve(); } };
    const kept = new KeptPages(memento as vscode.Memento);
    const panels = new EventLogPanels(extension(), quiet, kept);
    open.push(panels);
    const owner = member();
    const state = { source: [owner.key], filter: { terms: [] }, sort: { field: 'id', descending: false }, columns: [], bookmarks: [], clock: 'utc', sidebar: true, details: false, detailsHeight: 200, search: { query: { text: '', regex: false, caseSensitive: false }, only: false } };
    const panel = vscode.window.createWebviewPanel(eventViews.log, 'earlier', vscode.ViewColumn.Active, {});
    panels.restore(panel, state, [owner]);
    assert.equal(panel.title, 'Events: A');
    assert.deepEqual(server.calls, []);
    // What leads to an event asks for its log, too: not for that event alone.
    await panels.show([owner], undefined, { server: 'A', log: 'System', recordId: 999 });
    assert.ok(server.calls.filter((call) => call === 'read-events').length > 1, server.calls.join());
    // The tab of a server that no file has any more goes away.
    const orphan = vscode.window.createWebviewPanel(eventViews.log, 'orphan', vscode.ViewColumn.Active, {});
    const closed = new Promise<void>((resolve) => { orphan.onDidDispose(resolve); });
    panels.restore(orphan, { ...state, source: ['gone'] }, [owner]);
    await closed;
  });

  it('writes a support package without the secrets in it', async () => {
    const log = new RedactingLogger(quiet);
    const saved = saveSupportPackage(member(), new Journals(join(folder().fsPath, 'no-runs')), log);
    const file = vscode.Uri.joinPath(folder(), 'A-support.zip');
    await eventually('the package', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return (await vscode.workspace.fs.stat(file).then(({ size }) => size, () => 0)) > 0 && server.calls.includes('read-trace-logs');
    });
    await eventually('its notification to be read', async () => {
      await vscode.commands.executeCommand('notifications.clearAll');
      return await Promise.race([saved.then(() => true), new Promise<false>((resolve) => { setTimeout(() => { resolve(false); }, 50); })]);
    });
    const files = unzipSync(new Uint8Array(await readFile(file.fsPath)));
    assert.deepEqual(Object.keys(files).sort(), ['events.events.jsonl', 'findings.json', 'problems.txt', 'trace/trace-20260329-080000.log', 'versions.json']);
    const all = Object.values(files).map((bytes) => strFromU8(bytes)).join('\n');
    assert.match(all, /6208/);
    assert.doesNotMatch(all, /Event-Secret-1|Trace-Secret-1/);
  });
});
