import type { Confirmation, CredentialRequest, Person, PersonTask, Question, SecretRequest, TextRequest } from '../../src/connect/person.ts';
import type { SecureString } from '../../src/session.ts';
import type { LabLayout } from '../layout.ts';
import { enterConnectorPassword } from '../person-action.ts';
import type { SimulatedServer } from '../server.ts';
import { secureString } from './secret.ts';

/** Who signs in to Entra where nobody suggested a name: any administrator's will do in the practice lab. */
const entraAdministrator = 'administrator@practice.onmicrosoft.com';
/** Who administers every forest of the practice lab. */
const enterpriseAdministrator = 'CONTOSO\\enterprise-admin';

/**
 * The person in front of `try`: says yes to everything, answers from the scenario and from the secrets of the one server that this
 * process started itself. There is no other way to make one, so nothing can be confirmed automatically on another server.
 */
export class AutomaticPerson implements Person {
  readonly #lab: LabLayout;
  readonly #server: SimulatedServer;
  readonly #say: (line: string) => void;

  constructor(lab: LabLayout, server: SimulatedServer, say: (line: string) => void) {
    this.#lab = lab;
    this.#server = server;
    this.#say = say;
  }

  confirm(request: Confirmation): Promise<boolean> {
    const own = this.#server.scenario.content.computerName;
    // Typed is the name of the server that this process started; another server's question is answered wrongly on purpose.
    const wanted = request.typedName ?? own;
    const agreed = wanted.toLowerCase() === own.toLowerCase();
    this.#say(agreed ? `Confirmed: ${request.title}` : `Declined: ${request.title} (it asks for "${wanted}", this server is ${own})`);
    return Promise.resolve(agreed);
  }

  secret(request: SecretRequest): Promise<SecureString | undefined> {
    const name = (request.step === undefined ? undefined : this.#answer(request.step)) ?? this.#passwordOf(request.account);
    return Promise.resolve(this.#secret(name, `the password of ${request.account}`));
  }

  credential(request: CredentialRequest): Promise<{ userName: string; password: SecureString } | undefined> {
    const inForest = request.step === 'enter-connector-password';
    const name = (request.step === undefined ? undefined : this.#answer(request.step)) ?? (inForest ? 'enterpriseAdmin' : 'entraAdmin');
    const password = this.#secret(name, request.title);
    return Promise.resolve(password && { userName: request.suggestedUserName ?? (inForest ? enterpriseAdministrator : entraAdministrator), password });
  }

  text(request: TextRequest): Promise<string | undefined> {
    const text = this.#answer(request.id) ?? 'A rehearsal in the practice lab.';
    this.#say(`${request.title} ${text}`);
    return Promise.resolve(text);
  }

  choose(request: Question): Promise<string | undefined> {
    const answer = this.#answer(request.id);
    if (answer !== undefined && request.answers.some(({ id }) => id === answer)) {
      this.#say(`${request.title} ${answer}`);
      return Promise.resolve(answer);
    }
    const offered = request.answers.map(({ id }) => id).join(', ');
    this.#say(`No answer to "${request.id}" (${offered}): the scenario's "answers" ${answer === undefined ? 'has none' : `says "${answer}"`}.`);
    return Promise.resolve(undefined);
  }

  async waitFor(task: PersonTask, signal: AbortSignal): Promise<'check' | 'give-up'> {
    const connector = this.#server.scenario.content.connectors.find(({ name }) => name === task.target);
    const password = connector?.password === undefined ? undefined : this.#server.secrets[connector.password];
    if (task.step !== 'enter-connector-password' || connector === undefined || password === undefined) {
      this.#say(`Nobody in this scenario can do that: ${task.title}`);
      return 'give-up';
    }
    try {
      const run = await enterConnectorPassword(this.#lab, this.#server.directory, connector.name, password, signal);
      const words = (run.exitCode === 0 ? run.stdout : run.stderr || run.stdout).trim();
      this.#say(run.exitCode === 0 ? `The person entered the password of ${connector.name}.` : `The person could not enter the password of ${connector.name}: ${words}`);
      return run.exitCode === 0 ? 'check' : 'give-up';
    } catch (error) {
      // The step saw the password arrive before the person's own window closed.
      if (signal.aborted) return 'check';
      throw error;
    }
  }

  #answer(id: string): string | undefined {
    const answers = this.#server.scenario.content.answers;
    return answers !== undefined && Object.hasOwn(answers, id) ? answers[id] : undefined;
  }

  /** Name of the secret that is the account's password now. */
  #passwordOf(account: string): string | undefined {
    const { service, account: serviceAccount, connectors } = this.#server.scenario.content;
    const same = (other: string | undefined): boolean => other?.toLowerCase() === account.toLowerCase();
    return same(service.startName) ? serviceAccount?.password : connectors.find((connector) => same(connector.account))?.password;
  }

  #secret(name: string | undefined, what: string): SecureString | undefined {
    const value = name === undefined || !Object.hasOwn(this.#server.secrets, name) ? undefined : this.#server.secrets[name];
    this.#say(value === undefined ? `Nobody knows ${what}.` : `Entered: ${what}.`);
    return value === undefined ? undefined : secureString(value);
  }
}
