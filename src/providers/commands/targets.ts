import * as vscode from 'vscode';
import type { Fleet, Member } from '../fleet.ts';
import type { Subject, TreeNode } from '../tree/node.ts';

/** Finds out which servers a command is about: the node it was called on, the tree's selection, or the person's answer. */
export class Targets {
  readonly #fleet: Fleet;
  readonly #nodeOf: (element: unknown) => TreeNode | undefined;
  readonly #selection: () => readonly unknown[];
  readonly #load: () => Promise<void>;

  constructor(fleet: Fleet, nodeOf: (element: unknown) => TreeNode | undefined, selection: () => readonly unknown[], load: () => Promise<void>) {
    this.#fleet = fleet;
    this.#nodeOf = nodeOf;
    this.#selection = selection;
    this.#load = load;
  }

  /** What the clicked node stands for; without a node, what is selected. */
  subject(element: unknown): Subject | undefined {
    return (this.#nodeOf(element) ?? this.#nodeOf(this.#selection()[0]))?.subject;
  }

  /** One server; asks where neither the node nor the selection tells. Undefined: nobody chose one. */
  async one(element: unknown, title: string, fits: (member: Member) => boolean = () => true): Promise<Member | undefined> {
    const subject = this.subject(element);
    if (subject !== undefined && 'member' in subject) return subject.member;
    // Where none is known to fit, every one is offered: what is known may be old.
    return await this.#ask(title, this.#fleet.members.some(fits) ? fits : () => true);
  }

  /** One or several servers: a group stands for all of its own, several selected nodes for each of theirs. */
  async several(element: unknown, elements: unknown, title: string, fits: (member: Member) => boolean): Promise<readonly Member[]> {
    const chosen = Array.isArray(elements) && elements.length > 0 ? elements : [element ?? this.#selection()[0]];
    const members = new Map<string, Member>();
    for (const item of chosen) {
      const subject = this.#nodeOf(item)?.subject;
      if (subject === undefined) continue;
      for (const member of membersOf(subject)) members.set(member.key, member);
    }
    if (members.size > 0) return [...members.values()];
    const asked = await this.#ask(title, fits);
    return asked === undefined ? [] : [asked];
  }

  /** The selected servers where there are several, else those that a person picks from all; undefined: nobody picked any. */
  async pickSeveral(element: unknown, elements: unknown, title: string): Promise<readonly Member[] | undefined> {
    const chosen = Array.isArray(elements) && elements.length > 1 ? elements : element === undefined ? this.#selection() : [element];
    const members = new Map<string, Member>();
    for (const item of chosen) {
      const subject = this.#nodeOf(item)?.subject;
      for (const member of subject === undefined ? [] : membersOf(subject)) members.set(member.key, member);
    }
    if (members.size > 1) return [...members.values()];
    await this.#load();
    const items = this.#fleet.members.map((member) => ({ label: member.entry.name, description: member.entry.group ?? '', picked: true, member }));
    if (items.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No server fits. Servers come from files named *.connect.yaml in this workspace.'));
      return undefined;
    }
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which servers?'), canPickMany: true, matchOnDescription: true });
    return picked === undefined || picked.length === 0 ? undefined : picked.map((item) => item.member);
  }

  async #ask(title: string, fits: (member: Member) => boolean): Promise<Member | undefined> {
    await this.#load();
    const fitting = this.#fleet.members.filter((member) => fits(member));
    const items = fitting.map((member) => ({ label: member.entry.name, description: member.entry.group ?? '', detail: member.owner.state.connection.kind === 'connected' ? vscode.l10n.t('connected') : vscode.l10n.t('not connected'), member }));
    if (items.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No server fits. Servers come from files named *.connect.yaml in this workspace.'));
      return undefined;
    }
    return (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which server?'), matchOnDescription: true }))?.member;
  }
}

function membersOf(subject: Subject): readonly Member[] {
  if (subject.kind === 'group') return subject.members;
  return 'member' in subject ? [subject.member] : [];
}
