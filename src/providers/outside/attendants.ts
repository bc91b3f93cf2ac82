import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import type { Fleet } from '../fleet.ts';
import { contextKeys, views } from '../ids.ts';
import { FileProblems } from '../workspace/fileProblems.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';

/** What keeps up with servers once a servers file was read: the badge, the status bar, the Problems view, the keys of `when` clauses. */
export class Attendants implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #fleet: Fleet;
  readonly #view: vscode.TreeView<unknown>;
  readonly #status = this.#store.add(vscode.window.createStatusBarItem('needingAction', vscode.StatusBarAlignment.Left));
  readonly #keys = new Map<string, boolean>();
  /** The problems of servers files; the language server adds to them. */
  readonly problems: FileProblems;

  constructor(files: ServersFiles, fleet: Fleet, view: vscode.TreeView<unknown>) {
    this.#fleet = fleet;
    this.#view = view;
    this.problems = this.#store.add(new FileProblems(files, fleet));
    this.#status.name = vscode.l10n.t('Entra Connect servers that need action');
    this.#status.command = `${views.servers}.focus`;
    this.#store.add(fleet.onDidChangeState(() => { this.#show(); }));
    this.#store.add(fleet.onDidChangeMembers(() => { this.#show(); }));
    this.#show();
  }

  dispose(): void { this.#store.dispose(); }

  #show(): void {
    const count = this.#fleet.needingAction;
    const text = count === 1 ? vscode.l10n.t('1 server needs action') : vscode.l10n.t('{0} servers need action', count);
    if ((this.#view.badge?.value ?? 0) !== count) {
      this.#view.badge = count === 0 ? undefined : { value: count, tooltip: text };
      // A colour of its own in every theme, high contrast included; the number and the words say the same.
      this.#status.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
      this.#status.text = `$(warning) Entra Connect: ${count}`;
      this.#status.tooltip = text;
      this.#status.accessibilityInformation = { label: `Entra Connect: ${text}` };
      if (count === 0) this.#status.hide();
      else this.#status.show();
    }
    this.#set(contextKeys.waiting, this.#fleet.members.some((member) => member.owner.state.waiting !== undefined));
    this.#set(contextKeys.diagnosed, this.#fleet.members.some((member) => member.owner.state.diagnosis !== undefined));
  }

  #set(key: string, value: boolean): void {
    if (this.#keys.get(key) === value) return;
    this.#keys.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
