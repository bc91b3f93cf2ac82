/**
 * What the event page and the extension host say to each other. The host owns the events and the view (filter and order); the page asks
 * for the rows it shows. Both ends check what comes: the page shows untrusted text, and a message from a page is untrusted too.
 *
 * The page sends `ready` once, then requests with ids; each gets one reply. `abort` calls a request off: its reply is then an error
 * with `cancelled`. The host sends news unasked. A view has a number: rows of an older one are dropped by the page.
 */
import { either, flag, integer, list, number, oneOf, optional, record, text, texts, union, type Check, type Checked } from './check.ts';
import { eventFields, facetFields, type EventFilter, type EventSort } from './event-filter.ts';

/** Changes with every change of a message that an older end would misread. */
export const protocolVersion = 1;

/** Sizes that both ends hold to. */
export const limits = {
  /** Rows of one reply. */
  rows: 500,
  /** Rows that are kept together: a reply brings whole blocks, counted from the first row. */
  block: 25,
  /** Characters of a message in a row; the whole one is a detail. */
  preview: 400,
  /** Characters of a message, of raw XML and of one insertion value in the details. */
  message: 131_072,
  /** Insertion values in the details. */
  data: 256,
  buckets: 400,
  facetValues: 200,
  /** Characters of what is looked for. */
  query: 1000,
  terms: 64,
  /** Rows that are copied at once. */
  copied: 5000,
  bookmarks: 2000,
  servers: 500,
  notices: 100,
} as const;

const name = text(1024);
const words = text(4000);
const id = integer(0, Number.MAX_SAFE_INTEGER);
const count = id;
const instant = number(-8.64e15, 8.64e15);
const server = text(256);

/** One event, wherever it stands: names, not places. */
export const checkRef = record({ server, log: text(512), recordId: id });
export type EventRef = Checked<typeof checkRef>;
const refs = list(checkRef, limits.bookmarks);

const query = record({ text: text(limits.query), regex: flag, caseSensitive: flag });
const values: Check<readonly (string | number)[]> = list(either<string, number>(text(1024), number(-1e15, 1e15)), limits.facetValues);

/** A filter as a page, a file or a saved state brings it. */
export const checkFilter: Check<EventFilter> = record({
  terms: list(record({ field: oneOf(facetFields), values, exclude: flag }), limits.terms),
  time: optional(record({ from: optional(instant), to: optional(instant) })),
  text: optional(query),
  only: optional(refs),
});
const sort: Check<EventSort> = record({ field: oneOf(eventFields), descending: flag });

/** Which clock times are shown by. */
export const clocks = ['local', 'server', 'utc'] as const;
export type ClockChoice = (typeof clocks)[number];

/** What the page keeps of itself: it survives a hidden tab, and through the host a reload of the window. */
export const checkPageState = record({
  /** What the tab shows, in the host's words. */
  source: list(text(4096), limits.servers),
  filter: checkFilter,
  sort,
  columns: list(record({ id: text(40), width: integer(20, 4000), hidden: flag }), 20),
  clock: oneOf(clocks),
  bookmarks: refs,
  search: record({ query, only: flag }),
  sidebar: flag,
  details: flag,
  detailsHeight: integer(60, 4000),
  /** The row that had the focus and the one at the top. */
  focus: optional(checkRef),
  top: optional(checkRef),
  /** When it was kept, in milliseconds since 1970: of two the later counts. */
  at: optional(count),
});
export type PageState = Checked<typeof checkPageState>;

// The page does not check what it sends itself: whoever bundles it leaves these two out.

/** Every request with its fields. */
const checkRequest = /* @__PURE__ */ (() => union({
  view: { filter: checkFilter, sort },
  /** `next`: of the view that was asked for last, as soon as it is there; else of the one that is shown. */
  rows: { from: count, count: integer(1, limits.rows), next: flag },
  /** Where a row stands in the view, or the nearest by time, and the rows around it. `next` as above. */
  locate: { ref: checkRef, next: flag },
  find: { query, from: integer(-1, Number.MAX_SAFE_INTEGER), backwards: flag },
  /** The next row whose text in a column begins so. */
  typeAhead: { field: oneOf(eventFields), prefix: text(100), from: count },
  details: { ref: checkRef },
  xml: { ref: checkRef },
  histogram: { buckets: integer(1, limits.buckets) },
  facets: { field: oneOf(facetFields), limit: integer(1, limits.facetValues) },
  copy: { refs: list(checkRef, limits.copied), as: oneOf(['text', 'json', 'xml', 'query']) },
  copyText: { text: text(limits.message) },
  /** What can be done about a row: steps and plans of the one registry, with their gates. */
  actions: { ref: checkRef },
  act: { ref: checkRef, action: text(200) },
  preset: { id: text(100) },
  saveFilter: { name: text(100), filter: checkFilter },
  removeFilter: { name: text(100) },
  exportEvents: { as: oneOf(['csv', 'jsonl', 'query']) },
  /** Reads what stands around an instant on one server, whatever was read before. */
  readAround: { ref: checkRef, seconds: integer(1, 86_400) },
  readOlder: {},
  cancelReading: {},
  retry: {},
  follow: { on: flag },
}))();
export type PageRequest = Checked<typeof checkRequest>;
export type RequestKind = PageRequest['kind'];

