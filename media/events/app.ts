import type { EventFilter, EventSort, FacetField } from '../../src/events/event-filter.ts';
import { limits, type EventRef, type Init, type PageRow, type PageState, type ViewSummary } from '../../src/events/protocol.ts';
import { cellText, fillCell, type CellContext } from './cells.ts';
import { offsetAt, timeText } from './clock.ts';
import { columnIds, Columns, fieldOf, type ColumnId } from './columns.ts';
import { Copying } from './copying.ts';
import { Details, refOf, sameEvent } from './details.ts';
import { h } from './dom.ts';
import { Facets } from './facets.ts';
import { FilterBar } from './filterBar.ts';
import { Finder } from './finder.ts';
import { FollowButton } from './followButton.ts';
import { Grid } from './grid.ts';
import { gridKeys } from './gridKeys.ts';
import { Histogram } from './histogram.ts';
import { HeldEvent } from './heldEvent.ts';
import type { Host } from './host.ts';
import { below, showMenu } from './menu.ts';
import { freshState, keptState, StateKeeper } from './pageState.ts';
import { RowCache } from './rowCache.ts';
import { rowMenu } from './rowMenu.ts';
import { Status } from './status.ts';
import { isOpen, withValue } from './terms.ts';
import { Toolbar } from './toolbar.ts';
import { visibleLine } from './visible.ts';
import { Words } from './words.ts';

/** Filters that one can go back to. */
const mostEarlier = 20;

/** The event page: puts its parts together and keeps what a person chose. */
export class App {
  readonly #host: Host;
  readonly #init: Init;
  readonly #words: Words;
  readonly #offsets: Map<string, number | undefined>;
  readonly #columns: Columns;
  readonly #rows: RowCache;
  readonly #grid: Grid;
  readonly #held: HeldEvent;
  readonly #copying: Copying;
  readonly #details: Details;
  readonly #facets: Facets;
  readonly #histogram: Histogram;
  readonly #bar: FilterBar;
  readonly #status: Status;
  readonly #toolbar: Toolbar;
  readonly #finder: Finder;
  readonly #follow: FollowButton;
  readonly #keeper: StateKeeper;
  readonly #empty = h('p', { class: 'empty', hidden: true });
  readonly #cells: CellContext;
  readonly #earlier: EventFilter[] = [];
  #state: PageState;
  #summary: ViewSummary = { view: 0, count: 0, loaded: 0, levels: [] };
  #complete = false;
  #phasesShown: boolean;
  #settled = false;
  /** Counts the changes of the view by the person: only the last one is put into place. */
  #asked = 0;

