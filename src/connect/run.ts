import { valueOf } from './fact.ts';
import type { FindingId, PlanId, StepId, StepState } from './ids.ts';
import type { JournalSink } from './journal.ts';
import { JournalWriter } from './journal-writer.ts';
import { ServerLock, type Holder } from './lock.ts';
import { checkPin, identityOf, type MachinePins } from './machine-pin.ts';
import type { Person } from './person.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { expandConnectors } from './plans.ts';
import { replan } from './replan.ts';
import { RunContext, type RunEventBody } from './run-context.ts';
import { Cancelled, OutcomeUnknown, Refused, errorText } from './run-errors.ts';
import type { RunEvent, RunResult, StepResult } from './run-events.ts';
import { runStep, type StepEnd } from './run-step.ts';
import { scripts } from './scripts.ts';
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
  readonly work: { readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'step'; readonly step: StepId; readonly target: string | undefined };
  /** How AD DS Connector passwords are entered. Default: guided, the only supported way for a known password. */
  readonly adDs?: AdDsWay;
  /** Called in order for everything that happens; must not throw. */
  readonly onEvent: (event: RunEvent) => void;
}

/** A run in progress. */
export interface Run {
  readonly id: string;
  /** Never rejects. */
  readonly result: Promise<RunResult>;
  /** Cancels, or says why that is refused: nothing interrupts what cannot be undone. */
  cancel(): { accepted: true } | { accepted: false; why: string };
  /** The person says elsewhere than in the question itself that their part is done. */
  checkNow(): void;
}

/** Starts a plan, or one single step, against one server. */
export function startRun(options: RunOptions): Run {
  const execution = new Execution(options);
  return { id: options.id, result: execution.execute(), cancel: () => execution.cancel(), checkNow: () => { execution.checkNow(); } };
}

class Execution {
  readonly #options: RunOptions;
  readonly #run: RunContext;
  readonly #results: StepResult[] = [];
  #plan: Plan | undefined;
  #steps: readonly PlannedStep[];

  constructor(options: RunOptions) {
    this.#options = options;
    const { server, clock, person, holder, work, id } = options;
    if (!/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(id)) throw new TypeError(`A run's id is a GUID; '${id}' is none.`);
    const link = new ServerLink(server, clock, (record) => { this.#run.record(record); });
    this.#run = new RunContext({
      link, clock, server, person, lock: new ServerLock(link, clock, holder, id), journal: new JournalWriter(options.journal, clock, id),
      emit: (event) => { this.#emit(event); },
    });
    this.#run.memory.adDs = options.adDs ?? 'guided';
    this.#plan = work.kind === 'plan' ? work.plan : undefined;
    this.#steps = work.kind === 'plan' ? work.plan.steps : [{ step: work.step, target: work.target, title: stepById(work.step).title, note: undefined }];
  }

  cancel(): { accepted: true } | { accepted: false; why: string } {
    return this.#run.cancel();
  }

  checkNow(): void {
    this.#run.checkNow();
  }

  async execute(): Promise<RunResult> {
    this.#emit({ kind: 'started', run: this.#options.id, server: this.#options.server.name, plan: this.#plan });
    let result: RunResult;
    try {
      result = await this.#locked();
    } catch (error) {
      result = this.#result(stateOf(error, this.#run.signal), errorText(error), error instanceof Refused ? { finding: error.finding, reason: errorText(error) } : null);
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
    await this.#run.lock.acquire(this.#run.signal);
    try {
      await this.#run.journal.write('run-started', undefined, {
        server: server.name, computerName: identity.computerName, machineId: identity.machineId, plan: this.#plan?.id ?? null, pin,
        steps: this.#steps.map((step) => step.step), holder: holder.who, host: holder.host, findings: findings.map((finding) => finding.id),
      });
      await this.#keep('Plan', this.#plan?.id ?? this.#steps[0]?.step ?? '');
      await this.#keep('Holder', `${holder.who} on ${holder.host}`);
      await this.#confirmPlan(identity.computerName);
      return await this.#all();
    } finally {
      try {
        await this.#run.lock.release();
      } catch (error) {
        this.#run.say('warn', `The lock on the server could not be released; it expires by itself: ${errorText(error)}`);
      }
    }
  }

  async #confirmPlan(computerName: string): Promise<void> {
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
    if (!agreed) throw new Cancelled('The plan was not started; nothing was changed.');
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
      if (!next.plan.steps.some((step) => step.step === dropped.step)) this.#results.push({ plan: plan.id, id: dropped.step, target: dropped.target, state: 'skipped', seconds: 0, detail: next.why });
    }
    await this.#change({ ...next.plan, steps: [...done, ...next.plan.steps] }, next.why);
    if (next.plan.id !== plan.id) await this.#confirmPlan(this.#run.memory.identity?.computerName ?? '');
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
    await this.#keep(recordName(index, planned), 'running');
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
    await this.#keep(recordName(index, planned), end.state);
    return end;
  }

  /** Keeps a fact on the server for whoever resumes from another machine; the run does not depend on it. */
  async #keep(name: string, value: string): Promise<void> {
    try {
      await this.#run.link.act(scripts.recordStep, { Run: this.#options.id, Name: name, Value: value });
    } catch (error) {
      this.#run.say('warn', `The server's own record of this run could not be written: ${errorText(error)}`);
    }
  }

  #result(state: RunResult['state'], message: string, refused: { finding: FindingId; reason: string } | null): RunResult {
    const plan: PlanId | undefined = this.#plan?.id;
    return { run: this.#options.id, plan, state, steps: [...this.#results], refused, message: this.#run.journal.clean(message) };
  }

  #seconds(since: number): number {
    return Math.round((this.#options.clock.now() - since) / 100) / 10;
  }

  #emit(event: RunEventBody): void {
    this.#options.onEvent({ ...event, at: this.#options.clock.now() });
  }
}

function recordName(index: number, planned: PlannedStep): string {
  return `${String(index + 1).padStart(2, '0')} ${planned.step}${planned.target === undefined ? '' : ` ${planned.target.slice(0, 100)}`}`;
}

function stateOf(error: unknown, signal: AbortSignal): RunResult['state'] {
  if (error instanceof Refused) return 'refused';
  if (error instanceof OutcomeUnknown) return 'unknown';
  return error instanceof Cancelled || signal.aborted ? 'cancelled' : 'failed';
}
