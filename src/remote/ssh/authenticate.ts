import type { AnyAuthMethod } from 'ssh2';
import { RemoteError, quote } from '../error.ts';
import type { ConnectPrompts } from '../../session.ts';
import { answerOf } from '../asking.ts';
import type { SshMethod } from './config/settings.ts';
import { InteractiveAnswers } from './interactive.ts';
import type { KeyAttempt } from './key-attempts.ts';

/** How often a person is asked for a password or for other answers. */
const mostAsked = 3;

export interface AuthenticatorOptions {
  /** As errors and as prompts name the server. */
  readonly server: string;
  readonly asks: string;
  readonly user: string;
  /** The keys to offer, worked out at the first need. */
  readonly keys: () => Promise<readonly KeyAttempt[]>;
  /** The servers file's key: it is the only way in, a password only a second factor. */
  readonly keyFile: string | undefined;
  /** Only keys, as the servers file says. */
  readonly keysOnly: boolean;
  /** The methods that may be used, in order. */
  readonly methods: readonly SshMethod[];
  readonly prompts: ConnectPrompts;
  /** Ends the connection attempt. */
  readonly fail: (error: unknown) => void;
}

/**
 * Decides the next authentication attempt (RFC 4252): keys, then keyboard-interactive, then a password, or as ssh_config
 * orders them. A password is sent once for each time that it was asked. Each attempt and what the server still accepts is
 * told to the log.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #tried: string[] = [];
  #keys: KeyAttempt[] | undefined;
  #offersKey = true;
  #under: { readonly label: string; readonly byAgent: boolean } | undefined;
  #before: readonly string[] | undefined;
  #interactive: InteractiveAnswers | undefined;
  #withoutQuestions = false;
  #second = false;
  #asked = 0;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** What was offered to the server so far, for errors. */
  get tried(): readonly string[] { return this.#tried; }

  /**
   * The next attempt. Rejects with a RemoteError where there is none left.
   * @param offered what the server still accepts; undefined before it said so
   * @param partial the last attempt succeeded, and the server wants a further one
   */
  async next(offered: readonly string[] | undefined, partial: boolean): Promise<AnyAuthMethod> {
    const { user: username, methods } = this.#options;
    if (offered === undefined) return { type: 'none', username };
    this.#heard(offered, partial);
    if (this.#interactive?.rounds === 0) this.#withoutQuestions = true;
    for (const method of methods) {
      if (!offered.includes(method) && method !== 'publickey') continue;
      const attempt = method === 'publickey' ? await this.#key(offered) : this.#mayAskPerson() ? await this.#person(method) : undefined;
      if (attempt !== undefined) return attempt;
    }
    throw this.#refused(offered);
  }

  /** Keeps what the last attempt came to. */
  #heard(offered: readonly string[], partial: boolean): void {
    const accepts = listed(offered);
    if (this.#before !== undefined) {
      // ssh2 does not tell what the server answered to an agent's key: a second `none` showed what it accepts now.
      if (partial || listed(this.#before) !== accepts) this.#second = true;
      this.#before = undefined;
      return;
    }
    const { user } = this.#options;
    if (partial) this.#second = true;
    if (this.#under === undefined) this.#note(`${user}: the server accepts ${accepts}`);
    else this.#note(`${user}: ${this.#under.label} ${partial ? 'was accepted, the server wants a further step' : 'was refused'}${this.#under.byAgent ? '' : `; the server accepts ${accepts}`}`);
  }

  async #key(offered: readonly string[]): Promise<AnyAuthMethod | undefined> {
    const { user } = this.#options;
    const last = this.#under;
    if (this.#second && last?.byAgent === false) this.#offersKey = false;
    if (offered.includes('publickey')) this.#keys ??= [...await this.#options.keys()];
    const next = this.#offersKey && offered.includes('publickey') ? this.#keys?.shift() : undefined;
    if (next !== undefined) {
      this.#attempt(next.label, next.byAgent);
      return await next.method(user);
    }
    if (last?.byAgent !== true) return undefined;
    this.#under = undefined;
    this.#before = offered;
    return { type: 'none', username: user };
  }

  #mayAskPerson(): boolean {
    return !this.#options.keysOnly || this.#second;
  }

  async #person(method: 'keyboard-interactive' | 'password'): Promise<AnyAuthMethod | undefined> {
    const { user: username } = this.#options;
    if (method === 'password') {
      this.#attempt('a password', false);
      return { type: 'password', username, password: await this.#password() };
    }
    if (this.#withoutQuestions) return undefined;
    this.#attempt('keyboard-interactive', false);
    const { server, asks, user, prompts, fail } = this.#options;
    const answers = new InteractiveAnswers({ server, asks, user, prompts, password: () => this.#password(), others: () => { this.#countQuestion(); } });
    this.#interactive = answers;
    return {
      type: 'keyboard-interactive', username,
      prompt: (name, instructions, _language, asked, finish) => { answers.round(name, instructions, asked).then(finish, fail); },
    };
  }

  async #password(): Promise<string> {
    const { server, asks, user, prompts } = this.#options;
    this.#countQuestion();
    const retry = this.#asked > 1;
    return (await answerOf(server, 'password', () => prompts.password({ server: asks, user, retry }))).reveal();
  }

  #countQuestion(): void {
    const { server, user } = this.#options;
    if (this.#asked === mostAsked) {
      throw new RemoteError({
        reason: 'authentication-failed', server,
        message: `The password of ${user} was refused ${mostAsked} times.`,
        remedy: 'Check the user name and the password; more attempts could lock the account.',
      });
    }
    this.#asked += 1;
  }

  #attempt(label: string, byAgent: boolean): void {
    this.#under = { label, byAgent };
    if (this.#tried.at(-1) !== label) this.#tried.push(label);
    this.#note(`${this.#options.user}: trying ${label}`);
  }

  #note(line: string): void {
    this.#options.prompts.note?.(line);
  }

  /** The error for a server that ended the connection instead of answering. */
  cutOff(said: string): RemoteError {
    const { server, user } = this.#options;
    return new RemoteError({
      reason: 'authentication-failed', server,
      message: `The server ended the connection while ${user} was authenticating; tried were ${this.#tried.join(', ')}.`,
      remedy: 'Servers allow few attempts (MaxAuthTries): name the one key to use by identityFile in the servers file, or by IdentityFile with IdentitiesOnly yes in ~/.ssh/config.',
      quoted: said,
    });
  }

  #refused(offered: readonly string[]): RemoteError {
    const { server, user, keyFile, keysOnly } = this.#options;
    const accepts = listed(offered);
    const fail = (why: string, remedy: string): RemoteError => new RemoteError({ reason: 'authentication-failed', server, message: `Authentication failed: ${why}; the server accepts ${accepts}.`, remedy });
    if (keyFile !== undefined && !this.#second) {
      if (this.#tried.length > 0) return fail(`the key ${keyFile} was refused for ${user}`, authorizedKeys);
      return fail('the server takes no public key', 'Remove identityFile from the entry to be asked for the password, or allow public keys in the server\'s sshd_config.');
    }
    if (this.#tried.length > 0) return fail(`${user} was refused with ${this.#tried.join(', ')}`, authorizedKeys);
    if (offered.includes('publickey') && (keysOnly || !offered.some((method) => method === 'password' || method === 'keyboard-interactive'))) {
      return fail(`there was no key to offer for ${user}`, 'Set identityFile to a private key that the server accepts, name one in ~/.ssh/config, or add it to the agent (ssh-add).');
    }
    return fail('nothing that the server accepts may be used here', 'Set identityFile to a private key that the server accepts; see auth in the servers file and PreferredAuthentications in ~/.ssh/config.');
  }
}

const authorizedKeys = 'Check that the public key is in the server\'s authorized_keys (for administrators: C:\\ProgramData\\ssh\\administrators_authorized_keys), and the user name.';

function listed(offered: readonly string[]): string {
  return offered.length === 0 ? 'nothing' : quote(offered.slice(0, 10).join(', '));
}
