import type { EventRef, PageRow, Reply } from '../../src/events/protocol.ts';
import { button, fill, h, mark } from './dom.ts';
import { visible, visibleLine } from './visible.ts';
import type { Words } from './words.ts';

/** What the pane asks of the page. */
export interface DetailsOwner {
  details(ref: EventRef, signal: AbortSignal): Promise<Reply<'details'>>;
  xml(ref: EventRef): Promise<string>;
  act(ref: EventRef, action: string): void;
  around(row: PageRow, seconds: number): void;
  time(row: PageRow): string;
  bookmarked(row: PageRow): boolean;
  bookmark(row: PageRow): void;
  copy(row: PageRow, as: 'text' | 'json' | 'xml' | 'query'): void;
  close(): void;
  resized(height: number): void;
}

/** Seconds before and after an event that can be chosen. */
export const surroundings = [5, 30, 60, 300, 3600] as const;
const leastHeight = 60;

/** The pane below the grid: the whole message, the values, what the event means and what can be done about it. */
export class Details {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #owner: DetailsOwner;
  readonly #content: HTMLElement;
  readonly #splitter: HTMLElement;
  #asking: AbortController | undefined;
  #row: PageRow | undefined;
  /** What is shown, and of which event. */
  #drawn = '';
  #shown: EventRef | undefined;
  #height: number;

