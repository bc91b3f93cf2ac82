import type { Plan } from '../../connect/plan.ts';
import type { RunEvent } from '../../connect/run-events.ts';
import type { RunState, RunStep } from './runState.ts';

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
