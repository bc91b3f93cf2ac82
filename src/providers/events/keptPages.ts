import type * as vscode from 'vscode';
import { checkPageState, type PageState } from '../../events/protocol.ts';

const key = 'events.pages';
/** Tabs whose state is kept, the latest. */
const most = 20;
/** Rest between two writings, in milliseconds. */
const rest = 500;

/**
 * What open tabs show, in the workspace's own storage: the editor keeps a tab's state only with the whole window, which is written once
 * a minute, and not where the window is killed. Whether a tab was closed by a person or with its window nobody tells, so none is forgotten.
 */
export class KeptPages {
  readonly #memento: vscode.Memento;
  readonly #pages: Map<string, unknown>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    this.#pages = new Map(Object.entries(memento.get<Readonly<Record<string, unknown>>>(key) ?? {}));
  }

  /** Of what the editor has kept of a tab and what is kept here, the later; undefined where neither is one. */
  latest(tab: string, editors: PageState | undefined): PageState | undefined {
    const own = pageStateOf(this.#pages.get(tab));
    return own !== undefined && (editors === undefined || (own.at ?? 0) > (editors.at ?? 0)) ? own : editors;
  }

  keep(tab: string, state: PageState): void {
    this.#pages.delete(tab);
    this.#pages.set(tab, state);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= most) break;
      this.#pages.delete(oldest);
    }
    this.#write();
  }

  #write(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#memento.update(key, Object.fromEntries(this.#pages));
    }, rest);
  }
}

/** A state that was kept; undefined where it is none, or one of an earlier version. */
export function pageStateOf(state: unknown): PageState | undefined {
  try {
    return checkPageState(state, 'state');
  } catch {
    return undefined;
  }
}
