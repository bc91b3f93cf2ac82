import * as vscode from 'vscode';
import { exportCsv } from '../../events/export/csv.ts';
import { exportJsonl } from '../../events/export/jsonl.ts';
import type { EventFilter, EventSort } from '../../events/event-filter.ts';
import type { EventStore } from '../../events/event-store.ts';
import { powershellQuery } from '../../events/export/powershell.ts';
import type { SlicePorts } from '../../events/view/slices.ts';
import { writeWhole } from '../../storage/wholeFile.ts';
import type { StoredEvents } from './storedEvents.ts';

const { t } = vscode.l10n;

/** Name endings of each form. */
const endings = { csv: 'csv', jsonl: 'events.jsonl', query: 'ps1' } as const;

/** What an export writes from. */
export interface ExportSource {
  readonly store: EventStore;
  readonly events: StoredEvents;
  readonly ports: SlicePorts;
  readonly title: string;
  /** Logs that were read. */
  readonly logs: readonly string[];
}

/** Asks where to, then writes what the filter shows, with progress and a way to cancel; a cancelled export leaves no file. */
export async function exportShown(source: ExportSource, as: keyof typeof endings, filter: EventFilter, sort: EventSort, signal: AbortSignal): Promise<{ readonly count: number; readonly path?: string }> {
  const name = `${source.title.replace(/[^\w.-]+/g, '-')}.${endings[as]}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({ ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }), filters: { [as === 'csv' ? 'CSV' : as === 'jsonl' ? 'JSON Lines' : 'PowerShell']: [as === 'query' ? 'ps1' : as] } });
  if (target === undefined) throw new DOMException('Nothing was exported.', 'AbortError');
  if (as === 'query') {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(powershellQuery(filter, source.logs)));
    return { count: 0, path: target.fsPath };
  }
  return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: t('Exporting events'), cancellable: true }, async (progress, token) => {
    const cancel = new AbortController();
    const stop = (): void => { cancel.abort(new DOMException('The export was cancelled.', 'AbortError')); };
    const heard = token.onCancellationRequested(stop);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const rows = await source.events.rows(filter, sort, cancel.signal);
      const ports = { ...source.ports, progress: (done: number): void => { progress.report({ message: t('{0} of {1}', done, rows.length) }); } };
      const chunks = as === 'csv' ? exportCsv(source.store, rows, { byteOrderMark: true }, ports, cancel.signal) : exportJsonl(source.store, rows, ports, cancel.signal);
      await write(target, chunks);
      return { count: rows.length, path: target.fsPath };
    } finally {
      heard.dispose();
      signal.removeEventListener('abort', stop);
    }
  });
}

async function write(target: vscode.Uri, chunks: AsyncIterable<string>): Promise<void> {
  if (target.scheme !== 'file') {
    const parts: string[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(parts.join('')));
    return;
  }
  await writeWhole(target.fsPath, chunks);
}
