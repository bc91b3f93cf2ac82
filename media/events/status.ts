import type { Notice } from '../../src/events/protocol.ts';
import { button, fill, h } from './dom.ts';
import { redraw } from './redraw.ts';
import { visibleLine } from './visible.ts';
import type { Words } from './words.ts';

/** What the status line and the notices let a person do. */
export interface StatusOwner {
  cancel(): void;
  retry(): void;
  older(): void;
}

/** How many rows, what is being read, what a person has to know; and the words that only a screen reader says. */
export class Status {
  readonly line: HTMLElement;
  readonly notices = h('ul', { class: 'notices' });
  readonly live = h('div', { class: 'live', role: 'status', 'aria-live': 'polite' });
  readonly #words: Words;
  readonly #owner: StatusOwner;
  readonly #count = h('span', { class: 'status-count' });
  readonly #reading = h('span', { class: 'status-reading' });
  readonly #older: HTMLButtonElement;
  #told: readonly Notice[] = [];
  #covers = '';
  #failure: readonly Notice[] = [];

  constructor(words: Words, owner: StatusOwner) {
    this.#words = words;
    this.#owner = owner;
    this.#older = button(words.get('older'), words.get('older'), () => { owner.older(); }, { class: 'link', hidden: true });
    this.line = h('footer', { class: 'status' }, this.#count, this.#reading, this.#older);
  }

  /** Says something to a screen reader; the same words twice are heard twice. */
  say(text: string): void {
    this.live.textContent = this.live.textContent === text ? `${text}\u00a0` : text;
  }

  /** How many events are shown, and of how many. */
  counts(count: number, loaded: number): void {
    this.#count.textContent = count === loaded ? this.#words.get('status.count', count) : this.#words.get('status.of', count, loaded);
  }

  /** What is being read; `older`: there is more on the server that could be. */
  reading(active: boolean, text: string, older: boolean): void {
    redraw(this.#reading, () => { fill(this.#reading, ...(active ? [h('progress', { 'aria-label': visibleLine(text) })] : []), h('bdi', {}, visibleLine(text)),
      ...(active ? [button(this.#words.get('cancel'), this.#words.get('cancel'), () => { this.#owner.cancel(); }, { class: 'link' })] : [])); });
    this.#older.hidden = active || !older;
  }

  /** Says that a filter covers only what is loaded; empty: it covers everything. */
  covers(text: string): void {
    if (text === this.#covers) return;
    this.#covers = text;
    this.#draw();
  }

  /** What a person has to know now. */
  show(notices: readonly Notice[]): void {
    const fresh = notices.filter((notice) => !this.#told.some((told) => told.id === notice.id && told.text === notice.text));
    this.#told = notices;
    this.#draw();
    if (fresh.length > 0) this.say(fresh.map((notice) => visibleLine(notice.text)).join(' '));
  }

  /** Something that was asked for did not work. */
  fail(text: string): void {
    this.#failure = text === '' ? [] : [{ id: 'failure', severity: 'error', text }];
    this.#draw();
    this.say(text);
  }

  #draw(): void {
    const covers: readonly Notice[] = this.#covers === '' ? [] : [{ id: 'covers', severity: 'info', text: this.#covers, action: 'older' }];
    redraw(this.notices, () => { fill(this.notices, ...[...this.#failure, ...this.#told, ...covers].map((notice) => h('li', { class: `notice ${notice.severity}` }, h('bdi', {}, visibleLine(notice.text)), this.#button(notice.action), notice.id === 'failure' ? button('\u00d7', this.#words.get('notice.close'), () => { this.fail(''); }) : undefined))); });
  }

  #button(action: Notice['action']): HTMLButtonElement | undefined {
    if (action === undefined) return undefined;
    const label = this.#words.get(action);
    return button(label, label, () => { if (action === 'retry') this.#owner.retry(); else this.#owner.older(); });
  }
}
