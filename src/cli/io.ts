import type { Connect } from '../session.ts';
import type { Clock } from '../connect/server.ts';
import type { Interruption } from './exit-codes.ts';
import type { Questions } from './terminal.ts';

/** What the command line needs of the process that it runs in; the root brings it, tests bring their own. */
export interface CliIo {
  /** Standard output: the result and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: progress, questions, errors. */
  readonly err: (text: string) => void;
  /** Undefined where nobody can answer: standard input or standard error is no terminal. */
  readonly terminal: Questions | undefined;
  /** All of standard input, bounded; only ever read where it is no terminal. */
  readonly readInput: () => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly home: string;
  /** Aborts when nobody reads standard output any more; absent where somebody always does. */
  readonly unread?: AbortSignal;
  /** Resolves when standard output takes more: for what is printed without an end. */
  readonly drained?: () => Promise<void>;
  /** Hears of Ctrl+C and its relatives until the returned function is called; while nobody listens they end the process. */
  readonly onInterruption: (listener: (signal: Interruption) => void) => () => void;
}

/** Who the command runs as, for locks and records. */
export interface CliUser {
  readonly who: string;
  readonly host: string;
}

/** Everything that the commands need and do not make themselves. */
export interface CliPorts {
  readonly io: CliIo;
  /** Loads the transports at the first connection. */
  readonly connect: () => Promise<Connect>;
  readonly clock: Clock;
  readonly user: CliUser;
  /** The folder shared with the extension. */
  readonly state: string;
  readonly version: string;
  readonly newId: () => string;
}
