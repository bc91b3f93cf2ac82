import * as vscode from 'vscode';
import type { ServerEntry } from '../inventory/parse.ts';
import { toSessionTarget } from '../inventory/target.ts';
import { DisposableStore } from './disposables.ts';
import { ServerOwner, type OwnerServices } from './server/owner.ts';
import type { OwnedServer } from './server/ownedServer.ts';
import { needsAction } from './server/state.ts';
import { TerminalReporter } from './server/terminalReporter.ts';
import { ServerTerminal } from './terminal/serverTerminal.ts';
import type { LoadedFile, ServersFiles } from './workspace/serversFiles.ts';

/** A server of a servers file with its owner. */
export interface Member {
  readonly key: string;
  readonly file: vscode.Uri;
  readonly entry: ServerEntry;
  readonly owner: ServerOwner;
  readonly terminal: ServerTerminal;
}

/** Servers in the order of their files, by group; servers without a group stand for themselves. */
export interface MemberGroup {
  readonly key: string;
  readonly name: string;
  readonly members: readonly Member[];
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
  #top: readonly (Member | MemberGroup)[] = [];

  constructor(files: ServersFiles, services: OwnerServices) {
    this.#services = services;
    this.#store.add(files.onDidChange(() => { this.#reconcile(files.files); }));
  }

  /** What the tree shows at its top. */
  get top(): readonly (Member | MemberGroup)[] { return this.#top; }

  /** Every server. */
  get members(): readonly Member[] { return [...this.#members.values()]; }

  /** How many servers somebody has to do something about. */
  get needingAction(): number {
    return this.members.filter((member) => needsAction(member.owner.state)).length;
  }

  /** The servers of one file. */
  ownersOf(file: vscode.Uri): readonly Member[] {
    const key = file.toString();
    return this.members.filter((member) => member.file.toString() === key);
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
    const top: (Member | MemberGroup)[] = [];
    for (const file of files) {
      const made = new Map(file.content.servers.map((entry) => [entry, this.#member(file.uri, entry, before)]));
      const shown = new Set<string>();
      for (const [entry, member] of made) {
        if (entry.group === undefined) top.push(member);
        else if (!shown.has(entry.group)) {
          shown.add(entry.group);
          const members = [...made.values()].filter((other) => other.entry.group === entry.group);
          top.push({ key: `${file.uri.toString()}#group:${entry.group}`, name: entry.group, members });
        }
      }
    }
    this.#top = top;
    for (const [key, member] of before) if (!this.#members.has(key)) void member.owner.dispose();
    this.#membersChanged.fire();
  }

  /** The same member as before where the entry is still there, under a key that no other one has. */
  #member(file: vscode.Uri, entry: ServerEntry, before: ReadonlyMap<string, Member>): Member {
    const base = `${file.toString()}#${entry.name}`;
    let key = base;
    for (let n = 2; this.#members.has(key); n++) key = `${base}:${n}`;
    const server: OwnedServer = {
      key, name: entry.name, target: toSessionTarget(entry.target),
      claims: { computerName: entry.target.computerName, serviceAccount: entry.target.serviceAccount, role: entry.target.role },
    };
    const old = before.get(key);
    if (old !== undefined) void old.owner.update(server);
    const member = old === undefined ? this.#create(file, entry, server) : { ...old, entry };
    this.#members.set(key, member);
    return member;
  }

  #create(file: vscode.Uri, entry: ServerEntry, server: OwnedServer): Member {
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
    return { key: server.key, file, entry, owner, terminal };
  }
}
