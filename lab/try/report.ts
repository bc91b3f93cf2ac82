import type { FindingId, PlanId, StepId, StepState } from '../../src/connect/ids.ts';
import type { TryAuth, TryTransport } from './options.ts';

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
