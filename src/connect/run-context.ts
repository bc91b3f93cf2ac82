import type { StreamRecord } from '../session.ts';
import { cleanRecord } from './clean-record.ts';
import { diagnose } from './diagnosis.ts';
import type { Finding } from './finding.ts';
import type { StepId } from './ids.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { ServerLock } from './lock.ts';
import type { Person } from './person.ts';
import type { PlannedStep } from './plan.ts';
import { Cancelled, errorText } from './run-errors.ts';
import type { RunEvent, Tone } from './run-events.ts';
import type { ServerLink } from './server-link.ts';
import type { Clock, ConnectServer } from './server.ts';
import type { Snapshot } from './snapshot.ts';
import type { RunMemory, StepContext } from './step.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** A snapshot younger than this still tells the state of the moment, unless the run itself changed something; milliseconds. */
const freshFor = 10_000;
/** While a person thinks, the lock is kept alive at this interval, in milliseconds. */
const heartbeatInterval = 20_000;

/** A RunEvent without its time. */
export type RunEventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

/** What the parts of one run share: the server, the person, the clock, the journal, and what is known so far. */
export class RunContext {
  readonly link: ServerLink;
  readonly memory: RunMemory = { identity: undefined, passwordChangeKind: undefined, oldPassword: undefined, retriedWithController: false, folder: undefined, databaseBackedUp: false, configurationBackedUp: false, adDs: 'guided', guard: [], overruled: new Set() };
  readonly journal: JournalWriter;
  readonly lock: ServerLock;
  readonly clock: Clock;
  readonly #server: ConnectServer;
  readonly #person: Person;
  readonly #emit: (event: RunEventBody) => void;
  readonly #cancel = new AbortController();
  #uninterruptible: string | undefined;
  #step: StepId | undefined;
  #seen: { snapshot: Snapshot; findings: readonly Finding[]; at: number } | undefined;
  #checkNow = wakeUp();

