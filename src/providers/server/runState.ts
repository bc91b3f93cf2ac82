import type { StepId, StepState } from '../../connect/ids.ts';
import type { Plan } from '../../connect/plan.ts';
import type { RunEvent, RunResult } from '../../connect/run-events.ts';

/** One step of a run as the tree shows it. */
export interface RunStep {
  readonly step: StepId;
  readonly target: string | undefined;
  readonly title: string;
  readonly state: StepState;
  readonly detail: string;
  readonly seconds: number;
}

/** A run as it stands: what its events add up to. */
export interface RunState {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly RunStep[];
  readonly progress: { readonly text: string; readonly percent: number | undefined; readonly cancellable: boolean } | undefined;
  readonly result: RunResult | undefined;
}

/** A run that has not said anything yet. */
export function newRun(id: string, title: string): RunState {
  return { id, title, steps: [], progress: undefined, result: undefined };
}

/** The run after one more event. */
export function reduceRun(run: RunState, event: RunEvent): RunState {
  switch (event.kind) {
    case 'started': return event.plan === undefined ? run : withPlan(run, event.plan);
    case 'plan': return withPlan(run, event.plan);
    case 'step': return { ...run, progress: undefined, steps: withStep(run.steps, event.index, event) };
    case 'progress': return { ...run, progress: { text: event.text, percent: event.percent, cancellable: event.cancellable } };
    case 'ended': return { ...run, progress: undefined, result: event.result };
    case 'line': case 'record': case 'diagnosed': return run;
  }
}

/** Steps keep what happened to them when the plan is drawn up anew. */
function withPlan(run: RunState, plan: Plan): RunState {
  const known = [...run.steps];
  const steps = plan.steps.map((planned): RunStep => {
    // The same step may stand in a plan more than once: each of them takes over what happened to one.
    const at = known.findIndex((step) => step.step === planned.step && step.target === planned.target);
    const [step] = at < 0 ? [] : known.splice(at, 1);
    return step ?? { step: planned.step, target: planned.target, title: planned.title, state: 'pending', detail: planned.note ?? '', seconds: 0 };
  });
  return { ...run, title: plan.title, steps };
}

function withStep(steps: readonly RunStep[], index: number, event: RunEvent & { kind: 'step' }): readonly RunStep[] {
  const next = [...steps];
  next[Math.min(index, next.length)] = {
    step: event.step, target: event.target, title: event.title, state: event.state, detail: event.detail, seconds: event.seconds,
  };
  return next;
}

/** What tells two steps of one plan apart. */
export function stepKey(step: StepId, target: string | undefined): string {
  return target === undefined ? step : `${step}:${target}`;
}
