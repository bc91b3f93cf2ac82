import * as vscode from 'vscode';
import type { ServerEntry } from '../inventory/parse.ts';
import { toSessionTarget, type Target } from '../inventory/target.ts';
import { DisposableStore } from './disposables.ts';
import { ServerOwner, type OwnerServices } from './server/owner.ts';
import type { OwnedServer } from './server/ownedServer.ts';
import { needsAction } from './server/state.ts';
import { TerminalReporter } from './server/terminalReporter.ts';
import { ServerTerminal } from './terminal/serverTerminal.ts';
import type { LoadedFile, ServersFiles } from './workspace/serversFiles.ts';

/** An entry of a servers file that has an error: it is shown, and cannot be connected to. */
export interface Broken {
  readonly key: string;
  readonly file: vscode.Uri;
  readonly entry: ServerEntry;
  readonly owner: undefined;
}

/** A server of a servers file with its owner. */
export interface Member {
  readonly key: string;
  readonly file: vscode.Uri;
  readonly entry: ServerEntry;
  readonly target: Target;
  readonly owner: ServerOwner;
  readonly terminal: ServerTerminal;
}

/** Servers in the order of their files, by group; servers without a group stand for themselves. */
export interface MemberGroup {
  readonly key: string;
  readonly name: string;
  readonly entries: readonly (Member | Broken)[];
}

/** All servers of all servers files, each with its owner; owners outlive edits of their file. */
export class Fleet implements vscode.Disposable {
  readonly #services: OwnerServices;
  readonly #store = new DisposableStore();
  readonly #membersChanged = this.#store.add(new vscode.EventEmitter<void>());
  readonly #stateChanged = this.#store.add(new vscode.EventEmitter<Member>());
  readonly #diagnosisChanged = this.#store.add(new vscode.EventEmitter<Member>());
  /** Servers came, went or moved. */
  readonly onDidChangeMembers = this.#membersChanged.event;
  /** One server's state changed. */
  readonly onDidChangeState = this.#stateChanged.event;
  /** One server's findings changed. */
  readonly onDidChangeDiagnosis = this.#diagnosisChanged.event;
  #members = new Map<string, Member>();
  readonly #broken = new Map<string, Broken>();
  #top: readonly (Member | Broken | MemberGroup)[] = [];

  constructor(files: ServersFiles, services: OwnerServices) {
    this.#services = services;
    this.#store.add(files.onDidChange(() => { this.#reconcile(files.files); }));
  }

  /** What the tree shows at its top. */
  get top(): readonly (Member | Broken | MemberGroup)[] { return this.#top; }

  /** Every server. */
  get members(): readonly Member[] { return [...this.#members.values()]; }

  /** What stands under a key. */
  find(key: string): Member | Broken | undefined {
    return this.#members.get(key) ?? this.#broken.get(key);
  }

  /** How many servers somebody has to do something about. */
  get needingAction(): number {
    return this.members.filter((member) => needsAction(member.owner.state)).length;
  }

  /** The servers of one file. */
  ownersOf(file: vscode.Uri): readonly Member[] {
    const key = file.toString();
    return this.members.filter((member) => member.file.toString() === key);
  }

  /** The window closes: runs are left as they stand, and go on on their servers where they can. */
  async leave(): Promise<void> {
    await Promise.all(this.members.map((member) => member.owner.leave()));
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.owner.dispose()));
  }

  dispose(): void {
    void this.close();
    this.#store.dispose();
  }

  #reconcile(files: readonly LoadedFile[]): void {
    const before = this.#members;
    this.#members = new Map();
    this.#broken.clear();
    const top: (Member | Broken | MemberGroup)[] = [];
    for (const file of files) {
      const made = new Map(file.content.servers.map((entry) => [entry, this.#entry(file.uri, entry, before)]));
      const shown = new Set<string>();
      for (const [entry, member] of made) {
        if (entry.group === undefined) top.push(member);
        else if (!shown.has(entry.group)) {
          shown.add(entry.group);
          const entries = [...made.values()].filter((other) => other.entry.group === entry.group);
          top.push({ key: `${file.uri.toString()}#group:${entry.group}`, name: entry.group, entries });
        }
      }
    }
    this.#top = top;
    for (const [key, member] of before) if (!this.#members.has(key)) void member.owner.dispose();
    this.#membersChanged.fire();
  }

  /** The same member as before where the entry is still there, under a key that no other one has. */
  #entry(file: vscode.Uri, entry: ServerEntry, before: ReadonlyMap<string, Member>): Member | Broken {
    const base = `${file.toString()}#${entry.name}`;
    let key = base;
    for (let n = 2; this.#members.has(key) || this.#broken.has(key); n++) key = `${base}:${n}`;
    const { target } = entry;
    if (target === undefined) {
      const broken: Broken = { key, file, entry, owner: undefined };
      this.#broken.set(key, broken);
      return broken;
    }
    const server: OwnedServer = {
      key, name: entry.name, file: file.scheme === 'file' ? file.fsPath : file.toString(), target: toSessionTarget(target),
      claims: { computerName: target.computerName, serviceAccount: target.serviceAccount, role: target.role },
    };
    const old = before.get(key);
    if (old !== undefined) void old.owner.update(server);
    const member = old === undefined ? this.#create(file, entry, target, server) : { ...old, entry, target };
    this.#members.set(key, member);
    return member;
  }

  #create(file: vscode.Uri, entry: ServerEntry, target: Target, server: OwnedServer): Member {
    let diagnosis: unknown;
    const terminal: ServerTerminal = new ServerTerminal(server.name, () => { owner.cancel(); });
    const owner: ServerOwner = new ServerOwner(server, this.#services, new TerminalReporter(terminal), () => {
      const member = this.#members.get(server.key);
      if (member === undefined) return;
      this.#stateChanged.fire(member);
      if (member.owner.state.diagnosis !== diagnosis) {
        diagnosis = member.owner.state.diagnosis;
        this.#diagnosisChanged.fire(member);
      }
    });
    return { key: server.key, file, entry, target, owner, terminal };
  }
}
