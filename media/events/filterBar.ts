import type { EventFilter } from '../../src/events/event-filter.ts';
import { fromInput, inputText } from './clock.ts';
import { button, fill, h, mark } from './dom.ts';
import { redraw } from './redraw.ts';
import { isOpen, withOnly } from './terms.ts';
import { visibleLine } from './visible.ts';
import type { Words } from './words.ts';

/** Levels in the order of their chips. */
const levels = [1, 2, 3, 4, 5, 0] as const;

/** What the bar needs of the page. */
export interface FilterBarOwner {
  filter(): EventFilter;
  change(filter: EventFilter): void;
  offset(time: number): number;
  back(): void;
  canGoBack(): boolean;
}

/** Level chips, the time range, and what else is filtered, each with a button that takes it away. */
export class FilterBar {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #owner: FilterBarOwner;
  readonly #chips = new Map<number, HTMLButtonElement>();
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;
  readonly #problem = h('span', { class: 'problem', id: 'range-problem' });
  readonly #pills = h('ul', { class: 'pills' });
  #counts: readonly number[] = [];

  constructor(words: Words, owner: FilterBarOwner) {
    this.#words = words;
    this.#owner = owner;
    const input = (key: 'range.from' | 'range.to'): HTMLInputElement => h('input', { type: 'datetime-local', step: 1, 'aria-label': words.get(key), title: words.get(key), 'aria-describedby': 'range-problem', change: () => { this.#ranged(); } });
    this.#from = input('range.from');
    this.#to = input('range.to');
    const chips = h('div', { class: 'chips', role: 'group', 'aria-label': words.get('levels') }, ...levels.map((level) => {
      const chip = h('button', { type: 'button', class: `chip level-${level}`, 'aria-pressed': 'false', click: () => { this.#toggle(level); } });
      this.#chips.set(level, chip);
      return chip;
    }));
    this.element = h('div', { class: 'filter-bar' }, chips, h('div', { class: 'range', role: 'group', 'aria-label': words.get('range') }, this.#from, h('span', { 'aria-hidden': 'true' }, '\u2013'), this.#to, this.#problem), this.#pills);
    this.refresh();
  }

  /** How many events of each level there are. */
  counts(counts: readonly number[]): void {
    this.#counts = counts;
    for (const [level, chip] of this.#chips) {
      const count = counts[level] ?? 0;
      const name = this.#words.level(level);
      mark(chip, 'title', this.#words.get('chip', name, count));
      chip.hidden = count === 0 && !this.#wanted().includes(level) && (level === 0 || level === 1 || level === 5);
      redraw(chip, () => { fill(chip, h('span', { class: `dot level-${level}`, 'aria-hidden': 'true' }), name, ' ', h('span', { class: 'chip-count' }, this.#words.number(count))); });
    }
  }

  /** Shows the filter as it stands now. */
  refresh(): void {
    const filter = this.#owner.filter();
    const wanted = this.#wanted();
    for (const [level, chip] of this.#chips) mark(chip, 'aria-pressed', wanted.includes(level));
    this.counts(this.#counts);
    const { from, to } = filter.time ?? {};
    this.#from.value = from === undefined ? '' : inputText(from, this.#owner.offset(from));
    this.#to.value = to === undefined ? '' : inputText(to, this.#owner.offset(to));
    this.#problem.textContent = from !== undefined && to !== undefined && from > to ? this.#words.get('range.reversed') : '';
    fill(this.#pills, ...this.#drawPills(filter));
  }

  #wanted(): readonly (string | number)[] {
    return this.#owner.filter().terms.find((term) => term.field === 'level' && !term.exclude)?.values ?? [];
  }

  #toggle(level: number): void {
    const wanted = this.#wanted();
    this.#owner.change(withOnly(this.#owner.filter(), 'level', wanted.includes(level) ? wanted.filter((one) => one !== level) : [...wanted, level]));
  }

  #ranged(): void {
    const offset = (time: number): number => this.#owner.offset(time);
    const [from, to] = [fromInput(this.#from.value, offset), fromInput(this.#to.value, offset)];
    // The last second counts whole.
    this.#owner.change({ ...this.#owner.filter(), time: from === undefined && to === undefined ? undefined : { from, to: to === undefined ? undefined : to + 999 } });
  }

  #drawPills(filter: EventFilter): HTMLElement[] {
    const w = this.#words;
    const pills: HTMLElement[] = [];
    const pill = (text: string, without: EventFilter, exclude = false): void => {
      pills.push(h('li', { class: exclude ? 'pill exclude' : 'pill' }, h('bdi', {}, text), button('\u00d7', w.get('filter.drop', text), () => { this.#owner.change(without); })));
    };
    for (const [n, term] of filter.terms.entries()) {
      if (term.field === 'level' && !term.exclude) continue;
      const names = term.values.map((value) => (term.field === 'level' && typeof value === 'number' ? w.level(value) : visibleLine(String(value))));
      const value = names.length > 6 ? w.get('values.more', names.slice(0, 6).join(', '), names.length - 6) : names.join(', ');
      pill(w.get(term.exclude ? 'filter.not' : 'filter.is', w.get(term.field), value), { ...filter, terms: filter.terms.filter((_, other) => other !== n) }, term.exclude);
    }
    if (filter.time?.from !== undefined || filter.time?.to !== undefined) pill(w.get('range'), { ...filter, time: undefined });
    if (filter.only !== undefined) pill(w.get('filter.only', filter.only.length), { ...filter, only: undefined });
    const clear = isOpen(filter) ? undefined : h('li', {}, button(w.get('filter.clear'), w.get('filter.clear'), () => { this.#owner.change({ terms: [] }); }, { class: 'link' }));
    const back = this.#owner.canGoBack() ? h('li', {}, button(w.get('filter.back'), w.get('filter.back'), () => { this.#owner.back(); }, { class: 'link' })) : undefined;
    return [...pills, ...(clear === undefined ? [] : [clear]), ...(back === undefined ? [] : [back])];
  }
}
