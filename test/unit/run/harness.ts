import type { PlanId } from '../../../src/connect/ids.ts';
import { planById, planFor } from '../../../src/connect/plans.ts';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import type { Finding } from '../../../src/connect/finding.ts';
import type { MachineIdentity, MachinePins } from '../../../src/connect/machine-pin.ts';
import type { Confirmation, Person } from '../../../src/connect/person.ts';
import type { RunEvent, RunResult } from '../../../src/connect/run-events.ts';
import { startRun, type Run, type RunOptions } from '../../../src/connect/run.ts';
import type { Snapshot } from '../../../src/connect/snapshot.ts';
import type { AdDsWay } from '../../../src/connect/step.ts';
import { takeSnapshot } from '../../../src/connect/take-snapshot.ts';
import type { SecureString } from '../../../src/session.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';

export const runId = '11111111-2222-4333-8444-555555555555';

export function secure(text: string): SecureString {
  return { kind: 'secure-string', reveal: () => text };
}

/** A person who agrees to everything and knows every password, unless told otherwise. */
export class FakePerson implements Person {
  readonly confirmed: Confirmation[] = [];
  readonly asked: string[] = [];
  answers: Readonly<Record<string, string>> = { 'password-change-kind': 'change', 'old-password-known': 'gone', 'retried-with-controller': 'failed-again' };
  password: string | undefined = 'new-Passw0rd';
  agrees: (request: Confirmation) => boolean = () => true;
  works: (connector: string) => void = () => undefined;
  closes: () => void = () => undefined;
  readonly tasks: string[] = [];
  waitForAnswer: 'check' | 'give-up' = 'check';
  constructor(server: FakeServer) {
    this.works = (connector) => { server.enterPassword(connector); };
    this.closes = () => { server.serviceManagerOpen = false; };
  }
  confirm(request: Confirmation): Promise<boolean> {
    this.confirmed.push(request);
    return Promise.resolve(this.agrees(request));
  }
  secret(): Promise<SecureString | undefined> {
    return Promise.resolve(this.password === undefined ? undefined : secure(this.password));
  }
  credential(): Promise<{ userName: string; password: SecureString } | undefined> {
    return Promise.resolve({ userName: 'admin@contoso.example', password: secure('admin-Passw0rd') });
  }
  reason: string | undefined = 'The key was copied from a stolen backup.';
  text(request: { id: string }): Promise<string | undefined> {
    this.asked.push(request.id);
    return Promise.resolve(this.reason);
  }
  choose(question: { id: string }): Promise<string | undefined> {
    this.asked.push(question.id);
    return Promise.resolve(this.answers[question.id]);
  }
  waitFor(task: { target: string | undefined; title: string }): Promise<'check' | 'give-up'> {
    this.tasks.push(task.title);
    if (this.waitForAnswer === 'give-up') return Promise.resolve('give-up');
    if (task.target !== undefined) this.works(task.target);
    else this.closes();
    return Promise.resolve(this.waitForAnswer);
  }
}

export class FakePins implements MachinePins {
  readonly known = new Map<string, MachineIdentity>();
  get(server: string): Promise<MachineIdentity | undefined> {
    return Promise.resolve(this.known.get(server));
  }
  set(server: string, identity: MachineIdentity): Promise<void> {
    this.known.set(server, identity);
    return Promise.resolve();
  }
}

/** One server, one person, one journal. */
export class Bench {
  readonly clock = new FakeClock();
  readonly server = new FakeServer(this.clock);
  readonly person = new FakePerson(this.server);
  readonly pins = new FakePins();
  readonly journal: string[] = [];
  readonly events: RunEvent[] = [];
  onEvent: (event: RunEvent) => void = () => undefined;
  adDs: AdDsWay = 'guided';

  async look(): Promise<{ snapshot: Snapshot; findings: readonly Finding[] }> {
    const snapshot = await takeSnapshot(await this.server.session());
    return { snapshot, findings: diagnose(snapshot, {}) };
  }

  start(work: RunOptions['work'], id = runId): Run {
    return startRun({
      server: this.server, person: this.person, clock: this.clock, pins: this.pins, id, work, adDs: this.adDs,
      journal: { append: (line) => { this.journal.push(line); return Promise.resolve(); } },
      holder: { who: 'alice', host: 'LAPTOP', client: 'c0ffee00-0000-4000-8000-000000000000' },
      onEvent: (event) => { this.events.push(event); this.onEvent(event); },
    });
  }

  async recommended(): Promise<RunResult> {
    const { snapshot, findings } = await this.look();
    const plan = planFor(findings, snapshot);
    if (plan === undefined) throw new Error(`No plan for ${findings.map((finding) => finding.id).join(', ')}.`);
    return this.start({ kind: 'plan', plan }).result;
  }

  /** A plan that a person asks for by name. */
  async plan(id: PlanId): Promise<RunResult> {
    const { snapshot, findings } = await this.look();
    return this.start({ kind: 'plan', plan: planById(id, findings, snapshot) }).result;
  }

  step(step: Extract<RunOptions['work'], { kind: 'step' }>['step'], target?: string): Promise<RunResult> {
    return this.start({ kind: 'step', step, target }).result;
  }

  states(result: RunResult): readonly string[] {
    return result.steps.map((step) => `${step.id}${step.target === undefined ? '' : ` ${step.target}`}: ${step.state}`);
  }
}
