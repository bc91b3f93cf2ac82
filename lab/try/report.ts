import type { FindingId, PlanId, StepId, StepState } from '../../src/connect/ids.ts';
import type { TryAuth, TryTransport } from './options.ts';
import type { RoundsResult } from './rounds.ts';

/** The one line of JSON that `try --json` prints. Findings and plans are ids, in the order in which they were found and run. */
export interface TryReport {
  readonly scenario: string;
  readonly transport: TryTransport;
  readonly auth: TryAuth;
  readonly before: readonly FindingId[];
  readonly plans: readonly PlanId[];
  readonly steps: readonly { readonly plan: PlanId | null; readonly id: StepId; readonly target?: string; readonly state: StepState; readonly seconds: number }[];
  readonly after: readonly FindingId[];
  /** Read from the simulated server's own state. */
  readonly healthy: boolean;
  readonly refused: { readonly finding: FindingId; readonly reason: string } | null;
  readonly seconds: number;
}

/** One line of JSON of what a try came to. */
export function toReport(scenario: string, options: Pick<TryReport, 'transport' | 'auth'>, done: RoundsResult, healthy: boolean, seconds: number): TryReport {
  const hundredths = (value: number): number => Math.round(value * 100) / 100;
  return {
    scenario,
    transport: options.transport,
    auth: options.auth,
    before: done.before,
    plans: done.plans,
    steps: done.steps.map((step) => ({
      plan: step.plan ?? null,
      id: step.id,
      ...(step.target !== undefined && { target: step.target }),
      state: step.state,
      seconds: hundredths(step.seconds),
    })),
    after: done.after,
    healthy,
    refused: done.refused,
    seconds: hundredths(seconds),
  };
}
