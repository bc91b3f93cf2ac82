import type { Prompt } from 'ssh2';
import { RemoteError, quote } from '../error.ts';
import type { ConnectPrompts } from '../../session.ts';
import { answerOf } from '../asking.ts';

/** Most rounds of one attempt, most prompts of one round, and longest text of the server that a person is shown. */
const mostRounds = 20;
const mostPrompts = 16;
const longestText = 1000;

/** What a server calls a password, in the languages of Windows and PAM that are met most. */
const asksPassword = /pass(?:word|wort|phrase)|kennwort|mot de passe|contraseña|senha|wachtwoord|lösenord|adgangskode|passord|salasana|hasło|heslo|пароль|jelszó|parola|パスワード|密码|密碼|암호/i;

export interface InteractiveOptions {
  readonly server: string;
  readonly asks: string;
  readonly user: string;
  readonly prompts: ConnectPrompts;
  /** The account's password, kept or asked. */
  readonly password: () => Promise<string>;
  /** A person is about to be asked something else. */
  readonly others: () => void;
}

/**
 * Answers one keyboard-interactive attempt (RFC 4256), round by round. A password is given where the first thing asked is one
 * hidden value that the server calls a password; everything else is shown to the person as the server words it.
 */
export class InteractiveAnswers {
  readonly #options: InteractiveOptions;
  #rounds = 0;
  #asked = false;

  constructor(options: InteractiveOptions) {
    this.#options = options;
  }

  /** How many rounds asked for anything. */
  get rounds(): number { return this.#rounds; }

  /** The answers to one round. Rejects with a RemoteError. */
  async round(name: string, instructions: string, prompts: readonly Prompt[]): Promise<string[]> {
    if (prompts.length === 0) return [];
    this.#rounds += 1;
    if (this.#rounds > mostRounds || prompts.length > mostPrompts) throw this.#refused('The server asks without end.', prompts);
    const [only] = prompts;
    if (!this.#asked && prompts.length === 1 && only?.echo !== true && asksPassword.test(only?.prompt ?? '')) {
      this.#asked = true;
      return [await this.#options.password()];
    }
    return await this.#others(name, instructions, prompts);
  }

  async #others(name: string, instructions: string, prompts: readonly Prompt[]): Promise<string[]> {
    const { server, asks, user, prompts: person, others } = this.#options;
    if (person.interactive === undefined) throw this.#refused('The server asks for more than a password.', prompts);
    // One attempt counts once, however many rounds it has.
    if (!this.#asked) others();
    this.#asked = true;
    const shown = (text: string): string => quote(text.slice(0, longestText));
    const question = { server: asks, user, name: shown(name), instructions: shown(instructions), prompts: prompts.map(({ prompt, echo }) => ({ text: shown(prompt), echo: echo === true })) };
    const answers = await answerOf(server, 'answer', () => person.interactive?.(question) ?? Promise.resolve(undefined));
    if (answers.length !== prompts.length) throw this.#refused('Not every question was answered.', prompts);
    return answers.map((answer) => answer.reveal());
  }

  #refused(message: string, prompts: readonly Prompt[]): RemoteError {
    return new RemoteError({
      reason: 'unsupported', server: this.#options.server, message,
      remedy: 'Use a private key for this server, or an account without a second factor.',
      quoted: quote(prompts.slice(0, mostPrompts).map((prompt) => prompt.prompt).join(' | ')),
    });
  }
}
