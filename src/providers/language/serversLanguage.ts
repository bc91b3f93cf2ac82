import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import { serversLanguage } from '../ids.ts';
import { loadLater } from '../later.ts';
import type { Logger } from '../logger.ts';
import type { LanguageParts } from './whenOpen.ts';

/** Starts the language client when the first servers file is open: whoever opens none never loads it. */
export function startWithFirstFile(context: vscode.ExtensionContext, log: Logger, parts: LanguageParts): DisposableStore {
  const store = new DisposableStore();
  let started = false;
  const start = (document: vscode.TextDocument): void => {
    if (started || document.languageId !== serversLanguage) return;
    started = true;
    void loadLater()
      .then(async ({ startLanguage }) => { store.add(await startLanguage(context.asAbsolutePath(join('dist', 'languageServer.js')), parts)); })
      .catch((error: unknown) => { log.error(`The language server of servers files did not start: ${String(error)}`); });
  };
  store.add(vscode.workspace.onDidOpenTextDocument(start));
  vscode.workspace.textDocuments.forEach(start);
  return store;
}
