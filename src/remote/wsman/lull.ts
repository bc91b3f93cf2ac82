import { setTimeout as wait } from 'node:timers/promises';

/** Answers below this many bytes are worth waiting for more. */
const little = 8 * 1024;
const shortest = 5;

/**
 * The pause before the next Receive of a command that says little at a time. Servers answer as soon as there is anything,
 * so that a command with fifty small records costs fifty round trips; while they come, the pause doubles, and each answer
 * brings what gathered. A short command never meets it, a stream of large answers neither.
 */
export class Lull {
  private readonly most: number;
  private pause = 0;

  /** @param most the longest pause, in milliseconds */
  constructor(most: number) {
    this.most = most;
  }

  /** @param bytes how much output the last answer brought; nothing: it was a wait, and is not followed by another */
  async after(bytes: number): Promise<void> {
    this.pause = bytes === 0 || bytes >= little ? 0 : Math.min(this.most, Math.max(shortest, this.pause * 2));
    if (this.pause > 0) await wait(this.pause);
  }
}
