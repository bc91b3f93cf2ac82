import type * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import type { Fleet } from '../fleet.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import { commands, serversLanguage } from '../ids.ts';
import type { Published } from './client.ts';
import { ServerLenses } from './codeLens.ts';
import { showLanguageStatus } from './status.ts';

/** What the features of an open servers file need. */
export interface LanguageParts {
  readonly files: ServersFiles;
  readonly fleet: Fleet;
  readonly channel: vscode.LogOutputChannel;
  readonly published: Published;
}

/** Everything that an open servers file has: lenses and status at once, and the language client. */
export async function startLanguage(server: string, { files, fleet, channel, published }: LanguageParts): Promise<DisposableStore> {
  const store = new DisposableStore();
  store.add(new ServerLenses(fleet, () => files.load()));
  store.add(showLanguageStatus(files));
  const { startLanguageClient } = await import('./client.ts');
  store.add(await startLanguageClient(server, { language: serversLanguage, moveSecretCommand: commands.moveSecret }, channel, published));
  return store;
}
