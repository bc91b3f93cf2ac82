import * as vscode from 'vscode';
import type { CertificateQuestion, ConnectPrompts, InteractiveQuestion, SecureString } from '../../session.ts';
import type { AccountPasswords, Given } from './accountPasswords.ts';
import { inputBox } from './dialogs.ts';
import type { PasswordName, Passwords } from './passwords.ts';
import { secureText } from './secureText.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';

/** Answers that are worth keeping once the connection proved them right. */
export interface PendingOffer {
  readonly name: PasswordName;
  readonly password: SecureString;
}

/** What the prompts work with. */
export interface PromptServices {
  /** Kept by the person's choice. */
  readonly passwords: Passwords;
  /** Typed in this window. */
  readonly accounts: AccountPasswords;
  readonly note: (line: string) => void;
}

/** What connecting asks, as dialogs. A kept password is tried once; a refused one is forgotten and asked for again. */
export class EditorConnectPrompts implements ConnectPrompts {
  readonly #services: PromptServices;
  readonly #signal: AbortSignal;
  readonly #typed: PendingOffer[] = [];
  /** What was given and is not settled yet, by server and account. */
  readonly #given = new Map<string, Given>();
  #over = false;

  constructor(services: PromptServices, signal: AbortSignal) {
    this.#services = services;
    this.#signal = signal;
  }

  /** Offers to keep what was typed; called once connected, never before. */
  async connected(): Promise<void> {
    this.#settle('proved');
    for (const { name, password } of this.#typed.splice(0)) await this.#services.passwords.offer(name, password);
  }

  /** The connection did not come about. A password that was refused must not be used again, whoever kept it. */
  async failed(refused: boolean): Promise<void> {
    const names = [...this.#given.keys()];
    this.#settle(refused ? 'refused' : 'untried');
    this.#typed.length = 0;
    if (refused) await this.#services.passwords.forget((name) => names.includes(givenKey(name)));
  }

  note(line: string): void {
    this.#services.note(line);
  }

  async trustHostKey(question: { server: string; algorithm: string; fingerprint: string; note?: string }): Promise<boolean> {
    const trust = vscode.l10n.t('Trust and Connect');
    const answer = await vscode.window.showWarningMessage(vscode.l10n.t('{0} is not known yet. Is this its host key?', question.server), {
      modal: true,
      detail: vscode.l10n.t('{0} key {1}\n\nCompare it with what the server\'s administrator tells you (on the server: ssh-keygen -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub). If it differs, somebody may be listening in between. The key is remembered and any change is refused.', question.algorithm, question.fingerprint) + (question.note === undefined ? '' : `\n\n${question.note}`),
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

  async password(question: { server: string; user: string; retry: boolean }): Promise<SecureString | undefined> {
    const { server, user, retry } = question;
    const name: PasswordName = { server, purpose: 'sign-in', account: user };
    const key = givenKey(name);
    const { passwords, accounts } = this.#services;
    if (retry) {
      this.#given.get(key)?.over('refused');
      this.#given.delete(key);
      await this.#drop(name);
    } else {
      const kept = await passwords.find(name);
      if (kept !== undefined) {
        this.#given.set(key, { password: kept, typed: false, over: () => undefined });
        return kept;
      }
    }
    const { t } = vscode.l10n;
    const given = await accounts.take({
      server, account: user, signal: this.#signal,
      ask: () => passwords.ask(t('Connect to {0}', server), retry ? t('The last password was refused. Password of {0}', user) : t('Password of {0}', user), this.#signal),
      same: (other) => this.#sameAccount(user, other, server),
    });
    if (given === undefined) return undefined;
    if (this.#over || this.#signal.aborted) {
      given.over('untried');
      return undefined;
    }
    this.#given.set(key, given);
    if (given.typed) this.#typed.push({ name, password: given.password });
    return given.password;
  }

  async passphrase(question: { server: string; keyFile: string; retry: boolean }): Promise<SecureString | undefined> {
    const { t } = vscode.l10n;
    const name: PasswordName = { server: question.server, purpose: 'passphrase', account: question.keyFile };
    if (question.retry) await this.#drop(name);
    else {
      const kept = await this.#services.passwords.find(name);
      if (kept !== undefined) return kept;
    }
    const prompt = question.retry ? t('The last passphrase was wrong. Passphrase of {0}', question.keyFile) : t('Passphrase of {0}', question.keyFile);
    const password = await this.#services.passwords.ask(t('Connect to {0}', question.server), prompt, this.#signal);
    if (password !== undefined) this.#typed.push({ name, password });
    return password;
  }

  async interactive(question: InteractiveQuestion): Promise<readonly SecureString[] | undefined> {
    const answers: SecureString[] = [];
    const title = [vscode.l10n.t('Connect to {0}', question.server), sanitizeLine(question.name, 80)].filter((part) => part !== '').join(': ');
    for (const [index, { text, echo }] of question.prompts.entries()) {
      const asked = sanitizeLine(text, 200);
      const prompt = index === 0 && question.instructions !== '' ? `${sanitizeLine(question.instructions, 400)} ${asked}` : asked;
      const answer = await inputBox({ title, prompt, password: !echo }, this.#signal);
      if (answer === undefined) return undefined;
      answers.push(secureText(answer));
    }
    return answers;
  }

  /** A name without a domain may be another account on each server. */
  async #sameAccount(user: string, other: string, server: string): Promise<boolean> {
    const { t } = vscode.l10n;
    const same = t('Use the Same Password');
    const answer = await vscode.window.showInformationMessage(t('Is {0} on {1} the same account as on {2}, with the same password?', user, server, other), {
      modal: true, detail: t('The answer counts for every server with this user, until the window is closed. An account of a domain, such as CONTOSO\\admin, is never asked about.'),
    }, same);
    return answer === same && !this.#signal.aborted;
  }

  /** Forgets a kept password after its one attempt, and what was typed in vain. */
  async #drop(name: PasswordName): Promise<void> {
    const key = givenKey(name);
    for (let n = this.#typed.length - 1; n >= 0; n--) if (givenKey(this.#typed[n]?.name ?? name) === key) this.#typed.splice(n, 1);
    await this.#services.passwords.forget((kept) => givenKey(kept) === key);
  }

  #settle(outcome: Parameters<Given['over']>[0]): void {
    this.#over = true;
    for (const given of this.#given.values()) given.over(outcome);
    this.#given.clear();
  }
}

function givenKey({ server, purpose, account }: PasswordName): string {
  return JSON.stringify([server, purpose, account.toLowerCase()]);
}
