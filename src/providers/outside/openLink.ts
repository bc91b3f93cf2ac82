import * as vscode from 'vscode';
import { isTrusted } from '../commands/connectionCommands.ts';
import type { Member } from '../fleet.ts';
import { views } from '../ids.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { parseLink, type LinkAction } from './link.ts';
import type { OutsideParts } from './parts.ts';

/** Follows a link from outside, once the person has read what it would do; never changes a server. */
export async function openLink(uri: vscode.Uri, { files, fleet, tree, view }: OutsideParts): Promise<void> {
  const { t } = vscode.l10n;
  const link = parseLink(uri);
  if ('refused' in link) {
    refuse(link.refused === 'unknown-action'
      ? t('A link asked for something that is not offered: {0}. Links can open a server or diagnose it.', sanitizeLine(uri.path, 60))
      : t('A link could not be understood, and nothing was done. It has to end in {0} and the name of a server.', 'open?server=, diagnose?server='));
    return;
  }
  await files.load();
  const members = fleet.members.filter((member) => member.entry.name === link.server);
  const [member] = members;
  if (member === undefined || members.length > 1) {
    refuse(member === undefined
      ? t('A link names the server {0}, which no servers file of this window has.', sanitizeLine(link.server))
      : t('A link names the server {0}, and several servers files have one of that name: it is not clear which is meant.', sanitizeLine(link.server)));
    return;
  }
  if (link.action === 'diagnose' && !isTrusted()) return;
  if (!await confirmed(link.action, member)) return;
  await show(member, tree, view);
  if (link.action === 'diagnose') await member.owner.diagnose();
}

function refuse(message: string): void {
  void vscode.window.showWarningMessage(message);
}

async function confirmed(action: LinkAction, { entry, file, target }: Member): Promise<boolean> {
  const { t } = vscode.l10n;
  const name = sanitizeLine(entry.name, 100);
  const where = t('{0} is an entry of {1} and is reached at {2}.', name, vscode.workspace.asRelativePath(file), sanitizeLine(target.transport === 'local' ? t('this machine') : target.host, 100));
  const yes = action === 'open' ? t('Show Server') : t('Connect and Diagnose');
  const question = action === 'open' ? t('A link wants to show the server {0}.', name) : t('A link wants to connect to {0} and diagnose it.', name);
  const effect = action === 'open' ? t('Nothing is connected to.') : t('You log on with your account. The server is only read, nothing is changed, and no plan is run.');
  return await vscode.window.showWarningMessage(question, { modal: true, detail: `${where}\n\n${effect}` }, yes) === yes;
}

/** Brings the server's line into view; the tree has to have drawn it first. */
async function show(member: Member, tree: OutsideParts['tree'], view: OutsideParts['view']): Promise<void> {
  await vscode.commands.executeCommand(`${views.servers}.focus`);
  for (const element of await tree.getChildren()) if (element.kind === 'group') await tree.getChildren(element);
  const element = tree.elementOf(member.key);
  if (element !== undefined) await view.reveal(element, { select: true, focus: true });
}
