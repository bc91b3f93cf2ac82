import type { StepId, PlanId } from '../../connect/ids.ts';
import type { ConnectServer, Clock } from '../../connect/server.ts';
import type { RunEvent } from '../../connect/run-events.ts';
import type { Run, RunOptions } from '../../connect/run.ts';
import type { Person } from '../../connect/person.ts';
import type { AdDsWay } from '../../connect/step.ts';
import type { Finding } from '../../connect/finding.ts';
import type { Snapshot } from '../../connect/snapshot.ts';
import type { ConnectPrompts, PowerShellSession, ServerConnection, SessionTarget } from '../../session.ts';
import type { Logger } from '../logger.ts';
import type { Semaphore } from '../semaphore.ts';
import type { WaitingTask } from '../person/waiting.ts';
import { teeSession } from '../terminal/teeSession.ts';
import { defaultConnectTimeout, withDeadline } from './deadline.ts';
import type { Domain } from './domain.ts';
import type { Journals } from '../../storage/journals.ts';
import { ServerLink } from './link.ts';
import type { OwnedServer } from './ownedServer.ts';
import { isCancellation, problemOf, reasonOf } from './problem.ts';
import type { Reporter } from './reporter.ts';
import { newRun } from './runState.ts';
import { initialState, isRunning, type ConnectionState, type RunSummary, type ServerState } from './state.ts';

/** Prompts that offer to keep what was typed once it proved right. */
export interface OwnerPrompts extends ConnectPrompts {
  connected(): Promise<void>;
  /** The connection did not come about; `refused`: since the server refused to authenticate. */
  failed?(refused: boolean): Promise<void>;
}

/** A person who may be asked to keep what was typed once the run proved it right. */
export interface OwnerPerson extends Person {
  finished(good: boolean): Promise<void>;
  /** How AD DS Connector passwords are to be entered in this run. Undefined: the person wants no run. */
  adDsWay(work: RunOptions['work']): Promise<AdDsWay | undefined>;
}

/** What every owner shares. */
export interface OwnerServices {
  readonly open: (target: SessionTarget, prompts: ConnectPrompts, signal: AbortSignal, server: OwnedServer) => Promise<ServerConnection>;
  readonly prompts: (signal: AbortSignal) => Promise<OwnerPrompts>;
  readonly person: (server: OwnedServer, reporter: Reporter, waiting: (task: WaitingTask | undefined) => void) => Promise<OwnerPerson>;
  readonly domain: () => Promise<Domain>;
  readonly journals: Journals;
  readonly clock: Clock;
  readonly pins: (server: OwnedServer) => RunOptions['pins'];
  readonly holder: () => RunOptions['holder'];
  readonly newId: () => string;
  readonly log: Logger;
  /** How long one attempt to connect may take, in seconds, the time that a person takes left out. */
  readonly connectTimeout?: () => number;
  /** How many servers are talked to at once. */
  readonly gate: Semaphore;
  readonly history: { load(key: string): readonly RunSummary[]; add(key: string, run: RunSummary): void };
}

/** What to run; `resume`: the interrupted run that the last diagnosis saw. */
export type Work = { readonly kind: 'plan'; readonly plan: PlanId } | { readonly kind: 'step'; readonly step: StepId; readonly target: string | undefined } | { readonly kind: 'resume' };

/** Owns everything about one server: its link, what was found, the run under way. Knows no editor. */
export class ServerOwner {
  readonly #services: OwnerServices;
  readonly #reporter: Reporter;
  readonly #link: ServerLink;
  readonly #changed: () => void;
  #server: OwnedServer;
  #state: ServerState;
  #diagnosing: { readonly controller: AbortController; readonly done: Promise<boolean> } | undefined;
  #run: Run | undefined;
  #starting = false;

  constructor(server: OwnedServer, services: OwnerServices, reporter: Reporter, changed: () => void) {
    this.#server = server;
    this.#services = services;
    this.#reporter = reporter;
    this.#changed = changed;
    this.#state = { ...initialState, history: services.history.load(server.key) };
    this.#link = new ServerLink({ open: (signal) => this.#open(signal), changed: (state) => { this.#connectionChanged(state); } });
  }

