import * as vscode from 'vscode';
import type { SecureString } from '../../session.ts';
import { passwordBox } from './dialogs.ts';
import { secureText } from './secureText.ts';

/** Which password: the way in to a server, or an account's that a step asks for. */
export type PasswordPurpose = 'sign-in' | 'passphrase' | 'account';

/** One kept password, by what it is for; the key holds no secret. */
export interface PasswordName {
  readonly server: string;
  readonly purpose: PasswordPurpose;
  readonly account: string;
}

/** Names of the kept passwords: SecretStorage cannot list its keys in every engine that we support. */
const indexKey = 'entraConnect.keptPasswords';

/** Passwords that the person chose to keep, in SecretStorage and nowhere else. */
export class Passwords {
  readonly #secrets: vscode.SecretStorage;
  readonly #memory: vscode.Memento;

  readonly #hide: (secret: string) => void;

  /** `hide` hears of every password, so that nothing that is logged later shows it. */
  constructor(secrets: vscode.SecretStorage, memory: vscode.Memento, hide: (secret: string) => void) {
    this.#secrets = secrets;
    this.#memory = memory;
    this.#hide = hide;
  }

  /** The kept password, or undefined. */
  async find(name: PasswordName): Promise<SecureString | undefined> {
    const text = await this.#secrets.get(keyOf(name));
    if (text === undefined) return undefined;
    this.#hide(text);
    return secureText(text);
  }

  /** Asks for a password in a password box. Undefined: declined. */
  async ask(title: string, prompt: string, signal: AbortSignal): Promise<SecureString | undefined> {
    const password = await passwordBox(title, prompt, signal);
    if (password !== undefined) this.#hide(password.reveal());
    return password;
  }

  /** Asks whether to keep a password that has just been typed, and keeps it only if the person says so. */
  async offer(name: PasswordName, password: SecureString): Promise<void> {
    const keep = vscode.l10n.t('Keep Password');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('Keep the password of {0} for {1} in this editor\'s secret storage?', name.account, name.server), keep, vscode.l10n.t('Don\'t Keep'),
    );
    if (answer === keep) await this.keep(name, password);
  }

  /** Keeps a password; only where the person said so. */
  async keep(name: PasswordName, password: SecureString): Promise<void> {
    await this.#secrets.store(keyOf(name), password.reveal());
    await this.#memory.update(indexKey, [...this.kept().filter((other) => keyOf(other) !== keyOf(name)), name]);
  }

  /** What is kept, without the secrets. */
  kept(): readonly PasswordName[] {
    return this.#memory.get<PasswordName[]>(indexKey, []);
  }

  /** Forgets some; returns how many there were. */
  async forget(which: (name: PasswordName) => boolean): Promise<number> {
    const gone = this.kept().filter((name) => which(name));
    for (const name of gone) await this.#secrets.delete(keyOf(name));
    await this.#memory.update(indexKey, this.kept().filter((name) => !gone.some((other) => keyOf(other) === keyOf(name))));
    return gone.length;
  }
}

function keyOf(name: PasswordName): string {
  return JSON.stringify(['entraConnect.password', name.server, name.purpose, name.account.toLowerCase()]);
}
