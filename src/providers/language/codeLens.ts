import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import type { Fleet } from '../fleet.ts';
import { commands, serversLanguage } from '../ids.ts';
import { isRunning } from '../server/state.ts';

/** Above each entry: connect or disconnect, diagnose, and its events. */
export class ServerLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #fleet: Fleet;
  readonly #load: () => Promise<void>;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;

  /** @param load reads the servers files, if nobody did so far */
  constructor(fleet: Fleet, load: () => Promise<void>) {
    this.#fleet = fleet;
    this.#load = load;
    this.#store.add(fleet.onDidChangeMembers(() => { this.#changed.fire(); }));
    const kinds = new Map<string, string>();
    this.#store.add(fleet.onDidChangeState(({ key, owner }) => {
      const { kind } = owner.state.connection;
      if (kinds.get(key) !== kind) this.#changed.fire();
      kinds.set(key, kind);
    }));
    this.#store.add(vscode.languages.registerCodeLensProvider({ language: serversLanguage }, this));
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    await this.#load();
    const { t } = vscode.l10n;
    return this.#fleet.ownersOf(document.uri).flatMap(({ key, entry, owner }) => {
      const { start } = entry.nameRange;
      // The text may be shorter by now; the lenses come again once it was read.
      if (start.line >= document.lineCount) return [];
      const range = new vscode.Range(start.line, start.column, start.line, start.column);
      const element = { kind: 'server', key };
      const lens = (title: string, command: string): vscode.CodeLens => new vscode.CodeLens(range, { title, command, arguments: [element] });
      const connected = owner.state.connection.kind === 'connected';
      return [
        ...isRunning(owner.state) ? [] : [connected ? lens(t('Disconnect'), commands.disconnect) : lens(t('Connect'), commands.connect), lens(t('Diagnose'), commands.diagnose)],
        lens(t('Events'), commands.showEvents),
      ];
    });
  }

  dispose(): void {
    this.#store.dispose();
  }
}
