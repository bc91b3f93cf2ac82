import { createReadStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { newsOf } from '../../connect/event-remedies.ts';
import { EventStore } from '../../events/event-store.ts';
import { copyAsJson, copyAsText } from '../../events/export/copy.ts';
import { importJsonl } from '../../events/export/import-jsonl.ts';
import { protocolVersion, type PageState } from '../../events/protocol.ts';
import type { Logger } from '../logger.ts';
import { slices } from './eventLog.ts';
import { showPage } from './eventLogPanels.ts';
import { exportShown } from './exporting.ts';
import { PageHost } from './pageHost.ts';
import { pageTexts } from './pageTexts.ts';
import { explainRow } from './rowActions.ts';
import { StoredEvents } from './storedEvents.ts';

const { t } = vscode.l10n;
/** Problems of a file that are told one by one. */
const mostProblems = 3;

/** Shows an exported file in the event page, read-only: nothing is connected to, nothing can be started. */
export async function openEventFile(uri: vscode.Uri, panel: vscode.WebviewPanel, extension: vscode.Uri, log: Logger): Promise<void> {
  const store = new EventStore();
  const events = new StoredEvents(store, slices);
  const title = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const reading = new AbortController();
  let state: PageState | undefined;
  const notHere = (): Promise<never> => Promise.reject(new Error(t('A file cannot do that: only a server can.')));
  const copy = async (text: string): Promise<void> => { await vscode.env.clipboard.writeText(text); };
  const host = new PageHost(events, {
    decorate: (row) => { const known = newsOf(row.provider, row.id); return known === undefined ? {} : { known }; },
    explain: (row) => Promise.resolve({ ...explainRow(row, undefined), actions: [] }), xml: notHere, copy,
    copyRows: async (rows, as) => { if (as === 'text') await copy(copyAsText(rows)); else if (as === 'json') await copy(copyAsJson(rows)); else await notHere(); },
    exportEvents: (as, filter, sort, signal) => exportShown({ store, events, ports: slices, title, logs: store.logs.names }, as, filter, sort, signal),
    act: notHere, preset: notHere, saveFilter: notHere, removeFilter: notHere, readAround: notHere, readOlder: notHere, cancelReading: () => { reading.abort(); }, retry: notHere, follow: notHere,
    keep: (kept) => { state = kept; }, warn: (text) => { log.warn(`events: ${text}`); },
    init: () => Promise.resolve({
      version: protocolVersion, title, source: [uri.toString()], readOnly: true, servers: store.servers.names.map((name) => ({ name })), presets: [], filters: [], strings: pageTexts(t), locale: vscode.env.language,
      filter: { terms: [] }, ...(state === undefined ? {} : { state }),
    }),
  }, (message) => { void panel.webview.postMessage(message); }, (milliseconds) => wait(milliseconds));
  const heard = panel.webview.onDidReceiveMessage((message: unknown) => { void host.receive(message); });
  panel.onDidDispose(() => { reading.abort(); heard.dispose(); host.dispose(); });
  showPage(panel.webview, extension, title);
  await read(uri, store, host, reading.signal);
}

async function read(uri: vscode.Uri, store: EventStore, host: PageHost, signal: AbortSignal): Promise<void> {
  const problems: string[] = [];
  let broken = 0;
  let complete = false;
  try {
    for await (const item of importJsonl(await textOf(uri))) {
      if (signal.aborted) break;
      if (item.kind === 'problem') {
        broken++;
        if (problems.length < mostProblems) problems.push(t('line {0}: {1}', item.problem.line, `${item.problem.code.replaceAll('-', ' ')} ${item.problem.key}`.trim()));
        continue;
      }
      store.append(item.server, item.batch);
      host.reading(true, t('Reading the file'), false);
      host.grown();
    }
    complete = !signal.aborted;
  } catch (error) {
    problems.push((error as Error).message);
    broken++;
  }
  host.reading(false, '', complete);
  host.grown();
  if (broken > 0) host.notices([{ id: 'file', severity: 'warning', text: t('{0} lines of this file are no events: {1}', broken, problems.join('; ')) }]);
}

/** The file's text, in pieces where it is on this machine. */
async function textOf(uri: vscode.Uri): Promise<AsyncIterable<string> | Iterable<string>> {
  if (uri.scheme === 'file') return createReadStream(uri.fsPath, 'utf8') as AsyncIterable<string>;
  return [new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))];
}
