import { facetFields, type EventFilter, type FacetField } from '../../src/events/event-filter.ts';
import type { Reply } from '../../src/events/protocol.ts';
import { button, fill, h } from './dom.ts';
import { redraw } from './redraw.ts';
import { hasValue } from './terms.ts';
import { visibleLine } from './visible.ts';
import type { Words } from './words.ts';

/** Values that are shown of each field. */
const shown = 12;

/** What the side bar asks of the page. */
export interface FacetOwner {
  facets(field: FacetField, limit: number): Promise<Reply<'facets'>>;
  choose(field: FacetField, value: string | number, exclude: boolean): void;
  filter(): EventFilter;
}

/** The fields with their most frequent values: a click shows only one, Alt or Shift with a click leaves it out. */
export class Facets {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #owner: FacetOwner;
  readonly #lists = new Map<FacetField, HTMLElement>();
  #round = 0;

  constructor(words: Words, owner: FacetOwner) {
    this.#words = words;
    this.#owner = owner;
    this.element = h('div', { class: 'facets', role: 'region', 'aria-label': words.get('fields'), title: words.get('facet.hint') }, ...facetFields.map((field) => {
      const list = h('ul', {});
      this.#lists.set(field, list);
      return h('details', { open: true }, h('summary', {}, words.get(field)), list);
    }));
  }

  /** Counts anew; an older count that comes late is dropped. */
  async refresh(): Promise<void> {
    const round = ++this.#round;
    for (const [field, list] of this.#lists) {
      try {
        const reply = await this.#owner.facets(field, shown);
        if (round !== this.#round) return;
        redraw(list, () => { this.#draw(field, list, reply); });
      } catch {
        if (round !== this.#round) return;
        fill(list);
      }
    }
  }

  #draw(field: FacetField, list: HTMLElement, reply: Reply<'facets'>): void {
    const { terms } = this.#owner.filter();
    fill(list, ...reply.values.map(({ value, count }) => {
      const name = field === 'level' && typeof value === 'number' ? this.#words.level(value) : visibleLine(String(value));
      const only = h('button', {
        type: 'button', class: 'facet', title: this.#words.get('facet.include', name), 'aria-pressed': String(hasValue(terms, field, value)),
        click: (event: MouseEvent) => { this.#owner.choose(field, value, event.altKey || event.shiftKey); },
      }, h('bdi', { class: 'facet-name' }, name), ' ', h('span', { class: 'facet-count' }, this.#words.number(count)));
      return h('li', {}, only, button('\u2212', this.#words.get('facet.exclude', name), () => { this.#owner.choose(field, value, true); }, { class: 'facet-not' }));
    }), reply.others > 0 ? h('li', { class: 'facet-more' }, this.#words.get('facet.others', reply.others)) : undefined);
  }
}
