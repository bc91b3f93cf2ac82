import { valueOf } from './fact.ts';
import type { FindingId, PlanId, StepId, StepState } from './ids.ts';
import type { JournalSink } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import type { JournalData } from './journal-events.ts';
import { ServerLock, type Holder } from './lock.ts';
import { secondsSince, type LockEntry, type LockReading } from './lock-entry.ts';
import { checkPin, identityOf, sameMachine, type MachineIdentity, type MachinePins } from './machine-pin.ts';
import type { Person } from './person.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { expandConnectors } from './plans.ts';
import { RecordKeeper } from './record-keeper.ts';
import { replan } from './replan.ts';
import { RunContext, type RunEventBody } from './run-context.ts';
import { Cancelled, OutcomeUnknown, Refused, errorText, isConnectionLost } from './run-errors.ts';
import type { RunEvent, RunResult, StepResult } from './run-events.ts';
import { planned, putBack, resumption } from './resume.ts';
import { runRecords, settledBy, type RunRecord } from './run-record.ts';
import { runStep, type StepEnd } from './run-step.ts';
import { ServerLink } from './server-link.ts';
import type { Clock, ConnectServer } from './server.ts';
import type { AdDsWay } from './step.ts';
import { stepById } from './steps/registry.ts';

/** Everything that one run needs. */
export interface RunOptions {
  readonly server: ConnectServer;
  readonly person: Person;
  readonly clock: Clock;
  readonly journal: JournalSink;
  readonly holder: Holder;
  readonly pins: MachinePins;
  /** GUID of the run: names its lock entry, its record and its folder on the server. */
  readonly id: string;
  /** Number of the change or incident that this run belongs to, for its record. */
  readonly ticket?: string | undefined;
  readonly work: RunWork;
  /** True: where another client holds the lock, the person is asked to take it over knowingly. Default: the run is refused. */
  readonly takeOver?: boolean;
  /** How AD DS Connector passwords are entered. Default: guided, the only supported way for a known password. */
  readonly adDs?: AdDsWay;
  /** Called in order for everything that happens; must not throw. */
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * What to run. `resume`: a run that was interrupted, here or on another machine; `entry` is a fresh GUID for this client's lock entry,
 * since the interrupted client's may still be there under the run's id.
 */
export type RunWork =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'step'; readonly step: StepId; readonly target: string | undefined }
  | { readonly kind: 'resume'; readonly record: RunRecord; readonly entry: string };

/** A run in progress. */
export interface Run {
  readonly id: string;
  /** Never rejects. */
  readonly result: Promise<RunResult>;
  /** Cancels, or says why that is refused: nothing interrupts what cannot be undone. */
  cancel(): { accepted: true } | { accepted: false; why: string };
  /**
   * Lets go of the run because this client goes: what runs on the server goes on there, where it can (over WinRM), and whoever resumes
   * the run waits for it. False where it ends with the connection.
   */
  leave(): Promise<boolean>;
  /** The person says elsewhere than in the question itself that their part is done. */
  checkNow(): void;
  /** Gives the run a ticket number, or another one, for its change record. */
  setTicket(ticket: string): Promise<void>;
}

/** Starts a plan, or one single step, against one server. */
export function startRun(options: RunOptions): Run {
  const execution = new Execution(options);
  return { id: options.id, result: execution.execute(), cancel: () => execution.cancel(), leave: () => execution.leave(), checkNow: () => { execution.checkNow(); }, setTicket: (ticket) => execution.setTicket(ticket) };
}

class Execution {
  readonly #options: RunOptions;
  readonly #run: RunContext;
  readonly #record: RecordKeeper;
  /** What the record of a run that is gone on with says beside its steps. */
  #resumed: Readonly<Record<string, string>> | undefined;
  /** A run that does not go on now: only the step at `owed` is taken, and all else stays on record as it is. */
  #refused: { readonly error: Refused; readonly owed: number } | undefined;
  readonly #results: StepResult[] = [];
  #plan: Plan | undefined;
  #steps: readonly PlannedStep[];