  get server(): OwnedServer { return this.#server; }
  get state(): ServerState { return this.#state; }

  /** Takes over a changed entry of the servers file; a live run keeps the way in that it began with. */
  async update(server: OwnedServer): Promise<void> {
    const moved = JSON.stringify(server.target) !== JSON.stringify(this.#server.target);
    if (moved && isRunning(this.#state)) return;
    this.#server = server;
    if (moved && this.#state.connection.kind !== 'disconnected') await this.disconnect();
  }

  /** Connects; false where it did not come about, which the state and the terminal explain. */
  async connect(): Promise<boolean> {
    return await this.#guard(async () => {
      await this.#services.gate.run(() => this.#link.session());
    });
  }

  /** This machine was asleep: what was connected may be dead. */
  suspect(): void {
    this.#link.suspect();
  }

  /** A session of its own beside the one that diagnoses and runs, for reading events; the caller disposes of it. Rejects with a RemoteError. */
  async extraSession(signal?: AbortSignal): Promise<PowerShellSession> {
    return await this.#services.gate.run(() => this.#link.extra(signal));
  }

  /** Cancels whatever is under way that may be cancelled; returns why not, if so. */
  cancel(): string | undefined {
    if (this.#run !== undefined && isRunning(this.#state)) {
      const answer = this.#run.cancel();
      this.#reporter.interrupted(answer.accepted ? undefined : answer.why);
      return answer.accepted ? undefined : answer.why;
    }
    this.#diagnosing?.controller.abort();
    this.#link.cancel();
    return undefined;
  }

  /** Calls off a diagnosis, and the connecting that it waits for; a run goes on. */
  cancelDiagnosis(): void {
    if (this.#diagnosing === undefined) return;
    this.#diagnosing.controller.abort();
    this.#link.cancel();
  }

  /** Closes the connection; refused while a run holds it. */
  async disconnect(): Promise<boolean> {
    if (isRunning(this.#state)) return false;
    this.#diagnosing?.controller.abort();
    await this.#link.close();
    return true;
  }

  /** Reads a snapshot and draws the conclusions; false where that did not come about. `among`: one of many, whose terminals stay where they are. */
  async diagnose(among = false): Promise<boolean> {
    this.#reporter.reveals(!among);
    try {
      return await this.#diagnose((session) => teeSession(session, this.#reporter));
    } finally {
      this.#reporter.reveals(true);
    }
  }

  async #diagnose(shown: (session: PowerShellSession) => PowerShellSession): Promise<boolean> {
    if (isRunning(this.#state)) return false;
    this.#diagnosing ??= this.#beginDiagnosis(shown);
    return await this.#diagnosing.done;
  }

  /**
   * Starts a run; false where one is under way already or the server could not be read first. `takeOver`: where another client holds
   * the server, the person is asked to take it over.
   */
  async run(work: Work, takeOver = false): Promise<boolean> {
    if (this.#starting || isRunning(this.#state)) return false;
    this.#starting = true;
    try {
      if (!await this.connect()) return false;
      await this.#diagnosing?.done;
      if (work.kind !== 'step' && this.#state.diagnosis === undefined && !await this.diagnose()) return false;
      return await this.#guard(() => this.#execute(work, takeOver));
    } finally {
      this.#starting = false;
    }
  }

  /** Gives a run of this server a ticket number for its change record; rejects where it has no journal on this machine. */
  async setTicket(run: string, ticket: string): Promise<void> {
    if (this.#run !== undefined && this.#state.run?.id === run) {
      await this.#run.setTicket(ticket);
      return;
    }
    const { journals, clock, holder, domain } = this.#services;
    await journals.read(run);
    await (await domain()).writeTicket(journals.sink(run), clock, run, ticket, holder());
  }

  /** The answer to the task that a run waits for. */
  answer(answer: 'check' | 'give-up'): void {
    this.#state.waiting?.answer(answer);
  }

  /** The window closes: what a live run has begun goes on on the server where it can, and the run can be resumed. */
  async leave(): Promise<void> {
    try {
      await this.#run?.leave();
    } catch (error) {
      this.#services.log.warn(`${this.#server.name}: the session could not be left: ${problemOf(error).message}`);
    }
  }

  /** Lets go of everything; a live run first comes to its end. */
  async dispose(): Promise<void> {
    await this.#run?.result;
    this.#diagnosing?.controller.abort();
    await this.#link.close();
    this.#reporter.dispose();
  }

  async #open(signal: AbortSignal): Promise<ServerConnection> {
    const prompts = await this.#services.prompts(signal);
    try {
      const connection = await this.#attempt(prompts, signal);
      // A question about keeping the password must not hold anything up.
      void prompts.connected();
      return connection;
    } catch (error) {
      await prompts.failed?.(reasonOf(error) === 'authentication-failed');
      throw error;
    }
  }

  /** One attempt, with a deadline that stands still while a person is asked. */
  async #attempt(prompts: OwnerPrompts, signal: AbortSignal): Promise<ServerConnection> {
    const seconds = this.#services.connectTimeout?.() ?? defaultConnectTimeout;
    return await withDeadline({ milliseconds: seconds * 1000, server: this.#server.name, prompts, signal }, (paused, limited) => this.#services.open(this.#server.target, paused, limited, this.#server));
  }

  #connectionChanged(connection: ConnectionState): void {
    this.#services.log.info(`${this.#server.name}: ${connection.kind}${'problem' in connection ? `: ${connection.problem.message}` : 'idle' in connection ? ` while idle: ${connection.idle.message}` : ''}`);
    this.#reporter.connection(this.#server, connection);
    this.#set({ connection });
  }

  #beginDiagnosis(shown: (session: PowerShellSession) => PowerShellSession): { controller: AbortController; done: Promise<boolean> } {
    const controller = new AbortController();
    this.#set({ diagnosing: true, problem: undefined });
    const done = this.#guard(async () => {
      const session = await this.#services.gate.run(() => this.#link.session(controller.signal));
      const domain = await this.#services.domain();
      this.#reporter.begin('Diagnose');
      const snapshot = await domain.takeSnapshot(shown(session), { signal: controller.signal, now: () => this.#services.clock.now() });
      this.#conclude(domain, snapshot, domain.diagnose(snapshot, { claims: this.#server.claims }));
      this.#reporter.findings(this.#state.diagnosis?.findings ?? []);
      this.#reporter.end(0);
    }, () => { this.#reporter.end(controller.signal.aborted ? 130 : 1); }).finally(() => {
      this.#diagnosing = undefined;
      this.#set({ diagnosing: false });
    });
    return { controller, done };
  }

  #conclude(domain: Domain, snapshot: Snapshot, findings: readonly Finding[]): void {
    this.#set({ diagnosis: { snapshot, findings, plans: domain.plansFor(findings, snapshot), unfinished: domain.unfinishedRun(snapshot), held: domain.lockHolder(snapshot), at: this.#services.clock.now() }, problem: undefined });
  }

  async #execute(work: Work, takeOver: boolean): Promise<void> {
    const domain = await this.#services.domain();
    const fresh = this.#services.newId();
    const chosen = this.#choose(domain, work, fresh);
    if (chosen === undefined) return;
    const id = chosen.kind === 'resume' ? chosen.record.id : fresh;
    const person = await this.#services.person(this.#server, this.#reporter, (waiting) => { this.#waiting(waiting); });
    const adDs = await person.adDsWay(chosen);
    if (adDs === undefined) return;
    this.#set({ run: newRun(id, chosen.kind === 'plan' ? chosen.plan.title : chosen.kind === 'step' ? chosen.step : chosen.record.title) });
    this.#reporter.show();
    const run = domain.startRun({
      id, work: chosen, takeOver, adDs, server: this.#connectServer(), clock: this.#services.clock, journal: this.#services.journals.sink(id),
      person, holder: this.#services.holder(), pins: this.#services.pins(this.#server),
      onEvent: (event) => { this.#event(domain, event); },
    });
    this.#run = run;
    const result = await run.result;
    this.#run = undefined;
    this.#services.history.add(this.#server.key, { id, title: this.#state.run?.title ?? '', state: result.state, message: result.message, at: this.#services.clock.now() });
    this.#set({ waiting: undefined, history: this.#services.history.load(this.#server.key) });
    void person.finished(result.state === 'done');
    // What the run changed is read back, in few words, so that how it ended stays in sight; one that was refused at once changed nothing.
    if (result.touched || result.state !== 'refused') await this.#diagnose((session) => session);
  }

  /** What was read during a run tells of that very run as one under way: not to be shown once it is over. */
  #forgetOwn(run: string): void {
    const { diagnosis } = this.#state;
    if (diagnosis === undefined) return;
    const { unfinished, held } = diagnosis;
    this.#state = { ...this.#state, diagnosis: { ...diagnosis, unfinished: unfinished?.id === run ? undefined : unfinished, held: held?.entry.run === run ? undefined : held } };
  }

  /** What the core is to run; undefined where there is nothing to go on with. */
  #choose(domain: Domain, work: Work, entry: string): RunOptions['work'] | undefined {
    const diagnosis = this.#state.diagnosis;
    if (work.kind === 'step') return work;
    if (work.kind === 'plan') return { kind: 'plan', plan: domain.planById(work.plan, diagnosis?.findings ?? [], needed(diagnosis?.snapshot)) };
    return diagnosis?.unfinished === undefined ? undefined : { kind: 'resume', record: diagnosis.unfinished, entry };
  }

  #waiting(waiting: WaitingTask | undefined): void {
    this.#set({ waiting });
    // The person was somewhere else meanwhile: what goes on is here.
    if (waiting === undefined) this.#reporter.show();
  }

  #event(domain: Domain, event: RunEvent): void {
    this.#reporter.run(event);
    if (event.kind === 'diagnosed') this.#conclude(domain, event.snapshot, event.findings);
    const run = this.#state.run;
    if (run === undefined || event.kind === 'line' || event.kind === 'record') return;
    if (event.kind === 'ended' && event.result.state !== 'refused') this.#forgetOwn(run.id);
    this.#set({ run: domain.reduceRun(run, event) });
  }

  #connectServer(): ConnectServer {
    return {
      name: this.#server.name,
      claims: this.#server.claims,
      session: (signal) => this.#link.session(signal),
      renew: (signal) => this.#link.renew(signal),
      left: (id, signal) => this.#link.left(id, signal),
    };
  }

  /** Runs a task whose failure belongs in the tree and the terminal, not in a dialog. */
  async #guard(task: () => Promise<void>, failed?: () => void): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      if (isCancellation(error)) this.#reporter.cancelled();
      else {
        const problem = problemOf(error);
        this.#services.log.error(`${this.#server.name}: ${problem.message} ${problem.remedy}`);
        this.#reporter.problem(problem);
        this.#set({ problem });
      }
      failed?.();
      return false;
    }
  }

  #set(change: Partial<ServerState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed();
  }
}

function needed(snapshot: Snapshot | undefined): Snapshot {
  if (snapshot === undefined) throw new Error('A plan needs a diagnosis first.');
  return snapshot;
}
