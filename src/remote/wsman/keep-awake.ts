/** The longest pause that is left to a shell, in milliseconds, whatever it says that it endures. */
const longestPause = 30 * 60_000;

/**
 * Does something to a shell before its idle time on the server ends it (MS-WSMV 2.2.4.36, IdleTimeOut). Does not keep the
 * process alive.
 */
export class KeepAwake {
  private readonly wake: () => Promise<void>;
  private readonly pause: number;
  private timer: NodeJS.Timeout | undefined;
  private over = false;

  /**
   * @param idleTime how long the server lets the shell idle, in milliseconds; undefined: it did not say
   * @param wake any request to the shell; must not reject
   */
  constructor(idleTime: number | undefined, wake: () => Promise<void>) {
    this.wake = wake;
    this.pause = Math.min(longestPause, Math.max(1000, (idleTime ?? longestPause * 2) / 2));
    this.touched();
  }

  /** The shell was used just now. */
  touched(): void {
    clearTimeout(this.timer);
    if (this.over) return;
    this.timer = setTimeout(() => {
      void this.wake().then(() => { this.touched(); });
    }, this.pause).unref();
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
  }
}
