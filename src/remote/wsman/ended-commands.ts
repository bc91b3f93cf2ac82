/** Most commands whose end the server is not told of yet. */
const mostUntold = 8;

/**
 * Tells the server of commands that are over, a little later and several together: where the shell is deleted right
 * away, it need not be told at all.
 */
export class EndedCommands {
  private readonly pause: number;
  private readonly tell: (command: string) => Promise<boolean>;
  private readonly untold: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  /**
   * @param pause how long the end of a command is kept back, in milliseconds
   * @param tell tells of one; resolves to false where there is no use in going on. Must not reject.
   */
  constructor(pause: number, tell: (command: string) => Promise<boolean>) {
    this.pause = pause;
    this.tell = tell;
  }

  add(command: string): void {
    this.untold.push(command);
    clearTimeout(this.timer);
    if (this.untold.length >= mostUntold) void this.flush();
    else this.timer = setTimeout(() => { void this.flush(); }, this.pause);
  }

  /** Tells of all of them now; settles when that is done. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.telling = this.telling.then(async () => {
      for (const command of this.untold.splice(0)) if (!await this.tell(command)) return;
    });
    return this.telling;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.untold.length = 0;
  }
}