  constructor(words: Words, owner: DetailsOwner, height: number) {
    this.#words = words;
    this.#owner = owner;
    this.#height = height;
    this.#content = h('div', { class: 'details-content', tabindex: 0, role: 'document', 'aria-label': words.get('details') }, words.get('details.none'));
    this.#splitter = h('div', {
      class: 'splitter', role: 'separator', tabindex: 0, 'aria-orientation': 'horizontal', 'aria-label': words.get('details.size'), 'aria-valuemin': leastHeight,
      pointerdown: (event: PointerEvent) => { this.#drag(event); },
      keydown: (event: KeyboardEvent) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        event.stopPropagation();
        this.#resize(this.#height + (event.key === 'ArrowUp' ? 20 : -20));
      },
    });
    this.element = h('section', { class: 'details', 'aria-label': words.get('details'), keydown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') { event.stopPropagation(); owner.close(); }
    } }, this.#splitter, button('\u00d7', words.get('details.close'), () => { owner.close(); }, { class: 'details-close' }), this.#content);
    this.#resize(height);
  }

  /** The height in pixels. */
  get height(): number { return this.#height; }

  /** Puts the keyboard into the pane. */
  focus(): void { this.#content.focus(); }

  /** Shows a row; the same one again is left as it is unless `anew`. */
  async show(row: PageRow | undefined, anew = false): Promise<void> {
    if (row === this.#row && !anew) return;
    this.#row = row;
    this.#asking?.abort();
    if (row === undefined) {
      this.#drawn = '';
      fill(this.#content, this.#words.get('details.none'));
      return;
    }
    const asking = this.#asking = new AbortController();
    try {
      const details = await this.#owner.details(refOf(row), asking.signal);
      if (!asking.signal.aborted) this.#draw(details);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#drawn = '';
      fill(this.#content, h('p', { class: 'problem' }, this.#words.get('failed', visibleLine((error as Error).message))));
    }
  }

  /** Shows the same row again, with what is known of it now. */
  again(): Promise<void> { return this.show(this.#row, true); }

  #draw(details: Reply<'details'>): void {
    const { row } = details;
    const drawn = JSON.stringify([details, this.#owner.time(row), this.#owner.bookmarked(row)]);
    if (drawn === this.#drawn) return;
    // What is only told anew leaves the person where they read, and the keyboard in the pane.
    const { scrollTop } = this.#content;
    const again = this.#drawn !== '' && this.#shown !== undefined && sameEvent(row, this.#shown);
    const held = this.#content.contains(document.activeElement);
    this.#drawn = drawn;
    this.#shown = row;
    const w = this.#words;
    const title = w.get('details.event', String(row.id), visibleLine(row.provider));
    const { explanation } = details;
    fill(this.#content,
      h('h2', {}, h('bdi', {}, title)),
      h('p', { class: 'details-facts' }, `${w.level(row.level)} \u00b7 ${this.#owner.time(row)} \u00b7 `, h('bdi', {}, visibleLine(row.server)), ' \u00b7 ', h('bdi', {}, visibleLine(row.log)), ` \u00b7 ${w.get('recordId')} ${row.recordId}`),
      explanation === undefined ? undefined : h('div', { class: `explanation ${row.known ?? ''}` },
        h('h3', {}, w.get('details.meaning')), h('p', {}, explanation.meaning), h('h3', {}, w.get('details.implies')), h('p', {}, explanation.implies)),
      details.actions.length === 0 ? undefined : h('div', { class: 'actions' }, h('h3', {}, w.get('details.actions')), ...details.actions.map((action) => h('div', { class: 'action' },
        button(action.label, action.label, () => { this.#owner.act(refOf(row), action.id); }, { class: 'primary', disabled: !action.enabled }), action.detail === undefined ? undefined : h('bdi', { class: 'action-detail' }, visibleLine(action.detail))))),
      details.findings.length === 0 ? undefined : h('div', {}, h('h3', {}, w.get('details.findings')), ...details.findings.map((finding) => h('p', {}, h('strong', {}, h('bdi', {}, visibleLine(finding.title))), ' ', h('bdi', {}, visibleLine(finding.advice))))),
      h('h3', {}, w.get('message')),
      row.formatted ? undefined : h('p', { class: 'note' }, w.get('unformatted')),
      h('pre', { class: 'message', dir: 'auto' }, visible(details.message) || w.get('noMessage')),
      details.cut ? h('p', { class: 'note' }, w.get('details.cut')) : undefined,
      ...(details.data.length === 0 ? [] : [h('h3', {}, w.get('details.values')), h('ol', { class: 'values' }, ...details.data.map((value) => h('li', {}, h('bdi', {}, visible(value)))))]),
      this.#tools(row),
    );
    this.#content.scrollTop = again ? scrollTop : 0;
    if (held) this.#content.focus();
  }

  #tools(row: PageRow): HTMLElement {
    const w = this.#words;
    const seconds = h('select', { 'aria-label': w.get('details.around') }, ...surroundings.map((n) => h('option', { value: n, selected: n === 60 }, w.get('details.seconds', n))));
    const xml = h('pre', { class: 'xml', tabindex: 0, 'aria-label': 'XML', hidden: true });
    const show = button(w.get('details.xml'), w.get('details.xml'), () => {
      if (!xml.hidden) {
        xml.hidden = true;
        show.textContent = w.get('details.xml');
        return;
      }
      this.#owner.xml(refOf(row)).then((text) => { xml.textContent = visible(text); xml.hidden = false; show.textContent = w.get('details.hideXml'); },
        (error: unknown) => { xml.textContent = w.get('failed', visibleLine((error as Error).message)); xml.hidden = false; });
    });
    const bookmark = button(this.#owner.bookmarked(row) ? w.get('menu.unbookmark') : w.get('menu.bookmark'), '', () => {
      this.#owner.bookmark(row);
      bookmark.textContent = this.#owner.bookmarked(row) ? w.get('menu.unbookmark') : w.get('menu.bookmark');
    });
    bookmark.removeAttribute('aria-label');
    return h('div', { class: 'details-tools' }, seconds, button(w.get('details.around'), w.get('details.around'), () => { this.#owner.around(row, Number(seconds.value)); }), bookmark,
      button(w.get('menu.copyText'), w.get('menu.copyText'), () => { this.#owner.copy(row, 'text'); }), button(w.get('menu.copyJson'), w.get('menu.copyJson'), () => { this.#owner.copy(row, 'json'); }), show, xml);
  }

  #drag(event: PointerEvent): void {
    event.preventDefault();
    const [start, height] = [event.clientY, this.#height];
    this.#splitter.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => { this.#resize(height + start - moved.clientY, false); };
    this.#splitter.addEventListener('pointermove', move);
    this.#splitter.addEventListener('lostpointercapture', () => { this.#splitter.removeEventListener('pointermove', move); this.#resize(this.#height); }, { once: true });
  }

  #resize(height: number, tell = true): void {
    const most = Math.max(leastHeight, innerHeight - 240);
    this.#height = Math.round(Math.max(leastHeight, Math.min(most, height)));
    this.element.style.height = `${this.#height}px`;
    mark(this.#splitter, 'aria-valuemax', most);
    mark(this.#splitter, 'aria-valuenow', this.#height);
    if (tell) this.#owner.resized(this.#height);
  }
}

/** Which event a row is. */
export function refOf(row: EventRef): EventRef {
  return { server: row.server, log: row.log, recordId: row.recordId };
}

/** Whether two names are of one event. */
export function sameEvent(a: EventRef, b: EventRef): boolean {
  return a.recordId === b.recordId && a.log === b.log && a.server === b.server;
}
