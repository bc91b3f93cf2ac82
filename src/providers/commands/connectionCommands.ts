import * as vscode from 'vscode';
import type { Member } from '../fleet.ts';
import { commands } from '../ids.ts';
import { isRunning } from '../server/state.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** Connect, cancel, disconnect, refresh and diagnose. */
export function registerConnectionCommands(register: Register, targets: Targets, refresh: () => Promise<void>): void {
  const { t } = vscode.l10n;
  const connected = (member: Member): boolean => member.owner.state.connection.kind === 'connected';

  register(commands.connect, async (element, elements) => {
    if (!isTrusted()) return;
    const members = await targets.several(element, elements, t('Connect'), (member) => !connected(member));
    await Promise.all(members.map(async (member) => {
      // What a person wants to know after connecting is what is wrong.
      if (await member.owner.connect() && member.owner.state.diagnosis === undefined) await member.owner.diagnose();
    }));
  });
  register(commands.diagnose, async (element, elements) => {
    if (!isTrusted()) return;
    const members = await targets.several(element, elements, t('Diagnose'), () => true);
    await Promise.all(members.map((member) => member.owner.diagnose()));
  });
  register(commands.cancel, async (element) => {
    const member = await targets.one(element, t('Cancel'));
    const why = member?.owner.cancel();
    if (why !== undefined) void vscode.window.showWarningMessage(t('Not now: {0}', why));
  });
  register(commands.disconnect, async (element, elements) => {
    for (const member of await targets.several(element, elements, t('Disconnect'), connected)) {
      if (isRunning(member.owner.state)) void vscode.window.showWarningMessage(t('{0} stays connected: a run is under way. Cancel the run first.', member.entry.name));
      else await member.owner.disconnect();
    }
  });
  register(commands.refresh, async (element) => {
    const subject = element === undefined ? undefined : targets.subject(element);
    if (subject === undefined || !('member' in subject)) await refresh();
    else await subject.member.owner.diagnose();
  });
}

/** Says why nothing happens in a workspace that is not trusted. */
export function isTrusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showWarningMessage(vscode.l10n.t('Servers are connected to only in a trusted workspace.'), vscode.l10n.t('Manage Workspace Trust'))
    .then((answer) => answer === undefined ? undefined : vscode.commands.executeCommand('workbench.trust.manage'));
  return false;
}