  constructor(options: RunOptions) {
    this.#options = options;
    const { server, clock, person, holder, work, id } = options;
    const entry = work.kind === 'resume' ? work.entry : id;
    for (const given of [id, entry]) if (!/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(given)) throw new TypeError(`A run's id is a GUID; '${given}' is none.`);
    if (work.kind === 'resume' && work.record.id !== id.toLowerCase()) throw new TypeError('A run goes on under its own id.');
    const link = new ServerLink(server, clock, (record) => { this.#run.record(record); });
    this.#run = new RunContext({
      link, clock, server, person, lock: new ServerLock(link, clock, holder, id, entry), journal: new JournalWriter(options.journal, clock, id),
      emit: (event) => { this.#emit(event); },
    });
    this.#record = new RecordKeeper(link, { run: id, entry: this.#run.lock.id, holds: () => this.#run.lock.held, warn: (text) => { this.#run.say('warn', text); } });
    this.#run.memory.adDs = options.adDs ?? 'guided';
    this.#plan = work.kind === 'plan' ? work.plan : undefined;
    this.#steps = work.kind === 'plan' ? work.plan.steps : work.kind === 'resume' ? [] : [{ step: work.step, target: work.target, title: stepById(work.step).title, note: undefined }];
  }

  cancel(): { accepted: true } | { accepted: false; why: string } {
    return this.#run.cancel();
  }

  leave(): Promise<boolean> {
    return this.#run.link.leave();
  }

  checkNow(): void {
    this.#run.checkNow();
  }

  async setTicket(ticket: string): Promise<void> {
    const { who, host } = this.#options.holder;
    await this.#run.journal.write('ticket', undefined, { ticket, holder: who, host });
  }

  async execute(): Promise<RunResult> {
    this.#emit({ kind: 'started', run: this.#options.id, server: this.#options.server.name, plan: this.#plan });
    let result: RunResult;
    try {
      result = await this.#locked();
    } catch (error) {
      result = this.#failed(error);
    }
    this.#run.enter(undefined);
    this.#run.say(result.state === 'done' ? 'good' : 'bad', result.message);
    try {
      await this.#run.journal.write('run-ended', undefined, { state: result.state, finding: result.refused?.finding ?? null, reason: result.message });
    } catch (error) {
      this.#run.say('warn', `The end of the run could not be written to the journal: ${errorText(error)}`);
    }
    this.#emit({ kind: 'ended', result });
    return result;
  }

  async #locked(): Promise<RunResult> {
    const { server, pins, holder } = this.#options;
    const refused = this.#plan?.refused;
    if (refused !== undefined) throw new Refused(refused.finding, refused.reason);
    const { snapshot, findings } = await this.#run.look(true);
    const identity = identityOf(snapshot);
    const claimed = server.claims.computerName;
    if (claimed !== undefined && claimed.toLowerCase() !== identity.computerName.toLowerCase()) {
      throw new Refused('cannot-tell', `The servers file says that '${server.name}' is ${claimed}, but ${identity.computerName} answers. Nothing was changed.`);
    }
    const pin = await checkPin(server.name, identity, pins);
    this.#run.memory.identity = identity;
    const taken = await this.#run.lock.acquire(this.#run.signal, this.#options.takeOver === true ? (entry, reading) => this.#askTakeOver(identity.computerName, entry, reading) : undefined);
    // Whoever held the lock until now may have changed what was read before it was taken.
    this.#run.forget();
    try {
      if (taken !== undefined) await this.#run.journal.write('lock', undefined, { state: 'taken-over', holder: taken.who, host: taken.host, run: taken.run });
      const head = { server: server.name, computerName: identity.computerName, machineId: identity.machineId, holder: holder.who, host: holder.host, pin };
      const { work } = this.#options;
      if (work.kind === 'resume') await this.#resume(work.record, head);
      else {
        await this.#run.journal.write('run-started', undefined, { ...head, plan: this.#plan?.id ?? null, steps: this.#steps.map((step) => step.step), findings: findings.map((finding) => finding.id), ticket: this.#options.ticket ?? null });
      }
      return await this.#recorded(identity);
    } finally {
      try {
        await this.#run.lock.release();
      } catch (error) {
        this.#run.say('warn', `The lock on the server could not be released; it expires by itself: ${errorText(error)}`);
      }
    }
  }

