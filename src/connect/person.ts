import type { SecureString } from '../session.ts';
import type { StepId } from './ids.ts';

/**
 * The person in front of the product, as the domain sees one: the editor, the command line and the lab each bring
 * their own. Every method may be cancelled by the person; that is an answer, never an exception.
 */
export interface Person {
  /** Asks before something changes. Resolves to false when declined, or when the typed name was not the one asked for. */
  confirm(request: Confirmation, signal: AbortSignal): Promise<boolean>;
  /** Asks for a secret in a password box. Undefined: declined. */
  secret(request: SecretRequest, signal: AbortSignal): Promise<SecureString | undefined>;
  /** Asks for a user name and a password. Undefined: declined. */
  credential(request: CredentialRequest, signal: AbortSignal): Promise<{ userName: string; password: SecureString } | undefined>;
  /** Asks for a sentence of the person's own, which is journaled: never for a secret. Undefined: declined. */
  text(request: TextRequest, signal: AbortSignal): Promise<string | undefined>;
  /** Asks one of several answers; the result is the chosen id. Undefined: declined. */
  choose(request: Question, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Shows what a person has to do elsewhere and waits for "check now" (`check`) or for giving up (`give-up`).
   * The signal aborts when the step saw by itself that the work is done.
   */
  waitFor(task: PersonTask, signal: AbortSignal): Promise<'check' | 'give-up'>;
}

/** What will change, whether it can be undone, and what must be typed to go on. */
export interface Confirmation {
  readonly step: StepId | undefined;
  readonly title: string;
  /** One sentence each: exactly what will happen, to what, on which server. */
  readonly changes: readonly string[];
  /** How to undo it, or what cannot be undone. */
  readonly undo: string;
  readonly irreversible: boolean;
  /** The name that has to be typed (the server's own, as it reports it now); undefined where a button is enough. */
  readonly typedName: string | undefined;
  /** The button's text: a verb and its object. */
  readonly action: string;
  /** The gate (or `lock`, another client's) that is overruled by agreeing: only ever by a person who reads this now. */
  readonly overrules?: string;
}

export interface SecretRequest {
  readonly step: StepId | undefined;
  readonly title: string;
  readonly prompt: string;
  /** Whose password: the account's name, for keeping it (if the person says so) and for asking. */
  readonly account: string;
}

export interface CredentialRequest {
  readonly step: StepId | undefined;
  readonly title: string;
  readonly prompt: string;
  readonly suggestedUserName: string | undefined;
  /** The AD forest whose administrator is asked for; undefined: one of the Entra tenant. */
  readonly forest?: string;
}

export interface TextRequest {
  /** A stable id: `abandon-reason`; the lab's `answers` use it. */
  readonly id: string;
  readonly step: StepId | undefined;
  readonly title: string;
  readonly prompt: string;
  /** Fewest characters that count as an answer. */
  readonly least: number;
}

export interface Question {
  /** A stable id: `password-change-kind`, …; the lab's `answers` use it. */
  readonly id: string;
  readonly title: string;
  readonly prompt: string;
  readonly answers: readonly { readonly id: string; readonly label: string; readonly detail: string }[];
}

/** Work that only a person can do, on the server's own screen. */
export interface PersonTask {
  readonly step: StepId;
  /** The connector, where the step has one. */
  readonly target: string | undefined;
  readonly title: string;
  /** The clicks, in order, as the screens name them. */
  readonly instructions: readonly string[];
  /** How the product will know that it is done. */
  readonly proof: string;
}
