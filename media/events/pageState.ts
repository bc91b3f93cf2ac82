import { checkPageState, type Init, type PageState } from '../../src/events/protocol.ts';
import type { Host } from './host.ts';

/** Rest after the last change before the state is kept, in milliseconds. */
const rest = 250;

/** The state of a page that nobody has touched. */
export function freshState(init: Init): PageState {
  return {
    source: init.source, filter: init.filter, sort: { field: 'time', descending: true }, columns: [], clock: 'local', bookmarks: [],
    search: { query: { text: '', regex: false, caseSensitive: false }, only: false }, sidebar: true, details: true, detailsHeight: 250,
  };
}

/** What was kept of this page, by the editor or by the host, whichever is later; undefined: nothing, or of another page. */
export function keptState(init: Init, kept: unknown): PageState | undefined {
  let latest: PageState | undefined;
  for (const candidate of [kept, init.state]) {
    try {
      const state = checkPageState(candidate);
      if (JSON.stringify(state.source) === JSON.stringify(init.source) && (state.at ?? 0) >= (latest?.at ?? 0)) latest = state;
    } catch {
      // Of an earlier version, or nothing: the other one, or a fresh state.
    }
  }
  return latest;
}

/** Keeps the state soon after it changed, and at once when the page goes away. */
export class StateKeeper {
  readonly #host: Host;
  readonly #state: () => PageState;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host, state: () => PageState) {
    this.#host = host;
    this.#state = state;
    addEventListener('pagehide', () => { if (this.#timer !== undefined) this.#keep(); });
    document.addEventListener('visibilitychange', () => { if (document.hidden && this.#timer !== undefined) this.#keep(); });
  }

  /** Something changed. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#keep(); }, rest);
  }

  #keep(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#host.keep(this.#state());
  }
}