/** From the page. */
export const checkPageMessage = /* @__PURE__ */ (() => union({
  ready: { version: integer(0, 1000) },
  request: { id, request: checkRequest },
  abort: { id },
  state: { state: checkPageState },
}))();
export type PageMessage = Checked<typeof checkPageMessage>;

/** One event as a row of the grid. */
const row = record({
  server, log: text(512), recordId: id, time: instant, id: integer(0, 0xffffffff), level: integer(0, 255), provider: text(512),
  /** One line, cut; undefined where Windows could not format it and there are no values. */
  message: optional(text(limits.preview + 1)),
  formatted: flag,
  /** The phase of the repair that it belongs to. */
  phase: optional(text(200)),
  /** How serious it is in truth, where it is known: some good news is written as a warning. */
  known: optional(oneOf(['good', 'bad', 'neutral'])),
});
export type PageRow = Checked<typeof row>;

const action = record({ id: text(200), label: name, detail: optional(words), enabled: flag });
export type PageAction = Checked<typeof action>;

/** How the view stands. `levels`: how many events of each level 0 to 5 there are when no level is filtered. */
const summary = record({ view: count, count, loaded: count, levels: list(count, 6) });
export type ViewSummary = Checked<typeof summary>;

const filters = list(record({ name: text(100), filter: checkFilter, mine: flag }), 200);
const empty = record({});

/** What each request is answered with. */
export const checkReply = {
  view: summary,
  rows: record({ view: count, from: count, rows: list(row, limits.rows) }),
  locate: record({ view: count, index: integer(-1, Number.MAX_SAFE_INTEGER), exact: flag, from: count, rows: list(row, limits.rows) }),
  find: record({ view: count, count, index: integer(-1, Number.MAX_SAFE_INTEGER), ordinal: count }),
  typeAhead: record({ view: count, index: integer(-1, Number.MAX_SAFE_INTEGER) }),
  details: record({
    row, message: text(limits.message), cut: flag, data: list(text(limits.message), limits.data),
    explanation: optional(record({ meaning: words, implies: words })),
    findings: list(record({ title: words, advice: words }), 20), actions: list(action, 60),
  }),
  xml: record({ xml: text(limits.message) }),
  histogram: record({ view: count, from: instant, to: instant, levels: list(list(count, limits.buckets), 6) }),
  facets: record({ values: list(record({ value: either<string, number>(text(1024), number(-1e15, 1e15)), count }), limits.facetValues), others: count }),
  copy: record({ count }),
  copyText: empty,
  actions: record({ actions: list(action, 60) }),
  act: empty,
  preset: record({ filter: checkFilter, note: optional(words) }),
  saveFilter: empty,
  removeFilter: empty,
  exportEvents: record({ count, path: optional(text(4096)) }),
  readAround: empty,
  readOlder: empty,
  cancelReading: empty,
  retry: empty,
  follow: empty,
} as const satisfies Record<RequestKind, Check<unknown>>;
export type Reply<K extends RequestKind> = Checked<(typeof checkReply)[K]>;

const failure = record({ message: words, remedy: optional(words), cancelled: flag });
export type Failure = Checked<typeof failure>;

/** Something that a person has to know about what is shown: a log was cleared, was not allowed, a session was lost. */
const notice = record({ id: text(200), severity: oneOf(['info', 'warning', 'error']), text: words, action: optional(oneOf(['retry', 'older'])) });
export type Notice = Checked<typeof notice>;

/** What the page is told once, before anything else. */
const init = {
  version: integer(0, 1000),
  title: name,
  source: list(text(4096), limits.servers),
  /** A file: nothing is read, followed or started. */
  readOnly: flag,
  /** Each server's clock: minutes to add to UTC; undefined where nobody knows. */
  servers: list(record({ name: server, offset: optional(integer(-1440, 1440)) }), limits.servers),
  presets: list(record({ id: text(100), title: name, detail: words }), 100),
  filters,
  strings: texts(600, 2000),
  locale: text(40),
  filter: checkFilter,
  state: optional(checkPageState),
};
export type Init = Checked<ReturnType<typeof record<typeof init>>>;

/** From the host. */
export const checkHostMessage = union({
  init,
  reply: { id, request: text(40), value: (value: unknown): unknown => value ?? {} },
  failed: { id, failure },
  /** Events were added, or the view was built anew. */
  view: { summary },
  /** What is being read; `total` where the server told. `covers`: everything that the filter could match was read. */
  reading: { active: flag, text: words, loaded: count, complete: flag },
  notices: { notices: list(notice, limits.notices) },
  following: { on: flag, pending: count },
  filters: { filters },
  servers: { servers: init.servers },
  /** A server was diagnosed anew: what its events call for, and what is worth looking at, may be something else. */
  diagnosed: { presets: init.presets },
  /** Shows this filter, as if the person had chosen it. */
  show: { filter: optional(checkFilter), focus: optional(checkRef) },
});
export type HostMessage = Checked<typeof checkHostMessage>;
