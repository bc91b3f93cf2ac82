import { plain } from '../connect/evidence.ts';
import type { Confirmation, CredentialRequest, Person, PersonTask, Question, SecretRequest, TextRequest } from '../connect/person.ts';
import type { Clock } from '../connect/server.ts';
import type { SecureString } from '../session.ts';
import type { StandingConsent } from './consent.ts';
import type { CliIo } from './io.ts';
import type { Secrets } from './secrets.ts';

export interface CliPersonOptions {
  readonly server: string;
  readonly io: CliIo;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Answers given beforehand, by question. */
  readonly answers: ReadonlyMap<string, string>;
  /** Milliseconds for which a person's part is waited for where there is no terminal. */
  readonly patience: number;
  readonly consent: StandingConsent;
}

/** The person behind the command line: at the terminal, or what was said beforehand. */
export class CliPerson implements Person {
  readonly #options: CliPersonOptions;

  constructor(options: CliPersonOptions) {
    this.#options = options;
  }

  async confirm(request: Confirmation, signal: AbortSignal): Promise<boolean> {
    const { io, server } = this.#options;
    io.err(`${plain(server)}: ${plain(request.title)}\n${request.changes.map((change) => `  ${/^\d+\. /.test(change) ? '' : '- '}${plain(change)}\n`).join('')}  ${request.irreversible ? 'WARNING: ' : ''}${plain(request.undo)}\n`);
    if (io.terminal === undefined) {
      const { agreed, why } = await this.#options.consent.decide(request);
      io.err(agreed ? 'Agreed beforehand.\n' : `Not agreed: ${why}.\n`);
      return agreed;
    }
    if (request.typedName === undefined) return await io.terminal.yes(`${request.action}?`, signal);
    const typed = await io.terminal.line(`Type the name that the server reports, ${plain(request.typedName)}, to go on: `, signal);
    return typed?.trim() === request.typedName;
  }

  secret(request: SecretRequest, signal: AbortSignal): Promise<SecureString | undefined> {
    return this.#options.secrets.password({ purpose: 'account', server: this.#options.server, account: request.account, retry: false }, `${plain(request.title)}: ${plain(request.prompt)}`, signal);
  }

  credential(request: CredentialRequest, signal: AbortSignal): Promise<{ userName: string; password: SecureString } | undefined> {
    const whose = request.forest === undefined ? { purpose: 'administrator' } as const : { purpose: 'enterprise-admin', forest: request.forest } as const;
    return this.#options.secrets.credential({ ...whose, server: this.#options.server, account: request.suggestedUserName ?? '', retry: false }, `${plain(request.title)}: ${plain(request.prompt)}`, signal);
  }

  async text(request: TextRequest, signal: AbortSignal): Promise<string | undefined> {
    const { io, answers } = this.#options;
    io.err(`${plain(request.title)} ${plain(request.prompt)}\n`);
    const given = answers.get(request.id);
    if (given !== undefined) return given;
    if (io.terminal === undefined) {
      io.err(`Nobody answered. Give --answer ${request.id}=TEXT with at least ${request.least} characters.\n`);
      return undefined;
    }
    const typed = (await io.terminal.line(`At least ${request.least} characters, or nothing to stop: `, signal))?.trim() ?? '';
    return typed.length >= request.least ? typed : undefined;
  }

  async choose(request: Question, signal: AbortSignal): Promise<string | undefined> {
    const { io, answers } = this.#options;
    const ids = request.answers.map(({ id }) => id);
    io.err(`${plain(request.title)} ${plain(request.prompt)}\n`);
    const given = answers.get(request.id);
    if (given !== undefined && ids.includes(given)) {
      io.err(`Answered beforehand: ${given}\n`);
      return given;
    }
    if (io.terminal === undefined) {
      io.err(`Nobody answered. Give --answer ${request.id}=ANSWER with one of: ${ids.join(', ')}.\n`);
      return undefined;
    }
    for (const [index, answer] of request.answers.entries()) io.err(`  ${index + 1}. ${plain(answer.label)}: ${plain(answer.detail)}\n`);
    const typed = (await io.terminal.line(`1 to ${ids.length}, or nothing to stop: `, signal))?.trim() ?? '';
    return ids[Number(typed) - 1];
  }

  async waitFor(task: PersonTask, signal: AbortSignal): Promise<'check' | 'give-up'> {
    const { io, clock, patience } = this.#options;
    io.err(`${plain(task.title)}\n${task.instructions.map((line, index) => `  ${index + 1}. ${plain(line)}\n`).join('')}  ${plain(task.proof)}\n`);
    if (io.terminal !== undefined) {
      const typed = await io.terminal.line('It is noticed by itself. Enter checks now, "stop" gives up: ', signal);
      // The step saw the proof by itself: going on is checking now.
      return typed?.trim().toLowerCase() === 'stop' || (typed === undefined && !signal.aborted) ? 'give-up' : 'check';
    }
    io.err(`It is waited for ${Math.round(patience / 60_000)} minutes.\n`);
    const until = clock.now() + patience;
    await clock.delay(Math.max(0, until - clock.now()), signal).catch(() => undefined);
    return signal.aborted ? 'check' : 'give-up';
  }
}
