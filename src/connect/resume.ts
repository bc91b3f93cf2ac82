import { abandonment, startedSince } from './abandonment.ts';
import { keyCreated, keyRecreatedEvents } from './events.ts';
import { valueOf } from './fact.ts';
import type { Finding } from './finding.ts';
import type { FindingId } from './ids.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { planDefinitions } from './plan-definitions.ts';
import { planFor } from './plans.ts';
import { remainingSteps, type RecordedStep, type RunRecord } from './run-record.ts';
import type { Snapshot } from './snapshot.ts';
import { stepById } from './steps/registry.ts';

/** How an interrupted run goes on: with these steps, or not at all. */
export type Resumption =
  | { readonly kind: 'steps'; readonly plan: Plan | undefined; readonly steps: readonly PlannedStep[]; readonly why: string; /** The run had stopped the service in order: it is started first. */ readonly stopped?: true }
  | { readonly kind: 'refuse'; readonly finding: FindingId; readonly reason: string; /** What is put back all the same: what stands in the way may stay there for long. */ readonly owed?: RecordedStep };

/** Steps that put a server back in order and change nothing that is in order. */
const closing: readonly string[] = ['verify', 'restore-scheduler'];
/** Steps after which the service stands still if they are cut in two. */
const stopping: readonly string[] = ['restart-service', 'stop-service', 'abandon-key'];

/**
 * Decides how an interrupted run goes on. The server's state decides, not what the run had in mind: where the findings call for a
 * plan, that plan is run from its start (its steps skip what is done); where they call for none, what is left of the run is done.
 * Answers that a person gave to the interrupted run do not count any more: whoever goes on is asked again.
 */
export function resumption(record: RunRecord, findings: readonly Finding[], snapshot: Snapshot): Resumption {
  const remaining = remainingSteps(record);
  const [interrupted] = remaining;
  if (record.plan === undefined && interrupted?.step === 'restart-service' && leftStopped(record, snapshot)) return { kind: 'steps', plan: undefined, steps: started(remaining), why: 'The restart was interrupted while the service was stopped in order; it is started.', stopped: true };
  if (record.plan === undefined) return { kind: 'steps', plan: undefined, steps: remaining.map((step) => planned(step)), why: 'The step was interrupted; what it finds on the server decides what is still to be done.' };
  const rest = (steps: readonly PlannedStep[], why: string): Resumption & { readonly kind: 'steps' } => {
    const all = putBack(pausedAgain(record, steps));
    return { kind: 'steps', plan: planOf(record, all, findings), steps: all, why };
  };

  // Its own mark on the server tells more than any finding: it is waited for, taken as done, or a person decides.
  if (remaining.find(({ step }) => step !== 'pause-scheduler')?.step === 'abandon-key' && !markedSince(record, snapshot) && (hasMarker(snapshot, 'Abandon') || abandonment(snapshot).state === 'claimed')) {
    return rest(remaining.map((step) => planned(step)), 'The run was interrupted while the key was being abandoned; what became of that is found out first.');
  }
  const called = planFor(findings, snapshot);
  const next = called === undefined || belongsBeside(record, called, snapshot) ? undefined : called;
  if (next !== undefined && next.refused === undefined) {
    const tail = remaining.filter((step) => closing.includes(step.step) && !next.steps.some((other) => other.step === step.step)).map((step) => planned(step));
    const steps = putBack([...next.steps, ...tail]);
    return { kind: 'steps', plan: { ...next, steps }, steps, why: next.id === record.plan ? 'The diagnosis still calls for this plan; what is done already is skipped.' : `The diagnosis calls for another plan now: ${next.title}.` };
  }
  const running = valueOf(snapshot.service.state) === 'Running';
  if (!running && interrupted !== undefined && leftStopped(record, snapshot)) {
    return { ...rest(started(isRenewed(record, snapshot) ? remaining.filter(({ step }) => step !== 'abandon-key') : remaining), 'The run was interrupted while the service was stopped in order; it is started first.'), stopped: true };
  }
  if (next?.refused !== undefined) {
    const owed = running ? remaining.find(({ step }) => step === 'restore-scheduler') : undefined;
    return { kind: 'refuse', finding: next.refused.finding, reason: next.refused.reason, ...(owed === undefined ? {} : { owed }) };
  }
  return rest(left(record, remaining, snapshot), 'Nothing calls for a repair any more; what is left of the run is done.');
}

/** What is left when the findings call for nothing: never again what destroys or replaces something without need. */
function left(record: RunRecord, remaining: readonly RecordedStep[], snapshot: Snapshot): readonly PlannedStep[] {
  // A service that ran all the while proves nothing of the password that it would be started with.
  const proven = valueOf(snapshot.service.state) === 'Running' && startedSince(snapshot, record.started);
  const kept = remaining.filter((step) => {
    if (step.step === 'abandon-key' && isRenewed(record, snapshot)) return false;
    if (record.plan === 'full-abandonment' && !record.abandoned) return closing.includes(step.step);
    return !(proven && record.plan === 'service-password' && step.step === 'set-service-password');
  });
  return kept.map((step) => planned(step));
}

