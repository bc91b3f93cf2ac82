import { valueOf } from './fact.ts';
import { planIds, stepIds, stepStates, type PlanId, type StepId, type StepState } from './ids.ts';
import { isLive, lockWinner, readLock, type LockEntry, type LockReading } from './lock-entry.ts';
import type { PlannedStep, StepPurpose } from './plan.ts';
import type { RunResult } from './run-events.ts';
import type { Snapshot } from './snapshot.ts';

/** One step of a run as the server remembers it. */
export interface RecordedStep {
  readonly step: StepId;
  readonly target: string | undefined;
  readonly purpose: StepPurpose | undefined;
  /** See PlannedStep. */
  readonly always: boolean;
  readonly state: StepState;
}

/** What the server remembers of a run (HKLM:\SOFTWARE\EntraConnectRemediation\Runs\ID): enough to go on from any machine. */
export interface RunRecord {
  readonly id: string;
  readonly title: string;
  /** Undefined: the run was one single step. */
  readonly plan: PlanId | undefined;
  readonly steps: readonly RecordedStep[];
  /** Who began it, or went on with it last: `alice on LAPTOP`. */
  readonly holder: string;
  readonly computerName: string;
  readonly machineId: string;
  /** ISO 8601 in UTC, by the server's clock; of its last sign of life too. */
  readonly started: string;
  readonly updated: string;
  /** `running`: nobody recorded how it ended. */
  readonly state: RunResult['state'] | 'running';
  /**
   * Somebody has gone on with it, and `steps` are what they meant to do: none of it need have been begun, and all the same the run
   * was. `stopped`: they found the service stopped by the run, and meant to start it first.
   */
  readonly resumed: 'no' | 'yes' | 'stopped';
  /** The run has abandoned the key, by these steps or by those of an earlier client. */
  readonly abandoned: boolean;
  /** When it did, by the server's clock; undefined where that is not on record. */
  readonly abandonedAt: string | undefined;
  /** Another run has abandoned the key since this one began: it is not the one any more that this run was about. */
  readonly abandonedSince: boolean;
  /** False: some of its steps could not be read. */
  readonly whole: boolean;
  /** The session that a client left on the server with something running in it; empty: none. */
  readonly session: string;
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const endStates: readonly string[] = ['done', 'failed', 'refused', 'cancelled', 'unknown'] satisfies readonly RunResult['state'][];
/** Longest list of steps that is kept, and longest name of a connector. */
const mostSteps = 99;
const longestTarget = 200;

/** Every run that the server remembers, the newest first. What makes no sense was half-written or planted, and is left out. */
export function runRecords(snapshot: Snapshot): readonly RunRecord[] {
  const records = (valueOf(snapshot.markers) ?? []).flatMap((marker): RunRecord[] => {
    const id = /^Runs\\(.{36})$/.exec(marker.path)?.[1]?.toLowerCase();
    if (id === undefined || !guid.test(id)) return [];
    const text = (name: string): string => marker.values.get(name) ?? '';
    const started = text('Started');
    if (!isTime(started)) return [];
    const plan = planIds.find((known) => known === text('Plan'));
    const state = text('State');
    const steps: RecordedStep[] = [];
    for (let index = 0; index < Math.min(mostSteps, Number(text('Steps')) || 0); index++) {
      const step = parseStep(text(stepName(index)));
      if (step !== undefined) steps.push(step);
    }
    return [{
      id, plan, steps, started, title: text('Title').slice(0, 200), holder: text('Holder').slice(0, 200), computerName: text('ComputerName'), machineId: text('MachineId'),
      updated: isTime(text('Updated')) ? text('Updated') : started,
      state: endStates.includes(state) ? (state as RunResult['state']) : 'running', resumed: (['yes', 'stopped'] as const).find((one) => one === text('Resumed')) ?? 'no', abandoned: text('Abandoned') !== '' || steps.some((step) => step.step === 'abandon-key' && (step.state === 'done' || step.state === 'skipped')), abandonedSince: false, abandonedAt: isTime(text('Abandoned')) ? text('Abandoned') : undefined, whole: steps.length === (Number(text('Steps')) || 0),
      session: guid.test(text('Session').toLowerCase()) ? text('Session') : '',
    }];
  });
  records.sort((a, b) => Date.parse(b.started) - Date.parse(a.started));
  const since = (other: RunRecord, record: RunRecord): boolean => other.id !== record.id && other.abandoned && Date.parse(other.abandonedAt ?? other.started) > Date.parse(record.started);
  return records.map((record) => records.some((other) => since(other, record)) ? { ...record, abandonedSince: true } : record);
}

/** Whether a run was at work after another one: one that was begun earlier may have been gone on with later. */
function isLater(run: RunRecord, other: RunRecord): boolean {
  return run.id !== other.id && Date.parse(run.updated) > Date.parse(other.updated);
}

/** The plan that settles a run: brought to its end after it; undefined: none. */
export function settledBy(record: RunRecord, records: readonly RunRecord[]): RunRecord | undefined {
  return records.find((other) => other.state === 'done' && other.plan !== undefined && isLater(other, record));
}

/** Date.parse alone takes any text in brackets for a remark. */
function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)$/.test(text) && Number.isFinite(Date.parse(text));
}