  /** Runs the steps; how it ended is on record on the server before the lock is free. */
  async #recorded(identity: MachineIdentity): Promise<RunResult> {
    const { holder } = this.#options;
    const plan = { Kind: this.#plan === undefined ? 'step' : 'plan', Plan: this.#plan?.id ?? '', Title: this.#plan?.title ?? this.#steps[0]?.title ?? '' };
    const resumed = this.#resumed;
    await this.#record.begin({
      Holder: `${holder.who} on ${holder.host}`, ComputerName: identity.computerName, MachineId: identity.machineId, State: 'running', Session: '',
      ...(resumed === undefined ? plan : {}),
    }, resumed === undefined ? this.#steps : undefined);
    let result: RunResult;
    try {
      if (this.#refused !== undefined) {
        const owed = this.#steps[this.#refused.owed];
        const end = owed === undefined ? undefined : await this.#one(this.#refused.owed, owed);
        const { finding, message } = this.#refused.error;
        throw new Refused(finding, end === undefined || end.state === 'done' || end.state === 'skipped' ? message : `${message} What the run had changed could not be put back: ${end.detail}`);
      }
      await this.#confirmPlan(identity.computerName);
      // Not before: where it is declined, what was begun is still what the record tells.
      if (resumed !== undefined) await this.#record.plan(this.#steps, { ...plan, ...resumed });
      result = await this.#all();
    } catch (error) {
      result = this.#failed(error);
    }
    await this.#record.end(result.state);
    return result;
  }

  /** Works out how an interrupted run goes on, by what the server shows now that nobody else works on it. */
  async #resume(known: RunRecord, head: JournalData<'run-resumed'>): Promise<void> {
    if (known.session !== '') await this.#drain(known.session);
    const { snapshot, findings } = await this.#run.look(true);
    const records = runRecords(snapshot);
    const record = records.find((candidate) => candidate.id === known.id);
    if (record === undefined) throw new Refused('cannot-tell', 'The server remembers nothing of this run any more. Diagnose it, and start what the diagnosis calls for.');
    if (record.state === 'done') throw new Refused('cannot-tell', `The run has been brought to its end meanwhile by ${record.holder}.`);
    const later = settledBy(record, records);
    if (later !== undefined) throw new Refused('cannot-tell', `The run is settled: ${later.holder} has brought a later plan to its end. Diagnose the server, and start what the diagnosis calls for.`);
    const identity = identityOf(snapshot);
    if (!sameMachine(identity, { computerName: record.computerName, machineId: record.machineId })) {
      throw new Refused('cannot-tell', `The run was begun on ${record.computerName}, and this is ${identity.computerName}: a copy of that machine, or one restored from it. It does not go on here; nothing was changed.`);
    }
    const next = resumption(record, findings, snapshot);
    if (next.kind === 'refuse') {
      if (next.owed === undefined || !record.whole) throw new Refused(next.finding, next.reason);
      this.#steps = record.steps.map((step) => planned(step));
      this.#refused = { error: new Refused(next.finding, next.reason), owed: record.steps.indexOf(next.owed) };
    } else {
      this.#plan = next.plan;
      this.#steps = next.steps;
    }
    this.#resumed = next.kind === 'refuse' ? {} : { Resumed: next.stopped === true ? 'stopped' : 'yes', Abandoned: record.abandoned ? record.abandonedAt ?? 'True' : '' };
    const steps = next.kind === 'refuse' ? next.owed === undefined ? [] : [next.owed] : next.steps;
    const why = next.kind === 'refuse' ? `The repair goes no further now (${next.reason}); what the run had changed is put back.` : next.why;
    await this.#run.journal.write('run-resumed', undefined, {
      ...head, from: record.holder, why, plan: this.#plan?.id ?? null, steps: steps.map((step) => step.step), findings: findings.map((finding) => finding.id),
    });
    if (this.#options.ticket !== undefined) await this.setTicket(this.#options.ticket);
    this.#run.say('text', `${record.holder} began it at ${record.started}. ${why}`);
    if (this.#plan !== undefined) this.#emit({ kind: 'plan', plan: this.#plan, why });
  }

  /** Nothing of the interrupted run may still be at work when it goes on. */
  async #drain(session: string): Promise<void> {
    try {
      if (await this.#run.lock.whileKept(this.#run.signal, () => this.#run.link.drain(session, this.#run.signal))) this.#run.say('text', 'What the interrupted run had begun on the server has come to its end.');
    } catch (error) {
      if (this.#run.signal.aborted || error instanceof Refused) throw error;
      this.#run.say('warn', `The session of the interrupted run could not be taken up: ${errorText(error)}`);
    }
  }

  async #askTakeOver(computerName: string, entry: LockEntry, reading: LockReading): Promise<boolean> {
    const agreed = await this.#run.person.confirm({
      step: undefined,
      title: `Take ${computerName} over from ${entry.who} on ${entry.host}`,
      changes: [
        `Another run holds ${computerName}: ${entry.who} on ${entry.host}. It was last alive ${secondsSince(entry, reading)} s ago by the server's clock.`,
        'Take it over only when you know that it is not at work any more. If it is, it stops before its next action; an action that it has begun goes on.',
      ],
      undo: 'Its client can take the server back in the same way.',
      irreversible: false, typedName: computerName, action: 'Take over', overrules: 'lock',
    }, this.#run.signal);
    await this.#run.journal.write('lock', undefined, { state: agreed ? 'take-over-confirmed' : 'take-over-declined', holder: entry.who, host: entry.host, run: entry.run, seconds: secondsSince(entry, reading) });
    return agreed;
  }

  async #confirmPlan(computerName: string, declined = 'The plan was not started; nothing was changed.'): Promise<void> {
    const plan = this.#plan;
    if (plan === undefined) return;
    const agreed = await this.#run.person.confirm({
      step: undefined,
      title: `${plan.title} (${computerName})`,
      changes: plan.steps.filter((step) => !this.#results.some((done) => done.id === step.step && done.target === step.target && done.plan !== plan.id)).map((step, index) => `${index + 1}. ${step.title}${step.note === undefined ? '' : ` (${step.note})`}`),
      undo: 'Each step says for itself whether it can be undone; what cannot be is asked again when its turn comes.',
      irreversible: false, typedName: undefined, action: 'Start',
    }, this.#run.signal);
    await this.#run.journal.write('plan-confirmed', undefined, { answer: agreed, computerName });
    if (!agreed) throw new Cancelled(declined);
  }

  async #all(): Promise<RunResult> {
    for (let index = 0; index < this.#steps.length; index++) {
      await this.#nameConnectors(index);
      const planned = this.#steps[index];
      if (planned === undefined) break;
      const end = await this.#one(index, planned);
      if (end.state !== 'done' && end.state !== 'skipped') {
        if (end.state !== 'unknown' && !this.#run.signal.aborted) await this.#putBack(index);
        return this.#result(end.state === 'refused' || end.state === 'cancelled' || end.state === 'unknown' ? end.state : 'failed', end.detail, end.refused ?? null);
      }
      if (end.state === 'done' && (planned.step === 'start-service' || planned.purpose === 'retry')) {
        try {
          await this.#diagnoseAgain(index, planned);
        } catch (error) {
          if (error instanceof Refused || error instanceof Cancelled) await this.#putBack(index);
          throw error;
        }
      }
    }
    return this.#result('done', this.#plan === undefined ? 'The step is done.' : `The plan "${this.#plan.title}" is done.`, null);
  }

  /** What the plan changed for its own sake is put back even where it goes no further; its own failure is told and changes nothing. */
  async #putBack(after: number): Promise<void> {
    for (const [index, planned] of this.#steps.entries()) {
      if (index > after && planned.always === true && !this.#run.signal.aborted) await this.#one(index, planned);
    }
  }

  /** A start changes what is known: the rest of the plan may not be needed any more, or another may be. */
  async #diagnoseAgain(index: number, start: PlannedStep): Promise<void> {
    const plan = this.#plan;
    if (plan === undefined) return;
    const { snapshot, findings } = await this.#run.look();
    const next = replan(plan, start, findings, snapshot);
    if (next.kind === 'go-on') return;
    if (next.kind === 'refuse') throw new Refused(next.finding, next.reason);
    const done = this.#steps.slice(0, index + 1);
    for (const dropped of this.#steps.slice(index + 1)) {
      if (dropped.always !== true && !next.plan.steps.some((step) => step.step === dropped.step)) this.#results.push({ plan: plan.id, id: dropped.step, target: dropped.target, state: 'skipped', seconds: 0, detail: next.why });
    }
    // What the run has changed for its own sake is put back, whether the other plan changes it or not.
    const owed = this.#steps.slice(index + 1).filter((step) => step.always === true && !next.plan.steps.some((other) => other.step === step.step));
    await this.#change({ ...next.plan, steps: putBack([...done, ...next.plan.steps, ...owed]) }, next.why);
    if (next.plan.id !== plan.id) await this.#confirmPlan(this.#run.memory.identity?.computerName ?? '', 'The other plan was not begun; what this run has done before stays done. Diagnose the server.');
  }

  /** Before the first connector's turn the plan gets one step for every connector that there really is. */
  async #nameConnectors(index: number): Promise<void> {
    const plan = this.#plan;
    const planned = this.#steps[index];
    if (plan === undefined || planned?.step !== 'enter-connector-password' || this.#results.some((result) => result.id === 'enter-connector-password' && result.plan === plan.id)) return;
    const { snapshot } = await this.#run.look();
    const connectors = valueOf(snapshot.connectors);
    if (connectors === undefined) {
      if (planned.target !== undefined) return;
      throw new Refused('cannot-tell', 'Which connectors this server has could not be read, so it cannot be told whose password is missing.');
    }
    const expanded = expandConnectors({ ...plan, steps: this.#steps }, connectors);
    const names = (steps: readonly PlannedStep[]): string => steps.map((step) => `${step.step}/${step.target ?? ''}`).join('\n');
    if (names(expanded.steps) !== names(this.#steps)) await this.#change(expanded, 'The connectors of this server are known now.');
  }

  async #change(plan: Plan, why: string): Promise<void> {
    this.#plan = plan;
    this.#steps = plan.steps;
    this.#run.say('text', why);
    this.#emit({ kind: 'plan', plan, why });
    await this.#run.journal.write('plan-changed', undefined, { plan: plan.id, steps: plan.steps.map((step) => step.step), why });
    await this.#record.plan(plan.steps, { Plan: plan.id, Title: plan.title });
  }

  async #one(index: number, planned: PlannedStep): Promise<StepEnd> {
    const plan = this.#plan?.id;
    const step = stepById(planned.step);
    const begun = this.#options.clock.now();
    const emit = (state: StepState, detail: string): void => {
      this.#emit({ kind: 'step', index, step: planned.step, target: planned.target, title: planned.title, state, detail, seconds: this.#seconds(begun) });
    };
    this.#run.enter(planned.step);
    this.#run.say('heading', planned.title);
    emit('running', step.summary);
    await this.#run.journal.write('step-started', planned.step, { index, target: planned.target ?? null });
    await this.#record.step(this.#steps, index, 'running', { Session: await this.#sessionId() });
    const context = this.#run.stepContext(this.#options.id, plan, planned, plan !== undefined, (text) => {
      this.#run.say('text', text);
      emit('waiting-for-person', text);
    });
    const ended = await runStep(this.#run, step, plan, context);
    const end = { ...ended, detail: this.#run.journal.clean(ended.detail) };
    this.#results.push({ plan, id: planned.step, target: planned.target, state: end.state, seconds: this.#seconds(begun), detail: end.detail });
    if (end.state !== 'done' && end.state !== 'skipped') this.#run.say('bad', end.detail);
    emit(end.state, end.detail);
    await this.#run.journal.write('step-ended', planned.step, { index, target: planned.target ?? null, state: end.state, seconds: this.#seconds(begun), detail: end.detail });
    await this.#record.step(this.#steps, index, end.state);
    return end;
  }

  /** By what another client finds the session that a step runs in; not knowing it costs nothing but the waiting for its end. */
  async #sessionId(): Promise<string> {
    try {
      return await this.#run.link.sessionId(this.#run.signal);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      return '';
    }
  }

  #failed(error: unknown): RunResult {
    return this.#result(stateOf(error, this.#run.signal), errorText(error), error instanceof Refused ? { finding: error.finding, reason: errorText(error) } : null);
  }

  #result(state: RunResult['state'], message: string, refused: { finding: FindingId; reason: string } | null): RunResult {
    const plan: PlanId | undefined = this.#plan?.id;
    const touched = this.#results.some((step) => step.state !== 'skipped' && (step.state !== 'refused' || ['outage', 'irreversible'].includes(stepById(step.id).danger)));
    return { run: this.#options.id, plan, state, touched, steps: [...this.#results], refused, message: this.#run.journal.clean(message) };
  }

  #seconds(since: number): number {
    return Math.round((this.#options.clock.now() - since) / 100) / 10;
  }

  #emit(event: RunEventBody): void {
    this.#options.onEvent({ ...event, at: this.#options.clock.now() });
  }
}

function stateOf(error: unknown, signal: AbortSignal): RunResult['state'] {
  if (error instanceof Refused) return 'refused';
  if (error instanceof OutcomeUnknown) return 'unknown';
  return error instanceof Cancelled || signal.aborted ? 'cancelled' : 'failed';
}
