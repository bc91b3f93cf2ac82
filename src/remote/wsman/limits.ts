/** How long each wait may last, in milliseconds. The time that a person takes to answer is not counted. */
export interface WinRmLimits {
  /** Name resolution and TCP; with a proxy also its answer. */
  readonly tcp: number;
  /** The TLS handshake. */
  readonly tls: number;
  /** One step of authentication. */
  readonly handshake: number;
  /** The answer to a request other than Receive. */
  readonly answer: number;
  /** The answer to a Receive: longer than the server holds it. */
  readonly receive: number;
  /** A connection that was idle for longer is not used again: HTTP.sys closes after two minutes, sleep closes unseen. */
  readonly idle: number;
  /** The pauses before each further attempt of a Receive that was cut off; as many attempts as pauses. */
  readonly retries: readonly number[];
  /** How long the end of a command is kept back, for the shell may be deleted right away. */
  readonly lazySignal: number;
  /** How long the next Receive is held back at most while little comes: each request costs the server more than the output. */
  readonly gather: number;
}

export const winRmLimits: WinRmLimits = {
  tcp: 15_000,
  tls: 15_000,
  handshake: 30_000,
  answer: 75_000,
  receive: 50_000,
  idle: 60_000,
  retries: [0, 1000, 2000, 5000, 10_000],
  lazySignal: 50,
  gather: 40,
};
