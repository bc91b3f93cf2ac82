import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { secretAt } from '../../inventory/secret.ts';
import { toSessionTarget } from '../../inventory/target.ts';
import type { SessionTarget } from '../../session.ts';
import type { Passwords } from '../person/passwords.ts';
import { secureText } from '../person/secureText.ts';
import { applyText } from './applyText.ts';

/** Where a quick fix says that a secret stands: an address and a range as the language server protocol has them. */
export interface SecretPlace {
  readonly uri: vscode.Uri;
  readonly line: number;
  readonly character: number;
}

/** What questions about a server call it: what is kept under it is found when that question comes. */
export type SecretLabel = (target: SessionTarget) => Promise<string>;

/** Reads the arguments of the quick fix's command; undefined where they are none of its own. */
export function secretPlace(address: unknown, range: unknown): SecretPlace | undefined {
  if (typeof address !== 'string' || typeof range !== 'object' || range === null || !('start' in range)) return undefined;
  const { start } = range;
  if (typeof start !== 'object' || start === null || !('line' in start) || !('character' in start) || typeof start.line !== 'number' || typeof start.character !== 'number') return undefined;
  return { uri: vscode.Uri.parse(address), line: start.line, character: start.character };
}

/**
 * Moves a secret from the file into SecretStorage, for every server that it is meant for, and removes its key. What was saved or
 * committed before stays readable there, which the person is told.
 */
export async function moveSecret({ uri, line, character }: SecretPlace, passwords: Passwords, label: SecretLabel): Promise<void> {
  const { t } = vscode.l10n;
  const document = await vscode.workspace.openTextDocument(uri);
  const offset = document.offsetAt(new vscode.Position(line, character));
  const found = secretAt(document.getText(), offset, homedir());
  if (found === undefined) {
    void vscode.window.showWarningMessage(t('No secret that can be moved stands there.'));
    return;
  }
  const names = await Promise.all(found.servers.flatMap(({ target }) => {
    const account = found.passphrase ? target?.identityFile : target?.user;
    if (target === undefined || account === undefined) return [];
    return [label(toSessionTarget(target)).then((server) => ({ server, purpose: found.passphrase ? 'passphrase' as const : 'sign-in' as const, account }))];
  }));
  if (names.length === 0) {
    void vscode.window.showWarningMessage(t('It is not clear whose secret this is: the entry needs a user, or a key file for a passphrase, and no other error.'));
    return;
  }
  for (const name of names) await passwords.keep(name, secureText(found.value));
  if (await applyText(uri, () => found.rest)) {
    void vscode.window.showInformationMessage(t('The secret is kept in this editor\'s secret storage and no longer in the file. Whoever had the file before may have read it: change it on the server.'));
  }
}
