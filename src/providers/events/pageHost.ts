import type { EventRow } from '../../events/event-batch.ts';
import type { EventFilter, EventSort } from '../../events/event-filter.ts';
import { checkPageMessage, limits, protocolVersion, type EventRef, type HostMessage, type Init, type Notice, type PageAction, type PageRequest, type PageRow, type PageState, type Reply, type RequestKind, type ViewSummary } from '../../events/protocol.ts';
import type { EventModel, ModelView } from './eventModel.ts';

/** What is known of one event beyond itself. */
export interface Explanation {
  readonly explanation?: { readonly meaning: string; readonly implies: string } | undefined;
  readonly findings: readonly { readonly title: string; readonly advice: string }[];
  readonly actions: readonly PageAction[];
}

/** What the page's host needs of its surroundings: everything that is not a look at loaded events. */
export interface PageServices {
  /** What a row says beyond its own columns. */
  decorate(row: EventRow): Pick<PageRow, 'phase' | 'known'>;
  explain(row: EventRow): Promise<Explanation>;
  xml(row: EventRow, signal: AbortSignal): Promise<string>;
  copy(text: string): Promise<void>;
  /** Copies or exports in a form that the exporter knows. */
  copyRows(rows: readonly EventRow[], as: 'text' | 'json' | 'xml' | 'query', signal: AbortSignal): Promise<void>;
  exportEvents(as: 'csv' | 'jsonl' | 'query', filter: EventFilter, sort: EventSort, signal: AbortSignal): Promise<Reply<'exportEvents'>>;
  act(row: EventRow, action: string): Promise<void>;
  preset(id: string): Promise<Reply<'preset'>>;
  saveFilter(name: string, filter: EventFilter): Promise<void>;
  removeFilter(name: string): Promise<void>;
  readAround(ref: EventRow, seconds: number): Promise<void>;
  readOlder(): Promise<void>;
  cancelReading(): void;
  retry(): Promise<void>;
  follow(on: boolean): Promise<void>;
  keep(state: PageState): void;
  init(): Promise<Init>;
  /** Something that the page cannot show: a message that breaks the protocol, or a fault in this program. */
  warn(text: string): void;
}

/** A person called something off. */
const called = 'AbortError';
/** Rest between two rebuilds of the view while events stream in, in milliseconds, at least. */
const rest = 200;
/** The rest as a multiple of what the rebuild took: the more events, the longer it takes, and others need the host too. */
const restPerBuild = 9;
/** Longest such rest, in milliseconds. */
const longestRest = 2_000;
/** Rows before and after an event that are in sight with it, in most windows. */
const around = 30;

/** The host's end of the page: holds the view, answers requests, tells news. Knows no editor. */
export class PageHost {
  readonly #model: EventModel;
  readonly #services: PageServices;
  readonly #post: (message: HostMessage) => void;
  readonly #requests = new Map<number, AbortController>();
  readonly #wait: (milliseconds: number) => Promise<void>;
  #filter: EventFilter = { terms: [] };
  #sort: EventSort = { field: 'time', descending: true };
  #view: ModelView | undefined;
  #number = 0;
  #building: AbortController | undefined;
  /** Settled once the view that the page asked for last is there and on its way. */
  #asked: Promise<unknown> = Promise.resolve();
  #stale = false;
  #renewing = false;
  #listens = false;
  #closed = false;
  /** What the page is to show, until it is known to have been told: a hidden one hears nothing. */
  #shows: HostMessage | undefined;
  #told: { notices: readonly Notice[]; reading: HostMessage | undefined; following: HostMessage | undefined } = { notices: [], reading: undefined, following: undefined };

  constructor(model: EventModel, services: PageServices, post: (message: HostMessage) => void, wait: (milliseconds: number) => Promise<void>) {
    this.#model = model;
    this.#services = services;
    this.#post = post;
    this.#wait = wait;
  }

