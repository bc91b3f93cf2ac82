import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import { commands, serversLanguage } from '../ids.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';

/** The language status of a servers file: how many servers it names, and whether any of them cannot be used. */
export function showLanguageStatus(files: ServersFiles): DisposableStore {
  const { t } = vscode.l10n;
  const store = new DisposableStore();
  const item = store.add(vscode.languages.createLanguageStatusItem('entraConnectServers', { language: serversLanguage }));
  item.name = t('Servers file');
  item.command = { title: t('Add Server'), command: commands.addServer };
  const show = (): void => {
    const open = vscode.window.activeTextEditor?.document.uri.toString();
    const file = files.files.find((one) => one.uri.toString() === open);
    item.busy = file === undefined && !files.loaded;
    if (file === undefined) {
      item.text = t('Servers file');
      item.detail = t('Not read: it lies outside of this workspace');
      item.severity = vscode.LanguageStatusSeverity.Information;
      return;
    }
    const { servers } = file.content;
    const broken = servers.filter((entry) => entry.target === undefined).length;
    item.text = t('{0} servers', servers.length);
    item.detail = broken === 0 ? t('Version 1') : t('{0} of them with errors', broken);
    item.severity = broken === 0 ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Error;
  };
  store.add(files.onDidChange(show));
  store.add(vscode.window.onDidChangeActiveTextEditor(show));
  show();
  return store;
}
