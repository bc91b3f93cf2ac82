import type { StreamRecord } from '../session.ts';
import type { Finding } from './finding.ts';
import type { FindingId, PlanId, StepId, StepState } from './ids.ts';
import type { Plan } from './plan.ts';
import type { Snapshot } from './snapshot.ts';

/** How a line of a run is meant; the terminal gives it a colour. */
export type Tone = 'heading' | 'text' | 'good' | 'warn' | 'bad' | 'dim';

/** What happens during a run, in order. Times (`at`) are UTC milliseconds of this machine. */
export type RunEvent = { readonly at: number } & (
  | { readonly kind: 'started'; readonly run: string; readonly server: string; readonly plan: Plan | undefined }
  /** The steps changed: a new diagnosis, or the connectors became known. Indexes of later events count in this plan. */
  | { readonly kind: 'plan'; readonly plan: Plan; readonly why: string }
  | {
      readonly kind: 'step';
      readonly index: number;
      readonly step: StepId;
      readonly target: string | undefined;
      readonly title: string;
      readonly state: StepState;
      readonly detail: string;
      readonly seconds: number;
    }
  /** One finished line for a terminal: no control characters, no secrets. */
  | { readonly kind: 'line'; readonly step: StepId | undefined; readonly tone: Tone; readonly text: string }
  /** What the server streamed beside its answers: warnings, errors, progress, host text. Untrusted. */
  | { readonly kind: 'record'; readonly step: StepId | undefined; readonly record: StreamRecord }
  | { readonly kind: 'progress'; readonly step: StepId; readonly text: string; readonly percent: number | undefined; readonly cancellable: boolean }
  | { readonly kind: 'diagnosed'; readonly snapshot: Snapshot; readonly findings: readonly Finding[] }
  | { readonly kind: 'ended'; readonly result: RunResult }
);

/** How one step of a run ended. */
export interface StepResult {
  readonly plan: PlanId | undefined;
  readonly id: StepId;
  readonly target: string | undefined;
  readonly state: StepState;
  readonly seconds: number;
  readonly detail: string;
}

export interface RunResult {
  readonly run: string;
  /** The plan it ended with; re-planning may have changed it. */
  readonly plan: PlanId | undefined;
  readonly state: 'done' | 'failed' | 'refused' | 'cancelled' | 'unknown';
  readonly steps: readonly StepResult[];
  /** Something may not be as it was before the run, also where it was refused in the end. */
  readonly touched: boolean;
  readonly refused: { readonly finding: FindingId; readonly reason: string } | null;
  /** How it ended and what to do next, one or two sentences for a person. */
  readonly message: string;
}