/** The key that the run was about is not the one any more. */
function isRenewed(record: RunRecord, snapshot: Snapshot): boolean {
  return record.abandoned || record.abandonedSince || newKey(snapshot, record.started) || markedSince(record, snapshot);
}

/** Whether the service says that it made a new key since. That somebody began to abandon one (MIISKMU 1) is not enough. */
function newKey(snapshot: Snapshot, time: string): boolean {
  return snapshot.events.records.some((event) => event.provider === 'ADSync' && (event.id === keyCreated || keyRecreatedEvents.includes(event.id)) && Date.parse(event.time) > Date.parse(time));
}

/** Whether another run's mark says that it abandoned the key after this run had begun. */
function markedSince(record: RunRecord, snapshot: Snapshot): boolean {
  const mark = abandonment(snapshot);
  return mark.state === 'done' && !isOwnMark(record, snapshot) && Date.parse(mark.at) > Date.parse(record.started);
}

function isOwnMark(record: RunRecord, snapshot: Snapshot): boolean {
  return (valueOf(snapshot.markers) ?? []).find(({ path }) => path === 'Abandon')?.values.get('Run')?.toLowerCase() === record.id;
}

/** A planned change goes on beside a fault of one connector, which was there before it and has a plan of its own. */
function belongsBeside(record: RunRecord, next: Plan, snapshot: Snapshot): boolean {
  return record.plan === 'planned-change' && valueOf(snapshot.service.state) === 'Running' && (next.id === 'connector-password' || next.id === 'entra-reinitialize');
}

/** What a plan does with the scheduler paused, it does so after an interruption too: others may have put it back. Where it still is, the step is skipped. */
function pausedAgain(record: RunRecord, steps: readonly PlannedStep[]): readonly PlannedStep[] {
  if (record.plan === undefined || !planDefinitions[record.plan].slots.some(({ step }) => step === 'pause-scheduler')) return steps;
  const first = steps.findIndex(({ step }) => step !== 'start-service' && !closing.includes(step));
  if (first < 0 || steps.slice(0, first + 1).some(({ step }) => step === 'pause-scheduler')) return steps;
  return [...steps.slice(0, first), { step: 'pause-scheduler', target: undefined, title: stepById('pause-scheduler').title, note: undefined }, ...steps.slice(first)];
}

/** Whatever pauses the scheduler puts it back, also where an interrupted run had put it back before it was gone on with. */
export function putBack(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  const pause = steps.findLastIndex((step) => step.step === 'pause-scheduler');
  if (pause < 0 || steps.slice(pause).some((step) => step.step === 'restore-scheduler')) return steps;
  return [...steps, { step: 'restore-scheduler', target: undefined, title: stepById('restore-scheduler').title, note: undefined, always: true }];
}

/** The service stands still in order, and this run is what stopped it or was about to start it. */
function leftStopped(record: RunRecord, snapshot: Snapshot): boolean {
  if (valueOf(snapshot.service.state) !== 'Stopped' || valueOf(snapshot.service.exitCode) !== 0) return false;
  // Putting back what an interrupted run had changed comes last whatever was interrupted.
  const begun = record.steps.filter((step) => step.state !== 'pending' && !step.always);
  const last = begun.at(-1)?.step ?? '';
  if (record.resumed === 'stopped' && remainingSteps(record)[0]?.step === 'start-service') return true;
  return stopping.includes(last) || last === 'start-service' || begun.some((step) => step.step === 'stop-service' && step.state === 'done');
}

/** The remaining steps with a start before whatever needs the running service. */
function started(remaining: readonly RecordedStep[]): readonly PlannedStep[] {
  const steps = remaining.map((step) => planned(step));
  const [first] = steps;
  if (first?.step === 'start-service') return steps;
  const start: PlannedStep = { step: 'start-service', target: undefined, title: stepById('start-service').title, note: 'The run was interrupted while the service was stopped.' };
  return [start, ...steps.filter((step, index) => index > 0 || !['restart-service', 'stop-service'].includes(step.step))];
}

function planOf(record: RunRecord, steps: readonly PlannedStep[], findings: readonly Finding[]): Plan | undefined {
  if (record.plan === undefined) return undefined;
  return { id: record.plan, title: record.title === '' ? record.plan : record.title, findings: findings.map((finding) => finding.id), why: 'An interrupted run goes on.', steps, instructions: [], refused: undefined };
}

/** A step of a record as one of a plan. */
export function planned(step: RecordedStep): PlannedStep {
  const { title } = stepById(step.step);
  return {
    step: step.step, target: step.target, title: step.target === undefined ? title : `${title}: ${step.target}`, note: undefined,
    ...(step.purpose === undefined ? {} : { purpose: step.purpose }), ...(step.always ? { always: true as const } : {}),
  };
}

function hasMarker(snapshot: Snapshot, path: string): boolean {
  return (valueOf(snapshot.markers) ?? []).some((marker) => marker.path === path && (marker.values.get('Intent') ?? '') !== '');
}
