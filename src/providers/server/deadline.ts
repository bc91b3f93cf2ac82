import type { ConnectPrompts, RemoteFailure } from '../../session.ts';

/** How long one attempt to connect may take unless the setting says otherwise, in seconds. */
export const defaultConnectTimeout = 90;

/** An attempt that took too long, with what the tree says about it. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly failure: RemoteFailure;

  constructor(server: string, milliseconds: number) {
    super(`${server}: no connection within ${milliseconds / 1000} seconds.`);
    this.failure = {
      reason: 'silent-peer', server, quoted: undefined,
      message: `No connection came about within ${milliseconds / 1000} seconds.`,
      remedy: 'Check the server and the network, then connect again; the setting entraConnect.connectTimeout allows more time.',
    };
  }
}

/** Runs an attempt with a deadline; the clock stands still while a person is asked. Rejects with a DeadlineError when it is over, and aborts the attempt. */
export async function withDeadline<T extends AsyncDisposable>(
  options: { milliseconds: number; server: string; prompts: ConnectPrompts; signal: AbortSignal },
  run: (prompts: ConnectPrompts, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { milliseconds, server, prompts, signal } = options;
  const over = new AbortController();
  let expire: () => void = () => undefined;
  const expired = new Promise<never>((_, reject) => {
    expire = () => {
      reject(new DeadlineError(server, milliseconds));
      over.abort();
    };
  });
  expired.catch(() => undefined);
  let left = milliseconds;
  let since = performance.now();
  let asking = 0;
  let timer: NodeJS.Timeout | undefined = setTimeout(expire, left);
  const paused = async <A>(ask: () => Promise<A>): Promise<A> => {
    if (asking++ === 0) {
      clearTimeout(timer);
      left = Math.max(1, left - (performance.now() - since));
    }
    try {
      return await ask();
    } finally {
      if (--asking === 0 && timer !== undefined) {
        since = performance.now();
        timer = setTimeout(expire, left);
      }
    }
  };
  const asked: ConnectPrompts = {
    trustHostKey: (question) => paused(() => prompts.trustHostKey(question)),
    trustCertificate: (question) => paused(() => prompts.trustCertificate(question)),
    password: (question) => paused(() => prompts.password(question)),
    passphrase: (question) => paused(() => prompts.passphrase(question)),
    ...prompts.interactive === undefined ? {} : { interactive: (question) => paused(() => prompts.interactive?.(question) ?? Promise.resolve(undefined)) },
    ...prompts.note === undefined ? {} : { note: (line) => { prompts.note?.(line); } },
  };
  const running = run(asked, AbortSignal.any([signal, over.signal]));
  try {
    return await Promise.race([running, expired]);
  } catch (error) {
    // Whatever still comes of an attempt that nobody waits for is closed.
    void running.then((late) => late[Symbol.asyncDispose](), () => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    timer = undefined;
  }
}
