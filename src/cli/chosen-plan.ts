import type { Finding } from '../connect/finding.ts';
import type { PlanId } from '../connect/ids.ts';
import type { Plan } from '../connect/plan.ts';
import { planById, plansFor } from '../connect/plans.ts';
import type { Snapshot } from '../connect/snapshot.ts';
import { stepById } from '../connect/steps/registry.ts';
import { wholeNumber } from './arguments.ts';

/** The plans that are meant: the one that was named, else those that the findings call for, the most urgent first. */
export function chosenPlans(named: PlanId | undefined, connector: string | undefined, findings: readonly Finding[], snapshot: Snapshot): readonly Plan[] {
  if (named === undefined) return plansFor(findings, snapshot);
  return [planById(named, findings, snapshot, connector)];
}

/** Whether a plan holds a step that can never be undone. */
export function isIrreversible(plan: Plan): boolean {
  return plan.steps.some(({ step }) => stepById(step).danger === 'irreversible');
}

/** Minutes from an option, as milliseconds. */
export function minutes(command: string, option: string, text: string | undefined, usual: number, least: number, most: number): number {
  return wholeNumber(command, option, text, usual, least, most) * 60_000;
}
