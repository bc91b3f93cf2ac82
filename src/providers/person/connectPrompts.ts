import * as vscode from 'vscode';
import type { CertificateQuestion, ConnectPrompts, SecureString } from '../../session.ts';
import type { PasswordName, Passwords } from './passwords.ts';

/** Answers that are worth keeping once the connection proved them right. */
export interface PendingOffer {
  readonly name: PasswordName;
  readonly password: SecureString;
}

/** What connecting asks, as dialogs. A kept password is tried once; a refused one is asked for again. */
export class EditorConnectPrompts implements ConnectPrompts {
  readonly #passwords: Passwords;
  readonly #signal: AbortSignal;
  #typed: PendingOffer | undefined;

  constructor(passwords: Passwords, signal: AbortSignal) {
    this.#passwords = passwords;
    this.#signal = signal;
  }

  /** Offers to keep what was typed; called once connected, never before. */
  async connected(): Promise<void> {
    const typed = this.#typed;
    this.#typed = undefined;
    if (typed !== undefined) await this.#passwords.offer(typed.name, typed.password);
  }

  async trustHostKey(question: { server: string; algorithm: string; fingerprint: string }): Promise<boolean> {
    const trust = vscode.l10n.t('Trust and Connect');
    const answer = await vscode.window.showWarningMessage(vscode.l10n.t('{0} is not known yet. Is this its host key?', question.server), {
      modal: true,
      detail: vscode.l10n.t('{0} key {1}\n\nCompare it with what the server\'s administrator tells you (on the server: ssh-keygen -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub). If it differs, somebody may be listening in between. The key is remembered and any change is refused.', question.algorithm, question.fingerprint),
    }, trust);
    return answer === trust && !this.#signal.aborted;
  }

  async trustCertificate(question: CertificateQuestion): Promise<boolean> {
    const trust = vscode.l10n.t('Trust and Connect');
    const answer = await vscode.window.showWarningMessage(vscode.l10n.t('{0} shows a certificate that cannot be verified. Is this its certificate?', question.server), {
      modal: true,
      detail: vscode.l10n.t('{0}\n\nSubject: {1}\nIssuer: {2}\nValid: {3} to {4}\nSHA-256: {5}\n\nCompare the fingerprint with what the server\'s administrator tells you. If it differs, somebody may be listening in between. The certificate is remembered for this server only; any other one is refused then, until Forget Identity.', question.problem, question.subject, question.issuer, question.validFrom, question.validTo, question.fingerprint),
    }, trust);
    return answer === trust && !this.#signal.aborted;
  }

  password(question: { server: string; user: string; retry: boolean }): Promise<SecureString | undefined> {
    const prompt = question.retry ? vscode.l10n.t('The last password was refused. Password of {0}', question.user) : vscode.l10n.t('Password of {0}', question.user);
    return this.#ask({ server: question.server, purpose: 'sign-in', account: question.user }, vscode.l10n.t('Connect to {0}', question.server), prompt, question.retry);
  }

  passphrase(question: { server: string; keyFile: string; retry: boolean }): Promise<SecureString | undefined> {
    const prompt = question.retry ? vscode.l10n.t('The last passphrase was wrong. Passphrase of {0}', question.keyFile) : vscode.l10n.t('Passphrase of {0}', question.keyFile);
    return this.#ask({ server: question.server, purpose: 'passphrase', account: question.keyFile }, vscode.l10n.t('Connect to {0}', question.server), prompt, question.retry);
  }

  async #ask(name: PasswordName, title: string, prompt: string, retry: boolean): Promise<SecureString | undefined> {
    if (retry) {
      this.#typed = undefined;
    } else {
      const kept = await this.#passwords.find(name);
      if (kept !== undefined) return kept;
    }
    const password = await this.#passwords.ask(title, prompt, this.#signal);
    if (password !== undefined) this.#typed = { name, password };
    return password;
  }
}
