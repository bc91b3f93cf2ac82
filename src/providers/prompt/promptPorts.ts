import type { PowerShellSession, SessionHost } from '../../session.ts';
import type { DangerId } from './dangerRules.ts';

/** What a prompt says of itself, in the person's language. */
export interface PromptTexts {
  readonly opening: string;
  /** `who`: version and way in. */
  opened(who: string): string;
  readonly stopping: string;
  readonly dropping: string;
  readonly notRun: string;
  /** The session is gone, and with it what was kept in it. */
  lost(why: string): string;
  tooLong(limit: number): string;
  /** Stands in the transcript instead of a line with a secret. */
  readonly hidden: string;
  readonly locking: string;
}

/** What a script's questions are put to; `decline` ends the script, since nobody answers it. */
export interface AskingScript {
  /** Aborted when the script ended or is being stopped: open questions go away. */
  readonly signal: AbortSignal;
  decline(): Promise<never>;
}

/** What a prompt needs of the world. */
export interface PromptPorts {
  /** As the servers file names it. */
  readonly server: string;
  /** A session of the prompt's own. Rejects with a RemoteError. */
  open(signal: AbortSignal): Promise<PowerShellSession>;
  /** Why nothing may be run now, if so. */
  refusal(): string | undefined;
  /** Asks whether to run a command all the same. */
  confirm(script: string, dangers: readonly DangerId[]): Promise<boolean>;
  /** Asks whether to put several lines in. */
  confirmPaste(text: string, lines: number): Promise<boolean>;
  host(script: AskingScript): SessionHost;
  /** Runs work while this client holds the server's lock. Rejects where somebody else does. */
  locked<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The person left. */
  left(): void;
  readonly texts: PromptTexts;
}
