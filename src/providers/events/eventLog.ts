import * as vscode from 'vscode';
import { setImmediate as pause, setTimeout as wait } from 'node:timers/promises';
import { newsOf } from '../../connect/event-remedies.ts';
import { stepIds, type StepId } from '../../connect/ids.ts';
import type { RepairPhase } from '../../connect/repair-phases.ts';
import type { EventRow } from '../../events/event-batch.ts';
import type { EventFilter } from '../../events/event-filter.ts';
import { EventStore } from '../../events/event-store.ts';
import { copyAsJson, copyAsText, copyAsXml } from '../../events/export/copy.ts';
import { recordQuery } from '../../events/export/record-query.ts';
import { protocolVersion, type EventRef, type HostMessage, type PageState, type Reply } from '../../events/protocol.ts';
import type { SlicePorts } from '../../events/view/slices.ts';
import { startWork } from '../commands/workCommands.ts';
import type { Member } from '../fleet.ts';
import { runnablePlans } from '../ids.ts';
import type { Logger } from '../logger.ts';
import { chooseLog } from './chooseLog.ts';
import { exportShown } from './exporting.ts';
import { noticesOf } from './notices.ts';
import { PageHost, type PageServices } from './pageHost.ts';
import { pageTexts } from './pageTexts.ts';
import { PhaseTracker } from './phaseTracker.ts';
import { anotherLog, everything, filterOf, lastRun, logsOf, offeredPresets, sincePassword } from './presetFilters.ts';
import { explainRow } from './rowActions.ts';
import { SavedFilters } from './savedFilters.ts';
import { ServerReading } from './serverReading.ts';
import { StoredEvents } from './storedEvents.ts';
import { sincePasswordChange, windowFilter, windowOfRun } from './windows.ts';

const { t } = vscode.l10n;
/** Most events whose XML is copied at once: each is read from its server. */
const mostXml = 50;
/** Rest between two tellings of how far reading is, in milliseconds. */
const tellRest = 150;
export const slices: SlicePorts = { pause: () => pause(undefined), now: () => performance.now() };

/** The events of one or several servers: store, readings over sessions of their own, and the host's end of the page that shows them. */
export class EventLog implements PageServices {
  readonly store = new EventStore();
  readonly host: PageHost;
  readonly members: readonly Member[];
  readonly #events = new StoredEvents(this.store, slices);
  readonly #phases = new PhaseTracker(this.store);
  readonly #readings: ReadonlyMap<string, ServerReading>;
  readonly #saved: SavedFilters;
  readonly #log: Logger;
  readonly #kept: (state: PageState) => void;
  #state: PageState | undefined;
  #filter: EventFilter = { terms: [] };
  #telling = false;
  #told = '';
  #disposed = false;