/** A run that nobody went on with for so long is history, in milliseconds. */
const longestBreak = 30 * 24 * 3_600_000;

/**
 * The newest run that did not come to its end: it was interrupted, or it ended otherwise after it had begun a step. A plan that was
 * done later settles it; a run in which nothing was begun, and a single step that was done, say nothing about it.
 */
export function unfinishedRun(snapshot: Snapshot): RunRecord | undefined {
  const now = Date.parse(valueOf(snapshot.server.clock) ?? '');
  for (const record of runRecords(snapshot).toSorted((a, b) => Date.parse(b.updated) - Date.parse(a.updated))) {
    const begun = record.resumed !== 'no' || record.steps.some((step) => step.state !== 'pending');
    if (record.plan !== undefined && (record.state === 'done' || (begun && remainingSteps(record).length === 0))) return undefined;
    if (record.state === 'done' || !begun || remainingSteps(record).length === 0) continue;
    return now - Date.parse(record.updated) > longestBreak ? undefined : record;
  }
  return undefined;
}

/** Steps of a run that are still to be done, the interrupted one first. */
export function remainingSteps(record: RunRecord): readonly RecordedStep[] {
  const first = record.steps.findIndex((step) => step.state !== 'done' && step.state !== 'skipped');
  return first < 0 ? [] : record.steps.slice(first).filter((step) => step.state !== 'done' && step.state !== 'skipped');
}

/** Who holds the server's lock by a snapshot: undefined where nobody alive does. */
export function lockHolder(snapshot: Snapshot): { readonly entry: LockEntry; readonly reading: LockReading } | undefined {
  const now = valueOf(snapshot.server.clock);
  const boot = valueOf(snapshot.server.bootTime);
  if (now === undefined || boot === undefined) return undefined;
  const reading = readLock((valueOf(snapshot.markers) ?? []).flatMap((marker) => {
    const id = /^Lock\\(.{36})$/.exec(marker.path)?.[1];
    if (id === undefined) return [];
    const text = (name: string): string => marker.values.get(name) ?? '';
    return [{
      id, now, serverBootTime: boot, who: text('Who'), host: text('Host'), run: text('Run'), state: text('State'), created: text('Created'), heartbeat: text('Heartbeat'),
      leaseSeconds: text('LeaseSeconds'), bootTime: text('BootTime'), takenBy: text('TakenBy'),
    }];
  }));
  const entry = lockWinner(reading);
  return entry?.held === true && isLive(entry, reading) ? { entry, reading } : undefined;
}

/** The values that describe a run's steps in its record; those of the one at `only`, where that is given. */
export function stepValues(steps: readonly PlannedStep[], states: (index: number) => StepState, only?: number): Readonly<Record<string, string>> {
  const kept = steps.slice(0, mostSteps);
  const values = kept.map((step, index) => [stepName(index), stepValue(step, states(index))]);
  return only === undefined ? { ...(Object.fromEntries(values) as Record<string, string>), Steps: String(kept.length) } : (Object.fromEntries(values.slice(only, only + 1)) as Record<string, string>);
}

/** The value of one step: its state, id, purpose, whether it is always taken, and its connector. */
function stepValue(step: PlannedStep, state: StepState): string {
  return [state, step.step, step.purpose ?? '', step.always === true ? 'always' : '', (step.target ?? '').slice(0, longestTarget)].join('|');
}

/** The name of one step's value. */
function stepName(index: number): string {
  return `Step ${String(index + 1).padStart(2, '0')}`;
}

function parseStep(text: string): RecordedStep | undefined {
  const [state, id, purpose, always, ...target] = text.split('|');
  const step = stepIds.find((known) => known === id);
  const known = stepStates.find((one) => one === state);
  if (step === undefined || known === undefined) return undefined;
  const name = target.join('|');
  return { step, state: known, always: always === 'always', target: name === '' ? undefined : name, purpose: purpose === 'retry' || purpose === 'after-abandon' ? purpose : undefined };
}
