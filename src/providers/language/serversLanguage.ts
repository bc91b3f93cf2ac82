import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import { serversLanguage } from '../ids.ts';
import type { Logger } from '../logger.ts';
import type { Published } from './client.ts';

/** Starts the language client when the first servers file is open: whoever opens none never loads it. */
export function startWithFirstFile(context: vscode.ExtensionContext, channel: vscode.LogOutputChannel, log: Logger, published: Published): DisposableStore {
  const store = new DisposableStore();
  let started = false;
  const start = (document: vscode.TextDocument): void => {
    if (started || document.languageId !== serversLanguage) return;
    started = true;
    void import('./client.ts')
      .then(async ({ startLanguageClient }) => { store.add(await startLanguageClient(context.asAbsolutePath(join('dist', 'languageServer.js')), channel, published)); })
      .catch((error: unknown) => { log.error(`The language server of servers files did not start: ${String(error)}`); });
  };
  store.add(vscode.workspace.onDidOpenTextDocument(start));
  vscode.workspace.textDocuments.forEach(start);
  return store;
}
