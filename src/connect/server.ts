import type { Pipeline, PowerShellSession } from '../session.ts';

/** One Connect server as the domain reaches it. The composition root brings the transport. */
export interface ConnectServer {
  /** The name in the servers file: a label, never an identity. */
  readonly name: string;
  /** What the servers file claims about it; such claims can only contradict the server's own facts. */
  readonly claims: { readonly computerName?: string | undefined; readonly serviceAccount?: string | undefined; readonly role?: string | undefined };
  /** An open session, the one in use or a new one. Rejects with a RemoteError. */
  session(signal?: AbortSignal): Promise<PowerShellSession>;
  /** Closes the runspace in use and opens a fresh one: after ADSync was started or stopped (its proxies fault afterwards). */
  renew(signal?: AbortSignal): Promise<PowerShellSession>;
  /**
   * Takes up a session that a client left on the server, with what runs in it; undefined where there is none (any more). Absent where
   * sessions end with their connection.
   */
  left?(id: string, signal?: AbortSignal): Promise<LeftSession | undefined>;
}

/** A session that was left, and its scripts that had not ended. */
export interface LeftSession {
  readonly session: PowerShellSession;
  readonly pipelines: readonly Pipeline[];
}

/** Time, injected so that tests need no waiting. */
export interface Clock {
  /** UTC milliseconds of this machine: for durations and journals, never compared with a server's clock. */
  now(): number;
  delay(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
