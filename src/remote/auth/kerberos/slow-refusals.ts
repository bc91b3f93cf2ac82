import type { AuthError } from '../error.ts';
import type { KerberosOpened } from './open.ts';

/** From how long on a failed attempt is remembered, and for how long, in milliseconds. */
const slowFrom = 2000;
const remembered = 120_000;
/** Most attempts that are remembered. */
const most = 500;

/**
 * Where a domain controller is out of reach, finding that out takes many seconds; a further connection to the same
 * server, a moment later, goes without Kerberos at once. Only for Negotiate, which has something else to try.
 */
export class SlowRefusals {
  readonly #known = new Map<string, { readonly until: number; readonly error: AuthError }>();
  readonly #now: () => number;

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What `open` says, or what it said lately if that took long. @param key user and server */
  async orOpen(key: string, open: () => Promise<KerberosOpened>): Promise<KerberosOpened> {
    const known = this.#known.get(key);
    const started = this.#now();
    if (known !== undefined && known.until > started) return { unavailable: known.error };
    this.#known.delete(key);
    const opened = await open();
    const ended = this.#now();
    if ('unavailable' in opened && ended - started >= slowFrom) {
      if (this.#known.size >= most) this.#known.clear();
      this.#known.set(key, { until: ended + remembered, error: opened.unavailable });
    }
    return opened;
  }
}
