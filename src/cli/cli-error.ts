import { Refused, errorText, remoteFailure } from '../connect/run-errors.ts';
import { exitCodes } from './exit-codes.ts';

/** Why a command ends early: its exit code, what came of what was tried, and what to do next. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  readonly remedy: string;

  constructor(exitCode: number, message: string, remedy = '', options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
    this.remedy = remedy;
  }
}

/** A wrong call: one line, and where to read more. */
export function wrongCall(message: string, command?: string): CliError {
  return new CliError(exitCodes.wrongCall, message, `Try: entra-connect ${command === undefined ? '' : `${command} `}--help`);
}

/** What an error means for the command: a server that was not reached, a refusal, or something unexpected. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  const failure = remoteFailure(error);
  if (failure !== undefined) {
    const code = failure.reason === 'cancelled' ? exitCodes.cancelled : exitCodes.unreachable;
    return new CliError(code, `${failure.server}: ${failure.message}${failure.quoted === undefined ? '' : ` It said: ${failure.quoted}`}`, failure.remedy, { cause: error });
  }
  if (error instanceof Refused) return new CliError(exitCodes.refused, error.message, '', { cause: error });
  return new CliError(exitCodes.failed, errorText(error), '', { cause: error });
}
