import { clocks, type ClockChoice, type Init } from '../../src/events/protocol.ts';
import { columnIds, type Columns } from './columns.ts';
import { button, h, mark } from './dom.ts';
import { below, showMenu, type MenuItem } from './menu.ts';
import { visibleLine } from './visible.ts';
import type { Words } from './words.ts';

/** What the toolbar lets a person do. */
export interface ToolbarOwner {
  preset(id: string): void;
  follow(on: boolean): void;
  clock(clock: ClockChoice): void;
  sidebar(): void;
  details(): void;
  toggleColumn(id: (typeof columnIds)[number]): void;
  export(as: 'csv' | 'jsonl' | 'query'): void;
  saveFilter(name: string): void;
  useFilter(name: string): void;
  removeFilter(name: string): void;
  bookmarks(): void;
}

/** Presets, follow, whose clock, columns, fields, saved filters and export. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #words: Words;
  readonly #owner: ToolbarOwner;
  readonly #follow: HTMLButtonElement;
  readonly #clock: HTMLSelectElement;
  readonly #fields: HTMLButtonElement;
  readonly #name: HTMLElement;
  #filters: Init['filters'];
  #presets: Init['presets'];

  constructor(words: Words, owner: ToolbarOwner, init: Init, columns: Columns, search: HTMLElement) {
    this.#words = words;
    this.#owner = owner;
    this.#filters = init.filters;
    this.#presets = init.presets;
    const opens = { 'aria-haspopup': 'menu' };
    const presets = button(words.get('preset.choose'), words.get('preset.choose'), () => {
      showMenu(words.get('preset'), this.#presets.map((preset) => ({ label: preset.title, detail: preset.detail, run: () => { owner.preset(preset.id); } })), below(presets));
    }, opens);
    const columnMenu = button(words.get('columns'), words.get('columns'), () => {
      showMenu(words.get('columns'), columnIds.map((id) => ({ label: words.get(id), checked: columns.shown.some((one) => one.id === id), run: () => { owner.toggleColumn(id); } })), below(columnMenu));
    }, opens);
    const more = button('\u22ef', words.get('more'), () => { showMenu(words.get('more'), this.#more(), below(more)); }, opens);
    this.#follow = button(words.get('follow'), words.get('follow'), () => { owner.follow(this.#follow.getAttribute('aria-pressed') !== 'true'); }, { class: 'toggle', 'aria-pressed': 'false' });
    this.#fields = button(words.get('fields'), words.get('fields'), () => { owner.sidebar(); }, { class: 'toggle', 'aria-pressed': 'true' });
    this.#clock = h('select', { 'aria-label': words.get('clock'), title: words.get('clock'), change: () => { owner.clock(clocks.find((one) => one === this.#clock.value) ?? 'local'); } },
      ...clocks.map((clock) => h('option', { value: clock }, words.get(`clock.${clock}`))));
    this.#name = this.#nameForm();
    this.element = h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': words.get('toolbar') }, init.presets.length === 0 ? undefined : presets, search, init.readOnly ? undefined : this.#follow, this.#clock, this.#fields, columnMenu, more, this.#name);
  }

  /** Shows whether new events are followed. */
  following(on: boolean): void { mark(this.#follow, 'aria-pressed', on); }
  /** Shows whose clock is used. */
  clock(clock: ClockChoice): void { this.#clock.value = clock; }
  /** Shows whether the fields are open. */
  sidebar(open: boolean): void { mark(this.#fields, 'aria-pressed', open); }
  /** The filters that are saved now. */
  filters(filters: Init['filters']): void { this.#filters = filters; }

  /** The presets that are offered now. */
  presets(presets: Init['presets']): void { this.#presets = presets; }

  #more(): readonly (MenuItem | undefined)[] {
    const w = this.#words;
    const saved = this.#filters.flatMap(({ name }): MenuItem[] => [{ label: visibleLine(name), detail: w.get('filters'), run: () => { this.#owner.useFilter(name); } }]);
    const removed = this.#filters.map(({ name }): MenuItem => ({ label: w.get('filters.remove', visibleLine(name)), run: () => { this.#owner.removeFilter(name); } }));
    return [
      ...(saved.length === 0 ? [{ label: w.get('filters.none'), enabled: false, run: () => undefined }] : saved), undefined,
      { label: w.get('filters.save'), run: () => { this.#name.hidden = false; this.#name.querySelector('input')?.focus(); } }, ...removed, undefined,
      { label: w.get('filter.bookmarks'), run: () => { this.#owner.bookmarks(); } }, { label: w.get('details'), run: () => { this.#owner.details(); } }, undefined,
      ...(['csv', 'jsonl', 'query'] as const).map((as) => ({ label: w.get(`export.${as}`), run: () => { this.#owner.export(as); } })),
    ];
  }

  #nameForm(): HTMLElement {
    const w = this.#words;
    const input = h('input', { type: 'text', 'aria-label': w.get('filters.name'), placeholder: w.get('filters.name'), maxlength: 100 });
    const close = (): void => { form.hidden = true; input.value = ''; };
    const save = (): void => {
      if (input.value.trim() !== '') this.#owner.saveFilter(input.value.trim());
      close();
    };
    // No form: a webview's sandbox forbids them.
    const form: HTMLElement = h('div', { class: 'name-form', role: 'group', 'aria-label': w.get('filters.save'), hidden: true, keydown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
      else if (event.key === 'Enter' && event.target === input) save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    } }, input, button(w.get('save'), w.get('save'), save), button(w.get('cancel'), w.get('cancel'), close));
    return form;
  }
}
