import type { StepId } from './ids.ts';
import type { JournalEntry, JournalSink } from './journal.ts';
import { journalEvents, type JournalData, type JournalEvent } from './journal-events.ts';
import type { Clock } from './server.ts';

/** Longest text of one field, and most texts of one list. */
const longestText = 500;
const mostTexts = 100;
/** Shorter values cannot be told from chance inside other words. */
const shortestSecret = 4;

/**
 * Writes a run's journal in order, each entry durable before the next thing happens. Fields that the event does not list are
 * dropped; secrets that the run was given are replaced wherever a server echoes one.
 */
export class JournalWriter {
  readonly #sink: JournalSink;
  readonly #clock: Clock;
  readonly #run: string;
  readonly #secrets = new Set<string>();
  #seq: number | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(sink: JournalSink, clock: Clock, run: string) {
    this.#sink = sink;
    this.#clock = clock;
    this.#run = run;
  }

  /** Makes a secret known, so that it is taken out of any text that comes back with it. */
  hide(secret: string): void {
    if (secret.length >= shortestSecret) this.#secrets.add(secret);
  }

  /** A text without any secret that this run was given. */
  clean(text: string): string {
    let clean = text;
    // The longest first: of one that holds another nothing may be left.
    for (const secret of [...this.#secrets].sort((one, other) => other.length - one.length)) clean = clean.split(secret).join('(hidden)');
    return clean;
  }

  /** Appends one entry; resolves when it is durable. */
  async write<E extends JournalEvent>(event: E, step: StepId | undefined, data: JournalData<E>): Promise<void> {
    const at = new Date(this.#clock.now()).toISOString();
    const allowed = this.#allowed(event, data);
    const next = this.#last.then(async () => {
      this.#seq = (this.#seq ?? await this.#sink.lastSequence?.() ?? 0) + 1;
      const entry: JournalEntry = { v: 1, seq: this.#seq, at, run: this.#run, step, event, data: allowed };
      await this.#sink.append(`${JSON.stringify(entry)}\n`);
    });
    // One entry that could not be written must not keep the later ones from being tried.
    this.#last = next.catch(() => undefined);
    return next;
  }

  #allowed(event: JournalEvent, data: Readonly<Record<string, unknown>>): JournalEntry['data'] {
    const allowed: Record<string, string | number | boolean | null | readonly string[]> = {};
    for (const field of journalEvents[event]) {
      const value = data[field];
      if (typeof value === 'string') allowed[field] = this.clean(value).slice(0, longestText);
      else if (typeof value === 'number' || typeof value === 'boolean' || value === null) allowed[field] = value;
      else if (Array.isArray(value)) allowed[field] = value.slice(0, mostTexts).map((text) => this.clean(String(text)).slice(0, longestText));
    }
    return allowed;
  }
}
