import type * as vscode from 'vscode';
import type { Fleet } from '../fleet.ts';
import { openLimit, type Element, type ServersTree } from './provider.ts';

/**
 * Opens a server's node when it has findings for the first time: the editor itself never opens a node that had no children
 * before. What a person closes afterwards stays closed.
 */
export function openFirstFindings(fleet: Fleet, tree: ServersTree, view: vscode.TreeView<Element>): vscode.Disposable {
  const opened = new Set<string>();
  return fleet.onDidChangeDiagnosis((member) => {
    const element = tree.elementOf(member.key);
    if (element === undefined || opened.has(member.key) || !view.visible || fleet.members.length > openLimit) return;
    opened.add(member.key);
    // The editor opens a node only after it has drawn it with its children: a reveal that comes before is lost now and then.
    void tree.drawn(member.key).then(() => view.reveal(element, { expand: true, select: false, focus: false })).then(undefined, () => { opened.delete(member.key); });
  });
}
