import type { StepId, StepState } from '../../connect/ids.ts';
import type { RunResult } from '../../connect/run-events.ts';

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

/** What tells two steps of one plan apart. */
export function stepKey(step: StepId, target: string | undefined): string {
  return target === undefined ? step : `${step}:${target}`;
}
