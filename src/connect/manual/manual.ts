import type { PlanId } from '../ids.ts';
import type { StepPurpose } from '../plan.ts';

/** One thing that a person does, on the server itself unless it says otherwise. */
export type ManualAction =
  /** Typed into an elevated Windows PowerShell 5.1 window; every line stands for itself and none holds a secret. */
  | { readonly kind: 'command'; readonly about: string; readonly lines: readonly string[] }
  | { readonly kind: 'click'; readonly program: string; readonly clicks: readonly string[] }
  | { readonly kind: 'do'; readonly text: string };

/** A step as a person takes it where nothing may be sent to the server. */
export interface Manual {
  readonly actions: readonly ManualAction[];
  /** What has to be seen afterwards, so that the next step may begin. */
  readonly expect: readonly string[];
  /** What ends the work here, and what to do then. */
  readonly stopIf: readonly string[];
}

/** What is known of the server that the manual is for, from a snapshot or from what an engineer says. Undefined: not known. */
export interface ManualAbout {
  readonly plan: PlanId;
  /** The connector, where the step is about one. */
  readonly target: string | undefined;
  readonly purpose: StepPurpose | undefined;
  readonly computerName: string | undefined;
  readonly startName: string | undefined;
  readonly build: string | undefined;
  /** The installation folder, without a trailing backslash. */
  readonly path: string | undefined;
  readonly database: 'local' | 'remote' | undefined;
  /** Accounts of AD connectors by their connectors' names, `DOMAIN\name`. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly entraAccount: string | undefined;
  readonly application: boolean | undefined;
  /** Names the folder of the copies: the day of the document, `20261123`. */
  readonly day: string;
}