  constructor(ports: { link: ServerLink; journal: JournalWriter; lock: ServerLock; clock: Clock; server: ConnectServer; person: Person; emit: (event: RunEventBody) => void }) {
    this.link = ports.link;
    this.journal = ports.journal;
    this.lock = ports.lock;
    this.clock = ports.clock;
    this.#server = ports.server;
    this.#person = ports.person;
    this.#emit = ports.emit;
  }

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Cancels the run, or says why that is refused now. */
  cancel(): { accepted: true } | { accepted: false; why: string } {
    if (this.#uninterruptible !== undefined) return { accepted: false, why: this.#uninterruptible };
    this.#cancel.abort(new Cancelled('The run was cancelled.'));
    return { accepted: true };
  }

  checkNow(): void {
    this.#checkNow.wake();
    this.#checkNow = wakeUp();
  }

  /** Which step the following lines and records belong to. */
  enter(step: StepId | undefined): void {
    this.#step = step;
  }

  /** Something was changed: what was read before does not count any more. */
  forget(): void {
    this.#seen = undefined;
  }

  say(tone: Tone, text: string): void {
    for (const line of plainText(this.journal.clean(text)).split('\n')) if (line !== '') this.#emit({ kind: 'line', step: this.#step, tone, text: line });
  }

  record(record: StreamRecord): void {
    this.#emit({ kind: 'record', step: this.#step, record: cleanRecord(record, (text) => this.journal.clean(text)) });
  }

  #warned = '';

  /** The newest snapshot and its findings; read again where it is asked for, old, or out of date. */
  async look(fresh = false): Promise<{ snapshot: Snapshot; findings: readonly Finding[] }> {
    const seen = this.#seen;
    if (!fresh && seen !== undefined && this.clock.now() - seen.at < freshFor) return seen;
    const snapshot = await this.link.reconnecting(async () => takeSnapshot(await this.link.session(this.signal), { signal: this.signal, now: () => this.clock.now() }), this.signal);
    const oldPassword = this.memory.oldPassword;
    const findings = diagnose(snapshot, { claims: this.#server.claims, ...(oldPassword === undefined ? {} : { oldPassword }) });
    this.#seen = { snapshot, findings, at: this.clock.now() };
    this.#emit({ kind: 'diagnosed', snapshot, findings });
    await this.journal.write('diagnosed', this.#step, { findings: findings.map((finding) => finding.id) });
    return this.#seen;
  }

  /** Waits, keeps the lock alive, and rejects with Cancelled where the run was cancelled meanwhile. */
  async pause(milliseconds: number): Promise<void> {
    try {
      await this.clock.delay(milliseconds, this.signal);
    } catch (error) {
      if (!this.signal.aborted) throw error;
    }
    if (this.signal.aborted) throw new Cancelled('The run was cancelled.');
    try {
      await this.lock.keep(this.signal);
    } catch (error) {
      if (this.#uninterruptible === undefined) throw error;
      // What cannot be interrupted is watched to its end, whoever holds the lock.
      const text = `The lock could not be renewed: ${errorText(error)}`;
      if (text !== this.#warned) this.say('warn', text);
      this.#warned = text;
    }
  }

  /** Awaits a person's answer and keeps the lock alive meanwhile. The question goes with the run: where the lock is lost, nobody is left to be asked. */
  async whilePersonThinks<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const over = new AbortController();
    try {
      return await this.#answered(ask(AbortSignal.any([signal, over.signal])));
    } finally {
      over.abort(new Cancelled('The question is over.'));
    }
  }

  async #answered<T>(answer: Promise<T>): Promise<T> {
    const settled = { is: false };
    const thinking = (): boolean => !settled.is;
    const done = answer.then(() => undefined, () => undefined).then(() => { settled.is = true; });
    while (thinking()) {
      const stop = new AbortController();
      await Promise.race([done, this.clock.delay(heartbeatInterval, AbortSignal.any([stop.signal, this.signal])).catch(() => undefined)]);
      stop.abort();
      if (this.signal.aborted) break;
      if (thinking()) await this.lock.keep(this.signal);
    }
    if (this.signal.aborted) {
      void answer.catch(() => undefined);
      throw new Cancelled('The run was cancelled.');
    }
    return answer;
  }

  /** The person, with the lock kept alive behind every question. */
  readonly person: Person = {
    confirm: (request, signal) => this.whilePersonThinks((until) => this.#person.confirm(request, until), signal),
    secret: (request, signal) => this.whilePersonThinks((until) => this.#person.secret(request, until), signal),
    credential: (request, signal) => this.whilePersonThinks((until) => this.#person.credential(request, until), signal),
    text: (request, signal) => this.whilePersonThinks((until) => this.#person.text(request, until), signal),
    choose: (request, signal) => this.whilePersonThinks((until) => this.#person.choose(request, until), signal),
    // The step that waits looks at the server itself meanwhile, and keeps the lock alive with that.
    waitFor: (task, signal) => this.#person.waitFor(task, signal),
  };

  /** What one step has at hand. `inPlan`: the plan was confirmed as a whole. */
  stepContext(run: string, plan: StepContext['plan'], step: PlannedStep, inPlan: boolean, waiting: (text: string) => void): StepContext {
    return {
      run, plan, target: step.target, purpose: step.purpose, link: this.link, person: this.person, clock: this.clock, memory: this.memory, signal: this.signal,
      checkNow: () => this.#checkNow.called,
      look: (fresh) => this.look(fresh),
      say: (tone, text) => { this.say(tone, text); },
      progress: (text, percent) => {
        this.#emit({ kind: 'progress', step: step.step, text: plainText(this.journal.clean(text)), percent, cancellable: this.#uninterruptible === undefined });
      },
      note: (event, data) => this.journal.write(event, step.step, data),
      pause: (milliseconds) => this.pause(milliseconds),
      expectLong: (seconds) => this.lock.keep(this.signal, seconds),
      uninterruptible: async (why, work) => {
        this.#uninterruptible = why;
        try {
          return await work();
        } finally {
          this.#uninterruptible = undefined;
        }
      },
      waiting,
      consent: async (request, always) => {
        const agreed = inPlan && !always ? true : await this.person.confirm({ ...request, step: step.step }, this.signal);
        await this.journal.write('confirmed', step.step, { answer: agreed, irreversible: request.irreversible, typed: request.typedName !== undefined });
        return agreed;
      },
      hide: (secret) => { this.journal.hide(secret.reveal()); },
    };
  }
}

/** Text for a terminal: control characters of a server or an event never reach it. */
function plainText(text: string): string {
  return text.slice(0, 4_000).replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}

function wakeUp(): { readonly called: Promise<void>; readonly wake: () => void } {
  let wake = (): void => undefined;
  const called = new Promise<void>((resolve) => { wake = resolve; });
  return { called, wake };
}
