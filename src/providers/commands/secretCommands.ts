import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Passwords } from '../person/passwords.ts';
import type { OwnedServer } from '../server/ownedServer.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** Forgets who a server was: the machine that it stood for, and the host keys and certificates that were trusted for it. */
export interface Identities {
  /** Returns how many keys and certificates were forgotten. */
  forget(server: OwnedServer): Promise<number>;
}

/** Forget a password, all passwords, a server's identity. `forgetTyped` drops what is only in this window's memory. */
export function registerSecretCommands(register: Register, targets: Targets, passwords: Passwords, forgetTyped: () => void, identities: Identities): void {
  const { t } = vscode.l10n;
  register(commands.forgetPassword, async () => {
    const kept = passwords.kept();
    // What is only in memory cannot be picked from a list: forgetting any forgets those.
    forgetTyped();
    if (kept.length === 0) {
      void vscode.window.showInformationMessage(t('No password is kept.'));
      return;
    }
    const items = kept.map((name) => ({ label: name.account, description: name.server, name }));
    const picked = await vscode.window.showQuickPick(items, { title: t('Forget Password'), canPickMany: true, placeHolder: t('Which ones?') });
    if (picked === undefined) return;
    await passwords.forget((name) => picked.some((item) => item.name.server === name.server && item.name.account === name.account && item.name.purpose === name.purpose));
  });
  register(commands.forgetAllPasswords, async () => {
    forgetTyped();
    const gone = await passwords.forget(() => true);
    void vscode.window.showInformationMessage(t('{0} kept passwords were forgotten.', gone));
  });
  register(commands.forgetIdentity, async (element) => {
    const member = await targets.one(element, t('Forget Identity'));
    if (member === undefined) return;
    const { server } = member.owner;
    const { name } = server;
    const forget = t('Forget Identity');
    const answer = await vscode.window.showWarningMessage(t('Forget the host key or certificate and the machine that {0} stood for?', name), {
      modal: true, detail: t('Do this only when its administrator confirmed that the server or its key was replaced. The next connection asks about the key again.'),
    }, forget);
    if (answer === forget) await identities.forget(server);
  });
}
