import { plain } from '../connect/evidence.ts';
import type { SecureString } from '../session.ts';
import { askHelper, helperCommand, helperVariable, type SecretAnswer, type SecretQuestion } from './credential-helper.ts';
import type { CliIo } from './io.ts';
import { secureText } from './secure-text.ts';

/** Where secrets come from: the credential helper, else a person at the terminal. Never an argument, never kept. */
export class Secrets {
  readonly #io: CliIo;
  readonly #helper: readonly string[] | undefined;
  readonly #given: SecureString[] = [];

  /** Throws a CliError where the environment names a helper that cannot be one. */
  constructor(io: CliIo) {
    this.#io = io;
    this.#helper = helperCommand(io.environment);
  }

  /** The text without any secret that was given so far; ones of fewer than 4 characters would take out half of it. */
  hide(text: string): string {
    return this.#given.map((secret) => secret.reveal()).filter((secret) => secret.length >= 4).reduce((hidden, secret) => hidden.replaceAll(secret, '••••••'), text);
  }

  /** A password of a known account. Undefined: nobody knows it; what to do about it was said. */
  async password(question: SecretQuestion, prompt: string, signal: AbortSignal): Promise<SecureString | undefined> {
    const answered = await this.#helped(question, signal);
    if (answered !== undefined) return this.#remembered(answered.password);
    const typed = await this.#io.terminal?.hidden(`${prompt}: `, signal);
    if (typed === undefined) this.#nobody(prompt);
    return typed === undefined ? undefined : this.#remembered(secureText(typed));
  }

  /** A user name and its password. */
  async credential(question: SecretQuestion, prompt: string, signal: AbortSignal): Promise<{ userName: string; password: SecureString } | undefined> {
    const answered = await this.#helped(question, signal);
    if (answered?.userName !== undefined) return { userName: answered.userName, password: this.#remembered(answered.password) };
    const userName = (await this.#io.terminal?.line(`${prompt}
User name${question.account === '' ? '' : ` [${plain(question.account)}]`}: `, signal))?.trim();
    const name = userName === '' ? question.account : userName;
    const password = name === undefined || name === '' ? undefined : await this.#io.terminal?.hidden(`Password of ${plain(name)}: `, signal);
    if (name === undefined || name === '' || password === undefined) {
      this.#nobody(prompt);
      return undefined;
    }
    return { userName: name, password: this.#remembered(secureText(password)) };
  }

  #remembered(secret: SecureString): SecureString {
    this.#given.push(secret);
    return secret;
  }

  async #helped(question: SecretQuestion, signal: AbortSignal): Promise<SecretAnswer | undefined> {
    return this.#helper === undefined ? undefined : await askHelper(this.#helper, question, signal);
  }

  #nobody(what: string): void {
    if (this.#io.terminal !== undefined) return;
    this.#io.err(`Nobody answered: ${what}. ${this.#helper === undefined ? `Set ${helperVariable}, or run this at a terminal.` : `The credential helper has no answer, and there is no terminal to ask at.`}\n`);
  }
}
