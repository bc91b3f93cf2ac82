import type { AnyAuthMethod, ParsedKey, Prompt } from 'ssh2';
import { RemoteError, quote } from '../error.ts';
import type { ConnectPrompts } from '../../session.ts';
import { answerOf } from '../asking.ts';

/** How often a password is asked. */
const mostPasswords = 3;

export interface AuthenticatorOptions {
  readonly server: string;
  readonly user: string;
  /** Reads and unlocks the private key; undefined where the target has none: then the password is asked. */
  readonly key: (() => Promise<ParsedKey>) | undefined;
  readonly keyFile: string | undefined;
  readonly prompts: ConnectPrompts;
  /** Ends the connection attempt. */
  readonly fail: (error: unknown) => void;
}

/**
 * Decides the next authentication attempt (RFC 4252): the key where the target has one, else the password, by the
 * method `password` or by `keyboard-interactive`. A password is sent once for each time that it was asked.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  #keyTried = false;
  #passwordsAsked = 0;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * The next attempt. Rejects with a RemoteError where there is none left.
   * @param offered what the server still accepts; undefined before it said so
   * @param partial the last attempt succeeded, and the server wants a further one
   */
  async next(offered: readonly string[] | undefined, partial: boolean): Promise<AnyAuthMethod> {
    const { user: username, key, keyFile } = this.#options;
    if (offered === undefined) return { type: 'none', username };
    if (key !== undefined && !partial) {
      if (this.#keyTried) throw this.#refused(`the key ${keyFile ?? ''} was refused for ${username}`, offered, 'Check that the public key is in the server\'s authorized_keys (for administrators: C:\\ProgramData\\ssh\\administrators_authorized_keys), and the user name.');
      if (!offered.includes('publickey')) throw this.#refused('the server takes no public key', offered, 'Remove identityFile from the entry to be asked for the password, or allow public keys in the server\'s sshd_config.');
      this.#keyTried = true;
      return { type: 'publickey', username, key: await key() };
    }
    if (offered.includes('password')) return { type: 'password', username, password: await this.#password() };
    if (offered.includes('keyboard-interactive')) return { type: 'keyboard-interactive', username, prompt: this.#interactive() };
    throw this.#refused('the server takes no password', offered, 'Set identityFile to a private key that the server accepts.');
  }

  async #password(): Promise<string> {
    const { server, user, prompts } = this.#options;
    if (this.#passwordsAsked === mostPasswords) {
      throw new RemoteError({
        reason: 'authentication-failed', server,
        message: `The password of ${user} was refused ${mostPasswords} times.`,
        remedy: 'Check the user name and the password; more attempts could lock the account.',
      });
    }
    this.#passwordsAsked += 1;
    const retry = this.#passwordsAsked > 1;
    return (await answerOf(server, 'password', () => prompts.password({ server, user, retry }))).reveal();
  }

  /** Answers rounds that ask for exactly one hidden value; anything else is not a password and is refused. */
  #interactive(): (name: string, instructions: string, language: string, prompts: Prompt[], finish: (answers: string[]) => void) => void {
    let asked: string | undefined;
    return (_name, _instructions, _language, prompts, finish) => {
      const [only] = prompts;
      if (only === undefined || prompts.length > 1 || only.echo === true || (asked !== undefined && asked !== only.prompt)) {
        this.#options.fail(new RemoteError({
          reason: 'unsupported', server: this.#options.server,
          message: 'The server asks for more than a password.',
          remedy: 'Use a private key for this server, or an account without a second factor.',
          quoted: quote(prompts.map((prompt) => prompt.prompt).join(' | ')),
        }));
        return;
      }
      asked = only.prompt;
      this.#password().then((password) => { finish([password]); }, this.#options.fail);
    };
  }

  #refused(why: string, offered: readonly string[], remedy: string): RemoteError {
    const list = offered.length === 0 ? 'nothing' : quote(offered.slice(0, 10).join(', '));
    return new RemoteError({ reason: 'authentication-failed', server: this.#options.server, message: `Authentication failed: ${why}; the server accepts ${list}.`, remedy });
  }
}
