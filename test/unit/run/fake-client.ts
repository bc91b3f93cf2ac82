import { diagnose } from '../../../src/connect/diagnosis.ts';
import type { Finding } from '../../../src/connect/finding.ts';
import { planById, planFor } from '../../../src/connect/plans.ts';
import type { PlanId } from '../../../src/connect/ids.ts';
import type { RunEvent, RunResult } from '../../../src/connect/run-events.ts';
import { unfinishedRun, type RunRecord } from '../../../src/connect/run-record.ts';
import { startRun, type Run, type RunOptions } from '../../../src/connect/run.ts';
import type { ConnectServer } from '../../../src/connect/server.ts';
import type { Snapshot } from '../../../src/connect/snapshot.ts';
import { takeSnapshot } from '../../../src/connect/take-snapshot.ts';
import type { PowerShellSession } from '../../../src/session.ts';
import type { FakeServer } from './fake-server.ts';
import { FakeSession, lost } from './fake-session.ts';
import { FakePerson, FakePins } from './harness.ts';

/** One client of a server that others use as well: its own person, journal and pins; it can die at any moment. */
export class FakeClient implements ConnectServer {
  readonly name = 'practice';
  readonly claims = {};
  readonly person: FakePerson;
  readonly pins = new FakePins();
  readonly journal: string[] = [];
  readonly events: RunEvent[] = [];
  /** Once true, nothing of it reaches the server any more. */
  dead = false;
  /** Called before and after each script of this client; may throw a lost connection. */
  hook: (script: string, when: 'before' | 'after', count: number) => void = () => undefined;
  /** Sessions that clients left on the server. */
  left: NonNullable<ConnectServer['left']> = () => Promise.resolve(undefined);
  calls = 0;
  readonly #server: FakeServer;
  readonly #who: string;
  #session: PowerShellSession | undefined;

  constructor(server: FakeServer, who: string) {
    this.#server = server;
    this.#who = who;
    this.person = new FakePerson(server);
  }

  session(): Promise<PowerShellSession> {
    return this.#session?.alive === true ? Promise.resolve(this.#session) : this.renew();
  }

  renew(): Promise<PowerShellSession> {
    if (this.dead) return Promise.reject(lost());
    this.#session = new FakeSession(async (script, parameters) => {
      const count = ++this.calls;
      this.#alive();
      this.hook(script, 'before', count);
      this.#alive();
      const answer = await this.#server.handle(script, parameters);
      this.hook(script, 'after', count);
      this.#alive();
      return answer;
    });
    return Promise.resolve(this.#session);
  }

  async look(): Promise<{ snapshot: Snapshot; findings: readonly Finding[]; unfinished: RunRecord | undefined }> {
    const snapshot = await takeSnapshot(await this.session());
    return { snapshot, findings: diagnose(snapshot, {}), unfinished: unfinishedRun(snapshot) };
  }

  start(work: RunOptions['work'], id: string = crypto.randomUUID(), takeOver = false): Run {
    return startRun({
      server: this, person: this.person, clock: this.#server.clock, pins: this.pins, id, work, takeOver,
      journal: { append: (line) => { this.journal.push(line); return Promise.resolve(); } },
      holder: { who: this.#who, host: `${this.#who}-laptop`, client: crypto.randomUUID() },
      onEvent: (event) => { this.events.push(event); },
    });
  }

  /** Runs a plan by name, or the one that the diagnosis calls for; undefined where none is. */
  async plan(id?: PlanId, takeOver = false): Promise<RunResult | undefined> {
    const { snapshot, findings } = await this.look();
    const plan = id === undefined ? planFor(findings, snapshot) : planById(id, findings, snapshot);
    return plan === undefined || plan.refused !== undefined ? undefined : this.start({ kind: 'plan', plan }, crypto.randomUUID(), takeOver).result;
  }

  /** Goes on with the run that the server remembers as unfinished; undefined where there is none. */
  async resume(): Promise<RunResult | undefined> {
    const { unfinished } = await this.look();
    return unfinished === undefined ? undefined : this.start({ kind: 'resume', record: unfinished, entry: crypto.randomUUID() }, unfinished.id, true).result;
  }

  #alive(): void {
    if (this.dead) throw lost();
  }
}
