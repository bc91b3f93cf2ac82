import type { FindingId, PlanId, StepId } from './ids.ts';

/** The ordered steps that a finding calls for, shown before anything runs. */
export interface Plan {
  readonly id: PlanId;
  readonly title: string;
  /** The findings it answers. */
  readonly findings: readonly FindingId[];
  readonly why: string;
  readonly steps: readonly PlannedStep[];
  /** What a person does on their own, in order: the whole plan where it has no steps, else what goes before its steps. */
  readonly instructions: readonly string[];
  /** Set when a gate forbids it, or when it is a person's work only: the plan is shown, and why it cannot run. */
  readonly refused: { readonly finding: FindingId; readonly reason: string } | undefined;
}

export interface PlannedStep {
  readonly step: StepId;
  /** The connector it is for, where it has one. */
  readonly target: string | undefined;
  readonly title: string;
  /** Why it is here, or under which condition it will be skipped. */
  readonly note: string | undefined;
  /** What tells two steps of one kind apart in a plan; absent: the step's ordinary form. */
  readonly purpose?: StepPurpose;
  /** It is taken even where an earlier step failed or was declined: it puts back what the plan had changed for its own sake. */
  readonly always?: true;
}

/** `retry`: one start attempt whose failure is an answer, not a fault. `after-abandon`: the start that makes the new keys. */
export type StepPurpose = 'retry' | 'after-abandon';
