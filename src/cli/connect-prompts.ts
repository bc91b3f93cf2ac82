import { plain } from '../connect/evidence.ts';
import type { CertificateQuestion, ConnectPrompts, InteractiveQuestion, SecureString } from '../session.ts';
import type { CliIo } from './io.ts';
import { secureText } from './secure-text.ts';
import type { Secrets } from './secrets.ts';

/** What connecting asks, answered at the terminal or by the credential helper. Without a terminal nothing new is ever trusted. */
export class CliConnectPrompts implements ConnectPrompts {
  readonly #name: string;
  readonly #io: CliIo;
  readonly #secrets: Secrets;
  readonly #signal: AbortSignal;

  /** @param name the server's name in the servers file */
  constructor(name: string, io: CliIo, secrets: Secrets, signal: AbortSignal) {
    this.#name = name;
    this.#io = io;
    this.#secrets = secrets;
    this.#signal = signal;
  }

  async trustHostKey(question: { server: string; algorithm: string; fingerprint: string; note?: string }): Promise<boolean> {
    return await this.#trust(`${question.server} is not known yet. Its ${question.algorithm} host key: ${question.fingerprint}${question.note === undefined ? '' : ` (${question.note})`}`,
      'Compare it with what the server\'s administrator tells you. Is it this server\'s host key?');
  }

  async trustCertificate(question: CertificateQuestion): Promise<boolean> {
    return await this.#trust(
      `${question.server} shows a certificate that cannot be verified: ${question.problem} Subject ${question.subject}, issuer ${question.issuer}, valid ${question.validFrom} to ${question.validTo}, SHA-256 ${question.fingerprint}`,
      'Compare the fingerprint with what the server\'s administrator tells you. Is it this server\'s certificate?');
  }

  password(question: { server: string; user: string; retry: boolean }): Promise<SecureString | undefined> {
    const again = question.retry ? 'The last password was refused. ' : '';
    return this.#secrets.password({ purpose: 'sign-in', server: this.#name, account: question.user, retry: question.retry }, `${again}Password of ${plain(question.user)} on ${plain(question.server)}`, this.#signal);
  }

  passphrase(question: { server: string; keyFile: string; retry: boolean }): Promise<SecureString | undefined> {
    const again = question.retry ? 'The last passphrase was wrong. ' : '';
    return this.#secrets.password({ purpose: 'passphrase', server: this.#name, account: question.keyFile, retry: question.retry }, `${again}Passphrase of ${plain(question.keyFile)}`, this.#signal);
  }

  /** Only at a terminal: nobody else knows what a server will ask. */
  async interactive(question: InteractiveQuestion): Promise<readonly SecureString[] | undefined> {
    const { terminal } = this.#io;
    if (terminal === undefined) return undefined;
    for (const text of [question.name, question.instructions]) if (text.trim() !== '') this.#io.err(`${plain(text)}\n`);
    const answers: SecureString[] = [];
    for (const { text, echo } of question.prompts) {
      const asked = `${plain(question.server)}: ${plain(text)} `;
      const answer = echo ? await terminal.line(asked, this.#signal) : await terminal.hidden(asked, this.#signal);
      if (answer === undefined) return undefined;
      answers.push(secureText(answer));
    }
    return answers;
  }

  async #trust(what: string, question: string): Promise<boolean> {
    this.#io.err(`${plain(what)}\n`);
    if (this.#io.terminal !== undefined) return await this.#io.terminal.yes(question, this.#signal);
    this.#io.err('There is nobody to ask whether it is the right one: connect once at a terminal or in the editor, or add it to known_hosts.\n');
    return false;
  }
}