  /** The filter of the page as it is now. */
  get filter(): EventFilter { return this.#filter; }

  /** A message of the page; one that breaks the protocol is told and dropped. */
  async receive(message: unknown): Promise<void> {
    let checked;
    try {
      checked = checkPageMessage(message, 'message');
    } catch (error) {
      this.#services.warn((error as Error).message);
      return;
    }
    switch (checked.kind) {
      case 'ready': await this.#ready(checked.version); break;
      case 'request': await this.#answer(checked.id, checked.request); break;
      case 'abort': this.#requests.get(checked.id)?.abort(new DOMException('Called off.', called)); break;
      case 'state':
        // A page that tells how it stands was told what to show.
        this.#shows = undefined;
        this.#services.keep(checked.state);
        break;
    }
  }

  /** Events were added or went: the view follows, soon. */
  grown(): void {
    this.#stale = true;
    if (!this.#renewing && this.#view !== undefined) void this.#renew();
  }

  /** What is being read. `complete`: there is nothing more on the servers that the logs being read could give. */
  reading(active: boolean, text: string, complete: boolean): void {
    this.#tell('reading', { kind: 'reading', active, text: text.slice(0, 4000), loaded: this.#model.loaded, complete });
  }

  /** What a person has to know now. */
  notices(notices: readonly Notice[]): void {
    this.#told = { ...this.#told, notices: notices.slice(0, limits.notices) };
    if (this.#listens) this.#post({ kind: 'notices', notices: this.#told.notices });
  }

  /** Whether new events are followed. */
  following(on: boolean): void {
    this.#tell('following', { kind: 'following', on, pending: 0 });
  }

  /** Filters were saved or removed. */
  filters(filters: Init['filters']): void {
    if (this.#listens) this.#post({ kind: 'filters', filters });
  }

  /** Clocks became known. */
  servers(servers: Init['servers']): void {
    if (this.#listens) this.#post({ kind: 'servers', servers });
  }

  /** A server was diagnosed anew. */
  diagnosed(presets: Init['presets']): void {
    if (this.#listens) this.#post({ kind: 'diagnosed', presets });
  }

  /** Shows a filter or an event, as if the person had chosen it: now, and to a page that is only coming. */
  show(filter: EventFilter | undefined, focus: EventRef | undefined): void {
    this.#shows = { kind: 'show', ...(filter === undefined ? {} : { filter }), ...(focus === undefined ? {} : { focus }) };
    if (this.#listens) this.#post(this.#shows);
  }

  /** Calls everything off; nothing is posted afterwards. */
  dispose(): void {
    this.#closed = true;
    this.#listens = false;
    this.#building?.abort();
    for (const request of this.#requests.values()) request.abort(new DOMException('The page was closed.', called));
  }

  #tell(what: 'reading' | 'following', message: HostMessage): void {
    this.#told = { ...this.#told, [what]: message };
    if (this.#listens) this.#post(message);
  }

  async #ready(version: number): Promise<void> {
    if (version !== protocolVersion) this.#services.warn(`the page speaks version ${version} of the protocol, this is ${protocolVersion}`);
    // A page that was hidden begins anew.
    for (const request of this.#requests.values()) request.abort(new DOMException('The page was closed.', called));
    this.#requests.clear();
    const init = await this.#services.init();
    if (this.#closed) return;
    this.#listens = true;
    this.#post({ kind: 'init', ...init });
    if (this.#shows !== undefined) this.#post(this.#shows);
    if (this.#told.reading !== undefined) this.#post(this.#told.reading);
    if (this.#told.following !== undefined) this.#post(this.#told.following);
    this.#post({ kind: 'notices', notices: this.#told.notices });
  }

  async #answer(id: number, request: PageRequest): Promise<void> {
    const controller = new AbortController();
    this.#requests.get(id)?.abort();
    this.#requests.set(id, controller);
    // A page that came back counts its requests anew: what an earlier one asked for is no answer to it.
    const isWaitedFor = (): boolean => !this.#closed && this.#requests.get(id) === controller;
    try {
      const value = await this.#reply(request, controller.signal);
      if (isWaitedFor()) this.#post({ kind: 'reply', id, request: request.kind, value });
    } catch (error) {
      const { name, message } = error as Error;
      const remedy = error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' ? { remedy: error.remedy } : {};
      if (isWaitedFor()) this.#post({ kind: 'failed', id, failure: { message: message.slice(0, 2000), cancelled: controller.signal.aborted || name === called, ...remedy } });
    } finally {
      if (this.#requests.get(id) === controller) this.#requests.delete(id);
    }
  }

  async #reply(request: PageRequest, signal: AbortSignal): Promise<Reply<RequestKind>> {
    const services = this.#services;
    switch (request.kind) {
      case 'view': {
        const built = this.#build(request.filter, request.sort);
        this.#asked = built.catch(() => undefined);
        return await built;
      }
      case 'rows':
        if (request.next) await this.#asked;
        return { view: this.#number, from: request.from, rows: this.#rows(request.from, request.count) };
      case 'locate':
        if (request.next) await this.#asked;
        return this.#locate(request.ref);
      case 'find': return { view: this.#number, ...await this.#shown.find(request.query, request.from, request.backwards, signal) };
      case 'typeAhead': return { view: this.#number, index: await this.#shown.startingWith(request.field, request.prefix, request.from) };
      case 'histogram': return { view: this.#number, ...await this.#shown.histogram(request.buckets) };
      case 'facets': return await this.#shown.facets(request.field, request.limit);
      case 'details': return await this.#details(this.#get(request.ref));
      case 'actions': return { actions: (await services.explain(this.#get(request.ref))).actions };
      case 'xml': return { xml: (await services.xml(this.#get(request.ref), signal)).slice(0, limits.message) };
      case 'copyText': await services.copy(request.text); return {};
      case 'copy': {
        const rows = request.refs.flatMap((ref) => this.#model.get(ref) ?? []);
        await services.copyRows(rows, request.as, signal);
        return { count: rows.length };
      }
      case 'act': await services.act(this.#get(request.ref), request.action); return {};
      case 'preset': return await services.preset(request.id);
      case 'saveFilter': await services.saveFilter(request.name, request.filter); return {};
      case 'removeFilter': await services.removeFilter(request.name); return {};
      case 'exportEvents': return await services.exportEvents(request.as, this.#filter, this.#sort, signal);
      case 'readAround': await services.readAround(this.#get(request.ref), request.seconds); return {};
      case 'readOlder': await services.readOlder(); return {};
      case 'cancelReading': services.cancelReading(); return {};
      case 'retry': await services.retry(); return {};
      case 'follow': await services.follow(request.on); return {};
    }
  }

  get #shown(): ModelView {
    if (this.#view === undefined) throw new Error('Nothing is shown yet.');
    return this.#view;
  }

  #get(ref: EventRef): EventRow {
    const row = this.#model.get(ref);
    if (row === undefined) throw new Error(`Record ${ref.recordId} of ${ref.log} on ${ref.server} is not loaded.`);
    return row;
  }

  async #build(filter: EventFilter, sort: EventSort): Promise<ViewSummary> {
    this.#filter = filter;
    this.#sort = sort;
    this.#building?.abort(new DOMException('Another view was asked for.', called));
    const building = this.#building = new AbortController();
    this.#stale = false;
    const view = await this.#model.view(filter, sort, building.signal);
    building.signal.throwIfAborted();
    const levels = await this.#levels(view);
    // What was asked for meanwhile may have been answered already, and is never followed by what it called off.
    building.signal.throwIfAborted();
    this.#view = view;
    this.#number++;
    return { view: this.#number, count: view.count, loaded: this.#model.loaded, levels };
  }

  async #levels(view: ModelView): Promise<readonly number[]> {
    const levels = [0, 0, 0, 0, 0, 0];
    for (const { value, count } of (await view.facets('level', 20)).values) if (typeof value === 'number' && value >= 0 && value <= 5) levels[value] = count;
    return levels;
  }

  async #renew(): Promise<void> {
    this.#renewing = true;
    try {
      for (;;) {
        // What a person asked for is never called off for what streams in; it may have the new events too.
        for (let asked: unknown; asked !== this.#asked;) {
          asked = this.#asked;
          await asked;
        }
        if (!this.#stale || this.#closed) break;
        const began = performance.now();
        try {
          const summary = await this.#build(this.#filter, this.#sort);
          if (this.#listens) this.#post({ kind: 'view', summary });
        } catch (error) {
          // Another view was asked for meanwhile: it has the new events too.
          if ((error as Error).name !== called) this.#services.warn((error as Error).message);
        }
        await this.#wait(Math.min(longestRest, Math.max(rest, restPerBuild * (performance.now() - began))));
      }
    } finally {
      this.#renewing = false;
    }
  }

  #rows(from: number, count: number): PageRow[] {
    return this.#shown.rows(from, count).map((row) => this.#row(row));
  }

  #locate(ref: EventRef): Reply<'locate'> {
    const exact = this.#shown.indexOf(ref);
    const row = exact >= 0 ? undefined : this.#model.get(ref);
    const index = exact >= 0 ? exact : row === undefined ? -1 : this.#shown.nearest(row.time);
    const from = Math.floor(Math.max(0, index - around) / limits.block) * limits.block;
    const count = Math.ceil((index + around) / limits.block) * limits.block - from;
    return { view: this.#number, index, exact: exact >= 0, from, rows: index >= 0 ? this.#rows(from, count) : [] };
  }

  async #details(row: EventRow): Promise<Reply<'details'>> {
    const { explanation, findings, actions } = await this.#services.explain(row);
    const message = row.message ?? '';
    const data = row.data.slice(0, limits.data).map((value) => value.slice(0, limits.message));
    return { row: this.#row(row), message: message.slice(0, limits.message), cut: message.length > limits.message || row.data.length > limits.data, data, findings, actions, ...(explanation === undefined ? {} : { explanation }) };
  }

  #row(row: EventRow): PageRow {
    const formatted = row.message !== undefined && row.message !== '';
    const text = formatted ? row.message : row.data.join(' \u00b7 ');
    return {
      server: row.server.slice(0, 256), log: row.log.slice(0, 512), recordId: row.recordId, time: row.time, id: row.id, level: row.level, provider: row.provider.slice(0, 512), formatted: formatted || row.data.length === 0,
      ...(text === '' ? {} : { message: preview(text) }), ...this.#services.decorate(row),
    };
  }
}

/** The beginning of a message: what a row can show. */
function preview(text: string): string {
  return text.length > limits.preview ? `${text.slice(0, limits.preview)}\u2026` : text;
}
