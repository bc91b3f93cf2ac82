import { RemoteError } from './error.ts';

/** What a connection ends with where the person gave no answer. */
export function declined(server: string, what: string): RemoteError {
  return new RemoteError({ reason: 'cancelled', server, message: `Connecting was cancelled: no ${what} was given.`, remedy: 'Connect again to be asked again.' });
}

/** Asks a person; no answer, or a prompt that fails, is the person declining. */
export async function answerOf<T>(server: string, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  let answer: T | undefined;
  try {
    answer = await ask();
  } catch (error) {
    throw new RemoteError({ ...declined(server, what).failure }, { cause: error });
  }
  if (answer === undefined) throw declined(server, what);
  return answer;
}
