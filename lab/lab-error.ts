/** What the lab's command says in one line on standard error, with the exit code that goes with it: 2 for a wrong call, 1 for a failure. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2, options?: { cause?: unknown }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A call that the command does not understand. */
export function wrongCall(message: string): LabError {
  return new LabError(message, 2);
}
