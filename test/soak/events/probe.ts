// The extension host as another extension in it sees it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** One second of the extension host: how long it was held up at most (milliseconds), and the bytes it held. */
export interface HostSecond {
  readonly at: number;
  readonly held: number;
  readonly rss: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly collected: boolean;
}

/** A second extension, in test/soak/probe, that writes down how the extension host is. */
export class HostProbe {
  readonly #folder = mkdtempSync(join(tmpdir(), 'probe-'));
  readonly env = { PROBE_FILE: join(this.#folder, 'seconds.jsonl') };

  /** Every second so far. */
  seconds(): readonly HostSecond[] {
    if (!existsSync(this.env.PROBE_FILE)) return [];
    // The last line may be half written.
    return readFileSync(this.env.PROBE_FILE, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as HostSecond);
  }

  /** The longest time that the extension host was held up since `from`, in milliseconds. */
  longestHeld(from: number, to = Date.now()): number {
    return Math.max(0, ...this.seconds().filter(({ at, collected }) => at >= from && at <= to && !collected).map(({ held }) => held));
  }

  /** The bytes that are held once garbage is collected. */
  async memory(): Promise<HostSecond> {
    const asked = Date.now();
    writeFileSync(`${this.env.PROBE_FILE}.collect`, '');
    for (let n = 0; n < 600; n++) {
      const found = this.seconds().find(({ at, collected }) => collected && at >= asked);
      if (found !== undefined) return found;
      await wait(100);
    }
    throw new Error('the probe in the extension host does not answer');
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
