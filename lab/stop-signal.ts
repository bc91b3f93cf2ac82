/** Says that the user, or whoever started this process, wants it to end: Ctrl+C, SIGTERM, SIGHUP, or (attached) the end of standard input. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** Settles when the signal was given. */
  readonly requested: Promise<void>;
  /** Stops listening. */
  dispose(): void;
}

/** Listens for the wish to end; without a listener these signals would end the process before it cleaned up. */
export function stopSignal(attached: boolean): StopSignal {
  const controller = new AbortController();
  const abort = (): void => { controller.abort(new Error('Interrupted.')); };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, abort);
  if (attached) {
    process.stdin.once('end', abort);
    process.stdin.once('error', abort);
    process.stdin.resume();
  }
  return {
    signal: controller.signal,
    requested: new Promise((resolve) => { controller.signal.addEventListener('abort', () => { resolve(); }, { once: true }); }),
    dispose: () => {
      for (const name of names) process.off(name, abort);
      process.stdin.off('end', abort).off('error', abort);
      if (attached) process.stdin.pause();
    },
  };
}