  constructor(host: Host, init: Init, kept: unknown, root: HTMLElement) {
    this.#host = host;
    this.#init = init;
    const words = this.#words = new Words(init.strings, init.locale);
    const old = keptState(init, kept);
    this.#state = old ?? freshState(init);
    this.#phasesShown = (old?.columns.length ?? 0) > 0;
    this.#offsets = new Map(init.servers.map(({ name, offset }) => [name, offset]));
    this.#columns = new Columns(init.servers.length > 1, old?.columns);
    this.#cells = { words, time: (row) => this.#time(row.time, row.server), bookmarked: (row) => this.#bookmarked(row), query: () => this.#finder.query };
    this.#rows = new RowCache((from, count, next) => host.ask({ kind: 'rows', from, count, next }), () => { this.#arrived(); });
    this.#grid = new Grid({
      columns: this.#columns, rows: this.#rows, label: (id) => words.get(id),
      fillCell: (cell, id, row) => { fillCell(cell, id, row, this.#cells); },
      classes: (row, next) => this.#classes(row, next), sort: () => this.#state.sort, sortBy: (id) => { this.#sortBy(id); },
      columnsChanged: () => { this.#touch(); }, focused: (index) => { this.#held.moved(index); void this.#showFocused(); this.#touch(); },
      scrolled: () => { this.#follow.moved(); this.#touch(); }, columnMenu: (id, anchor) => { this.#columnMenu(id, anchor); },
    }, words.get('grid'));
    this.#held = new HeldEvent(this.#grid, this.#rows, (...args) => this.#locate(...args), () => { void this.#showFocused(); });
    this.#copying = new Copying(host, this.#grid, this.#rows, this.#cells);
    this.#follow = new FollowButton(words, this.#grid, () => this.#newest(), () => this.#held.isRead, (text) => { this.#status.say(text); });
    this.#status = new Status(words, { cancel: () => { this.#try(host.ask({ kind: 'cancelReading' })); }, retry: () => { this.#try(host.ask({ kind: 'retry' })); }, older: () => { this.#try(host.ask({ kind: 'readOlder' })); } });
    this.#finder = new Finder(words, host, this.#grid, {
      only: (query) => { void this.#change({ ...this.#state.filter, text: query }, false); }, marked: () => { this.#grid.relayout(); this.#touch(); }, say: (text) => { this.#status.say(text); },
    });
    this.#finder.box.set(this.#state.search.query, this.#state.search.only);
    this.#bar = new FilterBar(words, { filter: () => this.#state.filter, change: (filter) => { void this.#change(filter); }, offset: (time) => this.#offset(time), back: () => { this.#back(); }, canGoBack: () => this.#earlier.length > 0 });
    this.#histogram = new Histogram(words, (time) => this.#time(time), (from, to) => { void this.#change({ ...this.#state.filter, time: { from, to } }); });
    this.#facets = new Facets(words, { facets: (field, limit) => host.ask({ kind: 'facets', field, limit }), choose: (...args) => { this.#choose(...args); }, filter: () => this.#state.filter });
    this.#details = new Details(words, {
      details: (ref, signal) => host.ask({ kind: 'details', ref }, signal), xml: async (ref) => (await host.ask({ kind: 'xml', ref })).xml,
      act: (ref, action) => { this.#try(host.ask({ kind: 'act', ref, action })); }, around: (row, seconds) => { this.#around(row, seconds); }, time: (row) => this.#time(row.time, row.server),
      bookmarked: (row) => this.#bookmarked(row), bookmark: (row) => { this.#bookmark(row); }, copy: (row, as) => { this.#copied(this.#copying.events([refOf(row)], as)); },
      close: () => { this.#show('details', false); this.#grid.focus(this.#grid.place); }, resized: (detailsHeight) => { if (this.#settled) { this.#state = { ...this.#state, detailsHeight }; this.#touch(); } },
    }, this.#state.detailsHeight);
    this.#toolbar = new Toolbar(words, {
      preset: (id) => { this.#try(host.ask({ kind: 'preset', id }).then(async (reply) => { await this.#change(reply.filter); if (reply.note !== undefined) this.#status.say(reply.note); })); },
      follow: (on) => { this.#try(host.ask({ kind: 'follow', on })); }, clock: (clock) => { this.#state = { ...this.#state, clock }; this.#relabel(); },
      sidebar: () => { this.#show('sidebar', !this.#state.sidebar); }, details: () => { this.#show('details', !this.#state.details); },
      toggleColumn: (id) => { this.#columns.toggle(id); this.#grid.relayout(); this.#touch(); }, export: (as) => { this.#try(host.ask({ kind: 'exportEvents', as }).then(({ count }) => { this.#status.say(words.get('export.done', count)); })); },
      saveFilter: (name) => { this.#try(host.ask({ kind: 'saveFilter', name, filter: this.#state.filter })); }, removeFilter: (name) => { this.#try(host.ask({ kind: 'removeFilter', name })); },
      useFilter: (name) => { const found = this.#saved.find((one) => one.name === name); if (found !== undefined) void this.#change(found.filter); },
      bookmarks: () => { void this.#change({ terms: [], only: this.#state.bookmarks }); },
    }, init, this.#columns, this.#finder.box.element);
    this.#saved = init.filters;
    gridKeys(this.#grid, {
      open: () => { this.#openDetails(); }, menu: () => { void this.#menu(); }, copy: (cellOnly) => { if (cellOnly) this.#copyCell(); else this.#copied(this.#copying.selected('text')); }, sortBy: (id) => { this.#sortBy(id); },
      resize: (id, wider) => { this.#resize(id, wider); }, bookmark: () => { void this.#bookmarkFocused(); },
      typeAhead: (id, prefix) => { void this.#typeAhead(id, prefix); },
    });
    this.#keeper = new StateKeeper(host, () => this.#current());
    this.#mount(root);
  }

  #saved: Init['filters'];

  /** Asks for the view and puts the person back where they were. */
  async start(): Promise<void> {
    const { filter, focus, top, search } = this.#state;
    if (search.only && this.#finder.query !== undefined) this.#state = { ...this.#state, filter: { ...filter, text: this.#finder.query } };
    await this.#ask();
    if (top !== undefined) await this.#toTop(top);
    if (focus !== undefined) await this.#held.seek(focus, false);
    this.#settled = true;
    document.body.dataset['ready'] = 'true';
  }

  /** The host built the view anew, or more events are there. */
  async viewed(summary: ViewSummary): Promise<void> {
    const still = this.#held.inSight;
    const anchor = still || this.#follow.atNewest ? undefined : this.#rows.get(this.#grid.top);
    const grown = summary.count - this.#summary.count;
    this.#apply(summary, true);
    if (!await this.#held.follow(still) && anchor !== undefined) await this.#toTop(anchor);
    this.#follow.grown(grown);
  }

  /** What is being read. */
  reading(active: boolean, text: string, complete: boolean): void {
    this.#complete = complete;
    this.#status.reading(active, text, !complete && !this.#init.readOnly);
    this.#covers(active);
  }

  /** New events are followed, or no longer. */
  following(on: boolean): void {
    if (on !== this.#follow.on) this.#status.say(this.#words.get(on ? 'follow.on' : 'follow.off'));
    this.#toolbar.following(on);
    this.#follow.turn(on);
  }

  /** What a person has to know. */
  notices(notices: Parameters<Status['show']>[0]): void { this.#status.show(notices); }

  /** Clocks became known. */
  servers(servers: Init['servers']): void {
    for (const { name, offset } of servers) this.#offsets.set(name, offset);
    this.#relabel();
  }

  /** Filters were saved or removed. */
  filters(filters: Init['filters']): void {
    this.#saved = filters;
    this.#toolbar.filters(filters);
  }

  /** A server was diagnosed anew: what can be done about the event in the details may be something else. */
  diagnosed(presets: Init['presets']): void {
    this.#toolbar.presets(presets);
    if (this.#state.details) void this.#details.again();
  }

  /** The host shows a filter or a row: a command was called in the editor. */
  async show(filter: EventFilter | undefined, focus: EventRef | undefined): Promise<void> {
    if (filter !== undefined) await this.#change(filter);
    if (focus !== undefined) await this.#held.seek(focus, true);
  }

  #mount(root: HTMLElement): void {
    const main = h('div', { class: 'main' }, this.#facets.element, h('div', { class: 'grid-holder' }, this.#grid.element, this.#empty, this.#follow.element));
    root.replaceChildren(this.#toolbar.element, this.#bar.element, this.#histogram.element, this.#status.notices, main, this.#details.element, this.#status.line, this.#status.live);
    this.#show('sidebar', this.#state.sidebar);
    this.#show('details', this.#state.details);
    this.#toolbar.clock(this.#state.clock);
    this.#grid.element.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      if ((event.target as Element).closest('.body .cell') !== null) void this.#menu({ x: event.clientX, y: event.clientY });
    });
    this.#grid.element.addEventListener('dblclick', (event) => { if ((event.target as Element).closest('.body .cell') !== null) this.#openDetails(); });
    document.addEventListener('keydown', (event) => {
      const control = event.ctrlKey || event.metaKey;
      if (control && !event.shiftKey && event.key.toLowerCase() === 'f') this.#finder.box.focus();
      else if (event.key === 'F3') void this.#finder.step(event.shiftKey);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** Another filter by the person; what it was before can be gone back to. */
  async #change(filter: EventFilter, remember = true): Promise<void> {
    if (remember && JSON.stringify(filter) !== JSON.stringify(this.#state.filter)) {
      this.#earlier.push(this.#state.filter);
      if (this.#earlier.length > mostEarlier) this.#earlier.shift();
    }
    this.#state = { ...this.#state, filter };
    if (filter.text === undefined && this.#finder.box.only) this.#finder.box.set({ ...this.#finder.box.typed, text: '' }, true);
    this.#bar.refresh();
    this.#touch();
    await this.#ask();
    this.#status.say(this.#words.get('status.of', this.#summary.count, this.#summary.loaded));
  }

  #back(): void {
    const filter = this.#earlier.pop();
    if (filter !== undefined) void this.#change(filter, false);
  }

  async #ask(): Promise<void> {
    const asked = ++this.#asked;
    const { filter, sort } = this.#state;
    try {
      // Asked for together: what is shown of the new view comes with it, in one round.
      const [summary, place] = await Promise.all([this.#host.ask({ kind: 'view', filter, sort }), this.#held.keep()]);
      if (asked !== this.#asked) return;
      this.#apply(summary, false);
      this.#grid.markSort();
      place();
      void this.#finder.count();
    } catch (error) {
      if (asked === this.#asked) this.#failed(error);
    }
  }

  #apply(summary: ViewSummary, keepOld: boolean): void {
    this.#summary = summary;
    this.#rows.renew(summary.view, keepOld);
    this.#grid.setCount(summary.count);
    this.#bar.counts(summary.levels);
    this.#status.counts(summary.count, summary.loaded);
    this.#empty.hidden = summary.count > 0;
    this.#empty.textContent = this.#words.get(summary.loaded === 0 ? 'empty.none' : 'empty');
    this.#covers(false);
    this.#counted();
  }

  #countTimer: ReturnType<typeof setTimeout> | undefined;

  /** Histogram and fields follow soon: while events stream in they are not counted for every batch. */
  #counted(): void {
    this.#countTimer ??= setTimeout(() => {
      this.#countTimer = undefined;
      this.#host.ask({ kind: 'histogram', buckets: Math.max(20, Math.min(limits.buckets, Math.floor(this.#histogram.element.clientWidth / 6))) }).then((reply) => { this.#histogram.show(reply); }, () => undefined);
      if (this.#state.sidebar) void this.#facets.refresh();
    }, 100);
  }

  #covers(active: boolean): void {
    const partial = !this.#complete && !active && !isOpen(this.#state.filter) && this.#summary.loaded > 0;
    this.#status.covers(partial ? this.#words.get('covers', this.#summary.loaded) : '');
  }

  async #locate(ref: EventRef, next: boolean, then: (index: number, exact: boolean) => void): Promise<() => void> {
    try {
      const { view, index, exact, from, rows } = await this.#host.ask({ kind: 'locate', ref: refOf(ref), next });
      return () => {
        if (index < 0 || view !== this.#summary.view) return;
        this.#rows.put(view, from, rows);
        then(index, exact);
      };
    } catch (error) {
      this.#failed(error);
      return () => undefined;
    }
  }

  async #toTop(ref: EventRef): Promise<void> {
    (await this.#locate(ref, false, (index) => { this.#grid.reveal(index, 'top'); }))();
  }

  #sortBy(id: ColumnId, descending?: boolean): void {
    const field = fieldOf(id);
    const { sort } = this.#state;
    const next: EventSort = { field, descending: descending ?? (sort.field === field ? !sort.descending : field === 'time') };
    this.#state = { ...this.#state, sort: next };
    this.#touch();
    void this.#ask().then(() => { this.#status.say(this.#words.get(next.descending ? 'sorted.down' : 'sorted.up', this.#words.get(field))); });
  }

  #choose(field: FacetField, value: string | number, exclude: boolean): void {
    void this.#change(withValue(this.#state.filter, field, value, exclude));
  }

  #around(row: PageRow, seconds: number): void {
    if (!this.#init.readOnly) this.#try(this.#host.ask({ kind: 'readAround', ref: refOf(row), seconds }));
    void this.#change({ terms: this.#init.servers.length > 1 ? [{ field: 'server', values: [row.server], exclude: false }] : [], time: { from: row.time - seconds * 1000, to: row.time + seconds * 1000 } });
  }

  async #menu(at?: { x: number; y: number }): Promise<void> {
    const cell = this.#grid.cell();
    const column = this.#grid.column;
    if (this.#grid.place.row < 0) {
      if (cell !== undefined) this.#columnMenu(column, cell);
      return;
    }
    const row = await this.#rows.fetch(this.#grid.place.row);
    if (row === undefined) return;
    const { actions } = this.#init.readOnly ? { actions: [] } : await this.#host.ask({ kind: 'actions', ref: refOf(row) });
    const ref = refOf(row);
    showMenu(this.#words.get('menu.row'), rowMenu(this.#words, row, column, cellText(column, row, this.#cells), this.#bookmarked(row), actions, {
      details: () => { this.#openDetails(); }, act: (action) => { this.#try(this.#host.ask({ kind: 'act', ref, action })); }, choose: (...args) => { this.#choose(...args); },
      copyCell: () => { this.#copyCell(); }, copy: (as) => { this.#copied(this.#copying.selected(as)); }, around: (seconds) => { this.#around(row, seconds); }, bookmark: () => { this.#bookmark(row); },
      from: () => { void this.#change({ ...this.#state.filter, time: { ...this.#state.filter.time, from: row.time } }); }, to: () => { void this.#change({ ...this.#state.filter, time: { ...this.#state.filter.time, to: row.time } }); },
    }), at ?? (cell === undefined ? { x: 0, y: 0 } : below(cell)));
  }

  #columnMenu(id: ColumnId, anchor: HTMLElement): void {
    const w = this.#words;
    showMenu(w.get('menu.column'), [
      ...(id === 'phase' ? [] : [{ label: w.get('menu.sortUp'), run: () => { this.#sortBy(id, false); } }, { label: w.get('menu.sortDown'), run: () => { this.#sortBy(id, true); } }]), undefined,
      { label: w.get('menu.wider'), run: () => { this.#resize(id, true); } }, { label: w.get('menu.narrower'), run: () => { this.#resize(id, false); } },
      { label: w.get('menu.hide'), run: () => { this.#columns.toggle(id); this.#grid.relayout(); this.#touch(); } }, undefined,
      ...columnIds.map((one) => ({ label: w.get(one), checked: this.#columns.shown.some((column) => column.id === one), run: () => { this.#columns.toggle(one); this.#grid.relayout(); this.#touch(); } })),
    ], below(anchor));
  }

  #resize(id: ColumnId, wider: boolean): void {
    this.#status.say(this.#words.get('width', this.#words.get(id), this.#grid.nudge(id, wider)));
  }

  async #typeAhead(id: ColumnId, prefix: string): Promise<void> {
    const { place } = this.#grid;
    const { index, view } = await this.#host.ask({ kind: 'typeAhead', field: fieldOf(id), prefix: prefix.slice(0, 100), from: prefix.length > 1 ? place.row : place.row + 1 });
    if (index >= 0 && view === this.#summary.view) this.#grid.focus({ row: index, column: place.column });
  }

  #copyCell(): void {
    this.#try(this.#copying.cell().then((count) => { if (count > 0) this.#status.say(this.#words.get('copied.cell')); }));
  }

  #copied(work: Promise<number>): void {
    this.#try(work.then((count) => { this.#status.say(this.#words.get('copied', count)); }));
  }

  #bookmarked(row: EventRef): boolean { return this.#state.bookmarks.some((one) => sameEvent(one, row)); }

  async #bookmarkFocused(): Promise<void> {
    const event = this.#held.row ?? this.#held.event ?? await this.#rows.fetch(this.#grid.place.row);
    if (event !== undefined) this.#bookmark(event);
  }

  #bookmark(row: EventRef): void {
    const bookmarks = this.#bookmarked(row) ? this.#state.bookmarks.filter((one) => !sameEvent(one, row)) : [...this.#state.bookmarks, refOf(row)].slice(-limits.bookmarks);
    this.#state = { ...this.#state, bookmarks };
    this.#grid.relayout();
    this.#status.say(this.#words.get(this.#bookmarked(row) ? 'bookmarked' : 'menu.unbookmark'));
    this.#touch();
  }

  #openDetails(): void {
    this.#show('details', true);
    void this.#showFocused(true).then(() => { this.#details.focus(); });
  }

  async #showFocused(anew = false): Promise<void> {
    if (!this.#state.details) return;
    const { row } = this.#held;
    if (row !== undefined || this.#summary.count === 0) await this.#details.show(row, anew);
  }

  #arrived(): void {
    this.#held.arrived();
    this.#grid.redraw();
    void this.#showFocused();
    this.#showPhases();
  }

  /** Phases are shown once there are any, unless the person has chosen the columns. */
  #showPhases(): void {
    if (this.#phasesShown || !this.#rows.some((row) => row.phase !== undefined)) return;
    this.#phasesShown = true;
    if (this.#columns.shown.some(({ id }) => id === 'phase')) return;
    this.#columns.toggle('phase');
    this.#grid.relayout();
  }

  #show(part: 'sidebar' | 'details', open: boolean): void {
    this.#state = { ...this.#state, [part]: open };
    if (part === 'sidebar') {
      this.#facets.element.hidden = !open;
      this.#toolbar.sidebar(open);
      if (open && this.#settled) void this.#facets.refresh();
    } else {
      this.#details.element.hidden = !open;
      if (open) void this.#showFocused(true);
    }
    if (this.#settled) this.#touch();
  }

  #classes(row: PageRow, next: PageRow | undefined): string {
    const begins = this.#state.sort.field === 'time' && row.phase !== undefined && next !== undefined && next.phase !== row.phase;
    return `level-${row.level}${begins ? ' phase-edge' : ''}${this.#bookmarked(row) ? ' bookmarked' : ''}`;
  }

  #offset(time: number, server?: string): number {
    const known = server === undefined ? [...this.#offsets.values()].find((offset) => offset !== undefined) : this.#offsets.get(server);
    return offsetAt(time, this.#state.clock, known);
  }

  #time(time: number, server?: string): string { return timeText(time, this.#offset(time, server)); }

  /** Another clock: every time that is shown. */
  #relabel(): void {
    const unknown = this.#state.clock === 'server' ? [...this.#offsets].find(([, offset]) => offset === undefined)?.[0] : undefined;
    if (unknown !== undefined) this.#status.say(this.#words.get('clock.unknown', visibleLine(unknown)));
    this.#grid.relayout();
    this.#bar.refresh();
    void this.#showFocused(true);
    this.#counted();
    this.#touch();
  }

  /** The newest row: where it is, and whether rows stand in the order of time at all. */
  #newest(): 'first' | 'last' | undefined {
    const { field, descending } = this.#state.sort;
    return field !== 'time' ? undefined : descending ? 'first' : 'last';
  }

  #current(): PageState {
    const focus = this.#held.wanted;
    const top = this.#follow.atNewest ? undefined : this.#rows.get(this.#grid.top);
    const state = this.#state;
    const { terms, time, only } = state.filter;
    return {
      ...state, filter: { terms, ...(time === undefined ? {} : { time }), ...(only === undefined ? {} : { only }) }, columns: this.#columns.all, search: { query: this.#finder.box.typed, only: this.#finder.box.only },
      focus, top: top === undefined ? undefined : refOf(top), at: Date.now(),
    };
  }

  #touch(): void { if (this.#settled) this.#keeper.touch(); }

  #try(work: Promise<unknown>): void {
    work.catch((error: unknown) => { this.#failed(error); });
  }

  #failed(error: unknown): void {
    if (error instanceof Error && 'failure' in error && (error.failure as { cancelled: boolean }).cancelled) return;
    this.#status.fail(this.#words.get('failed', visibleLine((error as Error).message)));
  }
}
