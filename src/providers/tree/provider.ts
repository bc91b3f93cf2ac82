import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import type { Broken, Fleet, Member, MemberGroup } from '../fleet.ts';
import { loadLater } from '../later.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { TreeNode } from './node.ts';
import { brokenNode, serverNode } from './serverNode.ts';

/** Milliseconds that changes of one server are collected before its node is drawn again. */
const refreshDelay = 60;
/** With more servers than this, a server that gets something to show stays closed. */
export const openLimit = 8;

/** A node of the tree: servers and groups stay the same object, so that one of them can be refreshed alone. */
export type Element = { readonly kind: 'group'; group: MemberGroup } | { readonly kind: 'server'; readonly key: string } | { readonly kind: 'node'; readonly node: TreeNode };

/** The tree of servers. Children come from memory, at once; nothing here waits for a server. */
export class ServersTree implements vscode.TreeDataProvider<Element>, vscode.Disposable {
  readonly #files: ServersFiles;
  readonly #fleet: Fleet;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<Element | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #servers = new Map<string, Element & { kind: 'server' }>();
  readonly #groups = new Map<string, Element & { kind: 'group' }>();
  readonly #pending = new Map<string, { readonly timer: NodeJS.Timeout; readonly over: Promise<void> }>();

  constructor(files: ServersFiles, fleet: Fleet) {
    this.#files = files;
    this.#fleet = fleet;
    this.#store.add(fleet.onDidChangeMembers(() => { this.#changed.fire(undefined); }));
    this.#store.add(fleet.onDidChangeState((member) => { this.#refreshSoon(member.key); }));
  }

  async getChildren(element?: Element): Promise<Element[]> {
    if (element === undefined) {
      await this.#files.load();
      return this.#fleet.top.map((entry) => 'entries' in entry ? this.#group(entry) : this.#server(entry));
    }
    switch (element.kind) {
      case 'group': return element.group.entries.map((entry) => this.#server(entry));
      case 'server': return await this.#below(element.key);
      case 'node': return elements(element.node.children?.() ?? []);
    }
  }

  getTreeItem(element: Element): vscode.TreeItem {
    switch (element.kind) {
      case 'group': return groupItem(element.group);
      case 'server': return treeItem(this.#nodeOf(element.key), element);
      case 'node': return treeItem(element.node, element);
    }
  }

  resolveTreeItem(item: vscode.TreeItem, element: Element): vscode.TreeItem {
    const node = this.nodeOf(element);
    if (node?.tooltip !== undefined) {
      // Not trusted: a server's text can never become a command link.
      item.tooltip = new vscode.MarkdownString(node.tooltip(), true);
    }
    return item;
  }

  /** Where an element belongs: what revealing it needs. Nodes below a server are revealed with it. */
  getParent(element: Element): Element | undefined {
    if (element.kind !== 'server') return undefined;
    return [...this.#groups.values()].find((group) => group.group.entries.some((entry) => entry.key === element.key));
  }

  /** The element of a server, once the tree has shown it. */
  elementOf(key: string): Element | undefined {
    return this.#servers.get(key);
  }

  /** Once the editor has been told of every change of a server so far. */
  async drawn(key: string): Promise<void> {
    await this.#pending.get(key)?.over;
  }

  /** The node behind an element, for commands. */
  nodeOf(element: unknown): TreeNode | undefined {
    if (typeof element !== 'object' || element === null || !('kind' in element)) return undefined;
    const known = element as Element;
    switch (known.kind) {
      case 'group': return { id: known.group.key, label: known.group.name, subject: { kind: 'group', members: known.group.entries.filter((entry) => entry.owner !== undefined) } };
      case 'server': return this.#nodeOf(known.key);
      case 'node': return known.node;
    }
  }

  dispose(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#store.dispose();
  }

  #nodeOf(key: string): TreeNode | undefined {
    const entry = this.#fleet.find(key);
    if (entry === undefined) return undefined;
    return entry.owner === undefined ? brokenNode(entry) : serverNode(entry, this.#fleet.members.length <= openLimit);
  }

  async #below(key: string): Promise<Element[]> {
    // Most servers of a long list are never opened.
    const { serverChildren } = await loadLater();
    const entry = this.#fleet.find(key);
    return entry?.owner === undefined ? [] : elements(serverChildren(entry));
  }

  #server(member: Member | Broken): Element {
    const element = this.#servers.get(member.key) ?? { kind: 'server' as const, key: member.key };
    this.#servers.set(member.key, element);
    return element;
  }

  #group(group: MemberGroup): Element {
    const element = this.#groups.get(group.key) ?? { kind: 'group' as const, group };
    element.group = group;
    this.#groups.set(group.key, element);
    return element;
  }

  #refreshSoon(key: string): void {
    if (this.#pending.has(key)) return;
    let told = (): void => undefined;
    const over = new Promise<void>((resolve) => { told = resolve; });
    const timer = setTimeout(() => {
      this.#pending.delete(key);
      const element = this.#servers.get(key);
      if (element !== undefined) this.#changed.fire(element);
      told();
    }, refreshDelay);
    this.#pending.set(key, { timer, over });
  }
}

function elements(nodes: readonly TreeNode[]): Element[] {
  return nodes.map((node) => ({ kind: 'node', node }));
}

function groupItem(group: MemberGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(sanitizeLine(group.name, 80), vscode.TreeItemCollapsibleState.Expanded);
  item.id = group.key;
  item.contextValue = 'group';
  item.iconPath = new vscode.ThemeIcon('server-environment');
  item.description = String(group.entries.length);
  item.accessibilityInformation = { label: vscode.l10n.t('Group {0}, servers: {1}', group.name, group.entries.length) };
  return item;
}

function treeItem(node: TreeNode | undefined, element: Element): vscode.TreeItem {
  if (node === undefined) return new vscode.TreeItem('');
  const state = node.children === undefined ? vscode.TreeItemCollapsibleState.None : node.expanded === true ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(node.label, state);
  item.id = node.id;
  if (node.description !== undefined) item.description = node.description;
  if (node.context !== undefined) item.contextValue = node.context;
  if (node.icon !== undefined) item.iconPath = new vscode.ThemeIcon(node.icon.name, node.icon.colour === undefined ? undefined : new vscode.ThemeColor(node.icon.colour));
  if (node.command !== undefined) item.command = { command: node.command.id, title: node.command.title, arguments: [element] };
  if (node.spoken !== undefined) item.accessibilityInformation = { label: node.spoken };
  return item;
}
