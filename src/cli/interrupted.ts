import { CliError } from './cli-error.ts';
import { signalCodes, type Interruption } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/** Does work that Ctrl+C and its relatives end at once; rejects with a CliError that carries the shell's exit code for it. */
export async function interruptible<T>(io: CliIo, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let came: Interruption | undefined;
  const dispose = io.onInterruption((signal) => {
    came ??= signal;
    controller.abort(new DOMException('Interrupted.', 'AbortError'));
  });
  try {
    return await work(controller.signal);
  } catch (error) {
    if (came === undefined) throw error;
    throw new CliError(signalCodes[came], 'Interrupted. Nothing was changed.', '', { cause: error });
  } finally {
    dispose();
  }
}