  constructor(members: readonly Member[], log: Logger, post: (message: HostMessage) => void, state: PageState | undefined, kept: (state: PageState) => void = () => undefined) {
    this.members = members;
    this.#log = log;
    this.#state = state;
    this.#kept = kept;
    this.#saved = new SavedFilters((text) => { this.warn(text); });
    this.host = new PageHost(this.#events, this, post, (milliseconds) => wait(milliseconds));
    this.#readings = new Map(members.map((member) => [member.entry.name, new ServerReading(member.entry.name, this.store, {
      session: (signal) => member.owner.extraSession(signal), delay: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
      added: () => { this.host.grown(); }, changed: () => { this.#tell(); },
    })]));
  }

  get title(): string {
    const [first] = this.members;
    return this.members.length === 1 && first !== undefined ? t('Events: {0}', first.entry.name) : t('Events: {0} servers', this.members.length);
  }

  /** Shows a filter, or an event at its very row, with what was written since; everything is read where nothing was yet. */
  async show(filter: EventFilter | undefined, focus: EventRef | undefined): Promise<void> {
    if (filter !== undefined) this.#filter = filter;
    // The page waits for the event: what the person does until it is read stays as it is.
    this.host.show(filter, focus);
    if (!this.#begun) {
      await this.#read(focus);
      return;
    }
    if (focus !== undefined) await this.#readings.get(focus.server)?.fetch(focus);
    await this.#catchUp();
  }

  /** One of these servers was diagnosed anew. */
  diagnosed(): void { this.host.diagnosed(this.#presets()); }

  /** Says why nothing is read: a tab that came back with the window reads only when the person asks. */
  waitForPerson(): void {
    this.host.notices([{ id: 'restored', severity: 'info', text: t('This tab was open before the window was reloaded. Events are read from the server again when you ask for it.'), action: 'retry' }]);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.host.dispose();
    await Promise.all([...this.#readings.values()].map((reading) => reading.dispose()));
  }

  async init(): Promise<Awaited<ReturnType<PageServices['init']>>> {
    return {
      version: protocolVersion, title: this.title, source: this.members.map((member) => member.key), readOnly: false, servers: this.#servers(), presets: this.#presets(), filters: await this.#filters(),
      strings: pageTexts(t), locale: vscode.env.language, filter: this.#filter, ...(this.#state === undefined ? {} : { state: this.#state }),
    };
  }

  decorate(row: EventRow): ReturnType<PageServices['decorate']> {
    const phase = this.#phases.phaseOf(row);
    const known = newsOf(row.provider, row.id);
    return { ...(phase === undefined ? {} : { phase: phaseName(phase) }), ...(known === undefined ? {} : { known }) };
  }

  explain(row: EventRow): ReturnType<PageServices['explain']> {
    return Promise.resolve(explainRow(row, this.#member(row.server)?.owner.state.diagnosis));
  }

  async xml(row: EventRow, signal: AbortSignal): Promise<string> {
    return await this.#reading(row.server).xml(row.log, row.recordId, signal) ?? t('The log does not hold this event any more.');
  }

  async copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
  }

  async copyRows(rows: readonly EventRow[], as: 'text' | 'json' | 'xml' | 'query', signal: AbortSignal): Promise<void> {
    if (as === 'text') await this.copy(copyAsText(rows));
    else if (as === 'json') await this.copy(copyAsJson(rows));
    else if (as === 'query') await this.copy([...new Set(rows.map((row) => row.log))].map((log) => recordQuery(log, rows.filter((row) => row.log === log).slice(0, mostXml).map((row) => row.recordId))).join('\n'));
    else {
      if (rows.length > mostXml) throw new Error(t('XML is read from the server: choose {0} events at most.', mostXml));
      const texts: string[] = [];
      for (const row of rows) texts.push(await this.xml(row, signal));
      await this.copy(copyAsXml(texts));
    }
  }

  async exportEvents(as: 'csv' | 'jsonl' | 'query', filter: EventFilter, sort: Parameters<PageServices['exportEvents']>[2], signal: AbortSignal): Promise<Reply<'exportEvents'>> {
    return await exportShown({ store: this.store, events: this.#events, ports: slices, title: this.title, logs: this.store.logs.names }, as, filter, sort, signal);
  }

  async act(row: EventRow, action: string): Promise<void> {
    const member = this.#member(row.server);
    if (member === undefined) throw new Error(t('{0} is in no servers file any more.', row.server));
    const [kind, id = ''] = action.split(':');
    const plan = runnablePlans.find((one) => one === id);
    const step = stepIds.find((one): one is StepId => one === id);
    if (kind === 'diagnose') await member.owner.diagnose();
    // What is offered may be old: the gates are asked again when it runs.
    else if (kind === 'plan' && plan !== undefined) void startWork(member, { kind: 'plan', plan });
    else if (kind === 'step' && step !== undefined) void startWork(member, { kind: 'step', step, target: undefined });
    else throw new Error(t('This is no action: {0}', action));
  }

  preset(id: string): Promise<Reply<'preset'>> {
    if (id === anotherLog) return this.#anotherLog();
    if (id === sincePassword || id === lastRun) {
      const windows = this.members.map((member) => ({ member, found: this.#window(member, id) })).filter(({ found }) => found !== undefined);
      const [first] = windows;
      if (first?.found === undefined) return Promise.reject(new Error(id === lastRun ? t('No server here remembers a run. Diagnose it first.') : t('Nothing tells when the password was changed. Diagnose the server first.')));
      void this.#catchUp();
      return Promise.resolve({ filter: windowFilter(first.found, this.members.length > 1 ? first.member.entry.name : undefined) });
    }
    if (id === everything) void Promise.all([...this.#readings.values()].map((reading) => reading.read(logsOf(id))));
    return Promise.resolve({ filter: filterOf(id) });
  }

  async saveFilter(name: string, filter: EventFilter): Promise<void> {
    await this.#saved.save(name, filter);
    this.host.filters(await this.#filters());
  }

  async removeFilter(name: string): Promise<void> {
    await this.#saved.remove(name);
    this.host.filters(await this.#filters());
  }

  async readAround(row: EventRow, seconds: number): Promise<void> {
    await this.#reading(row.server).around(row.time, seconds);
  }

  async readOlder(): Promise<void> { await this.#more(); }
  async retry(): Promise<void> { await this.#more(); }
  cancelReading(): void { for (const reading of this.#readings.values()) reading.cancel(); }

  follow(on: boolean): Promise<void> {
    for (const reading of this.#readings.values()) reading.follow(on);
    return Promise.resolve();
  }

  keep(state: PageState): void {
    this.#state = state;
    this.#kept(state);
  }
  warn(text: string): void { this.#log.warn(`events: ${text}`); }

  async #more(): Promise<void> {
    if (!vscode.workspace.isTrusted) throw new Error(t('This workspace is not trusted: nothing is connected to.'));
    if (!this.#begun) await this.#read();
    else await Promise.all([...this.#readings.values()].map((reading) => reading.more()));
  }

  get #begun(): boolean { return [...this.#readings.values()].some((reading) => reading.begun); }

  /** Reads what the default view shows, `first` before everything else. */
  async #read(first?: EventRef): Promise<void> {
    await Promise.all([...this.#readings.values()].map((reading) => reading.read(logsOf('repair'), first?.server === reading.name ? first : undefined)));
  }

  async #catchUp(): Promise<void> {
    await (this.#begun ? Promise.all([...this.#readings.values()].map((reading) => reading.catchUp())) : this.#read());
  }

  /** Reads a log that no preset names, on every server here. */
  async #anotherLog(): Promise<Reply<'preset'>> {
    const readings = [...this.#readings.values()];
    const [first] = readings;
    const log = first === undefined || !vscode.workspace.isTrusted ? undefined : await chooseLog(first.logs());
    if (log === undefined) throw new DOMException('No log was chosen.', 'AbortError');
    void Promise.all(readings.map((reading) => reading.read([{ log }])));
    return { filter: { terms: [{ field: 'log', values: [log], exclude: false }] } };
  }

  #window(member: Member, id: string): ReturnType<typeof windowOfRun> {
    const { diagnosis, history, run } = member.owner.state;
    if (diagnosis === undefined) return undefined;
    if (id === sincePassword) return sincePasswordChange(diagnosis)?.window;
    const last = run?.id ?? history[0]?.id;
    return last === undefined ? undefined : windowOfRun(diagnosis, last);
  }

  #member(name: string): Member | undefined { return this.members.find((member) => member.entry.name === name); }

  #reading(name: string): ServerReading {
    const reading = this.#readings.get(name);
    if (reading === undefined) throw new Error(t('{0} is in no servers file any more.', name));
    return reading;
  }

  #presets(): ReturnType<typeof offeredPresets> {
    return offeredPresets(this.members.flatMap(({ owner }) => owner.state.diagnosis?.findings ?? []));
  }

  #servers(): { name: string; offset?: number }[] {
    return [...this.#readings.values()].map(({ name, offset }) => ({ name, ...(offset === undefined ? {} : { offset }) }));
  }

  async #filters(): Promise<Awaited<ReturnType<PageServices['init']>>['filters']> {
    return (await this.#saved.load()).map(({ name, filter }) => ({ name, filter, mine: false }));
  }

  /** Tells how far reading is, at most a few times a second. */
  #tell(): void {
    if (this.#telling || this.#disposed) return;
    this.#telling = true;
    void wait(tellRest).then(() => {
      this.#telling = false;
      if (this.#disposed) return;
      const readings = [...this.#readings.values()];
      const active = readings.filter((reading) => reading.active);
      const text = active.map((reading) => (reading.current === undefined ? t('Connecting to {0} …', reading.name) : t('Reading {0} of {1}', reading.current, reading.name))).slice(0, 3).join(', ');
      this.host.reading(active.length > 0, text, readings.every((reading) => reading.complete));
      this.host.notices(noticesOf(readings));
      this.host.following(readings.some((reading) => reading.following));
      const servers = this.#servers();
      if (JSON.stringify(servers) !== this.#told) {
        this.#told = JSON.stringify(servers);
        this.host.servers(servers);
      }
    });
  }
}

function phaseName(phase: RepairPhase): string {
  switch (phase) {
    case 'before': return t('before');
    case 'stopped': return t('stopped');
    case 'abandoned': return t('abandoned');
    case 'started': return t('started');
    case 're-entered': return t('secrets entered');
    case 'verified': return t('verified');
  }
}
