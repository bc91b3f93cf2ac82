import type { Finding } from './finding.ts';
import type { PlanId, StepId } from './ids.ts';
import type { JournalData, JournalEvent } from './journal-events.ts';
import type { MachineIdentity } from './machine-pin.ts';
import type { Manual, ManualAbout } from './manual/manual.ts';
import type { Confirmation, Person } from './person.ts';
import type { StepPurpose } from './plan.ts';
import type { Tone } from './run-events.ts';
import type { ServerLink } from './server-link.ts';
import type { Clock } from './server.ts';
import type { Snapshot } from './snapshot.ts';
import type { SecureString } from '../session.ts';

/** What a step can do to a server: nothing lasting, a setting, an outage, a secret, or something that cannot be undone. */
export type Danger = 'none' | 'change' | 'outage' | 'secret' | 'irreversible';

export interface StepParameter {
  readonly name: 'connector';
  readonly required: boolean;
}

/** What a precheck found: the step can go on, or there is nothing left for it to do. What forbids it is thrown as Refused. */
export type Precheck<Found> = { readonly kind: 'ready'; readonly found: Found; readonly says: readonly string[] } | { readonly kind: 'skip'; readonly why: string };

/** What was read back after the action. */
export interface Postcondition {
  readonly held: boolean;
  readonly says: string;
}

/**
 * One action on a Connect server, the same value behind palette, tree, terminal and plan. The runner calls the four functions in
 * this order; what one returns is handed to the next.
 */
export interface Step<Found = unknown, Answer = unknown, Outcome = unknown> {
  readonly id: StepId;
  readonly title: string;
  /** What it does, one sentence. */
  readonly summary: string;
  readonly danger: Danger;
  /** `detached`: the action lives on the server when the connection dies. */
  readonly launch: 'inline' | 'detached';
  readonly parameters: readonly StepParameter[];
  /** How long it takes, for a person. */
  readonly duration: string;
  /** What state the server is in if one stops after this step. */
  readonly ifStoppedHere: string;
  /** After a connection that broke during the action: do it again (repeating changes nothing), or only read back what became of it. */
  readonly afterLoss: 'repeat' | 'read-back';
  /** How a person takes it by hand, on a server that nothing may be sent to. */
  readonly manual: (about: ManualAbout) => Manual;
  /** Reads the server; says exactly what it found. */
  precheck(context: StepContext): Promise<Precheck<Found>>;
  /** Asks the person for consent and for what the action needs. Undefined: declined. */
  confirm(context: StepContext, found: Found): Promise<Answer | undefined>;
  action(context: StepContext, found: Found, answer: Answer): Promise<Outcome>;
  /** Reads back from the server; `outcome` is undefined where the connection broke during the action. */
  postcondition(context: StepContext, found: Found, outcome: Outcome | undefined): Promise<Postcondition>;
}

/** What steps of one run tell each other; never a secret. */
export interface RunMemory {
  identity: MachineIdentity | undefined;
  /** The person's answer to "change, reset or unknown?". */
  passwordChangeKind: string | undefined;
  /** The person's answer to whether the old password is known. */
  oldPassword: 'known' | 'gone' | 'unknown' | undefined;
  /** This run made a start attempt while a writable domain controller answered. */
  retriedWithController: boolean;
  /** This run's protected folder on the server. */
  folder: string | undefined;
  databaseBackedUp: boolean;
  configurationBackedUp: boolean;
  /** How AD DS Connector passwords are entered; anything but `guided` was chosen by a person for this run. */
  adDs: AdDsWay;
  /** What the server checks again while the present step acts, one line each (see guard.ps1). */
  guard: readonly string[];
  /** Ids of the gates that a person overruled in this run. */
  readonly overruled: Set<string>;
}

/**
 * How the password of an AD DS Connector account gets into the sync engine: by a person in Synchronization Service Manager (the one
 * supported way to enter a known password), by writing the connector's object (unsupported), or by having Connect make another
 * account with an Enterprise Admin's credentials (the connector is switched to it).
 */
export const adDsWays = ['guided', 'object-model', 'enterprise-admin'] as const;
export type AdDsWay = (typeof adDsWays)[number];

/** What a step has at hand while it runs. */
export interface StepContext {
  readonly run: string;
  readonly plan: PlanId | undefined;
  readonly target: string | undefined;
  readonly purpose: StepPurpose | undefined;
  readonly link: ServerLink;
  readonly person: Person;
  readonly clock: Clock;
  readonly memory: RunMemory;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  /** Aborts when the person presses "check now" elsewhere than in the question itself. */
  readonly checkNow: () => Promise<void>;
  /** The newest snapshot and its findings; `fresh` reads the server again. */
  readonly look: (fresh?: boolean) => Promise<{ readonly snapshot: Snapshot; readonly findings: readonly Finding[] }>;
  /** A line for the terminal. */
  readonly say: (tone: Tone, text: string) => void;
  readonly progress: (text: string, percent?: number) => void;
  readonly note: <E extends JournalEvent>(event: E, data: JournalData<E>) => Promise<void>;
  /** Waits, keeps the lock alive, and rejects with Cancelled when the run was cancelled meanwhile. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Tells the lock that one call to the server takes up to so many seconds. */
  readonly expectLong: (seconds: number) => Promise<void>;
  /** Does what must not be interrupted: until it settles, cancelling is refused with this reason. */
  readonly uninterruptible: <T>(why: string, work: () => Promise<T>) => Promise<T>;
  /** Shows that a person's work is awaited. */
  readonly waiting: (text: string) => void;
  /**
   * Asks for consent; a plan that was confirmed as a whole answers for its steps unless `always`.
   * The answer and whether a name was typed go into the journal.
   */
  readonly consent: (request: Omit<Confirmation, 'step'>, always: boolean) => Promise<boolean>;
  /** Makes a secret known to whatever writes, so that an echo of it is taken out. */
  readonly hide: (secret: SecureString) => void;
}
