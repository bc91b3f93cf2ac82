/** What the command ends with. They are documented in docs/command-line.md: add, never change. */
export const exitCodes = {
  /** Done; `diagnose` and `plan`: nothing needs doing. */
  done: 0,
  /** A run failed, or something unexpected happened. */
  failed: 1,
  /** A wrong call, or a servers file that cannot be used. */
  wrongCall: 2,
  /** `diagnose` and `plan`: something needs doing. */
  attention: 3,
  /** A server could not be reached or read. */
  unreachable: 4,
  /** Refused by a gate, a missing confirmation or an approval that does not hold; nothing was changed by what was refused. */
  refused: 5,
  /** What happened on the server is not known: a person has to look. */
  unknown: 6,
  /** Somebody declined or gave up. */
  cancelled: 7,
} as const;

/** Ended by a signal: 128 and its number, as shells do. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type Interruption = keyof typeof signalCodes;
