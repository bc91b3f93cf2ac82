import { valueOf } from './fact.ts';
import type { Finding } from './finding.ts';
import type { FindingId } from './ids.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { planFor } from './plans.ts';
import type { Snapshot } from './snapshot.ts';

/** What a new diagnosis in the middle of a plan means for its remaining steps. */
export type Replanned =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'change'; readonly plan: Plan; readonly why: string }
  | { readonly kind: 'refuse'; readonly finding: FindingId; readonly reason: string };

/**
 * Decides after a start attempt. A plan that the findings still call for goes on; the abandonment goes on only while the key is
 * still found lost, and is left as soon as anything else is found.
 */
export function replan(plan: Plan, start: PlannedStep, findings: readonly Finding[], snapshot: Snapshot): Replanned {
  if (start.purpose === 'after-abandon' || (plan.id !== 'full-abandonment' && plan.id !== 'service-password')) return { kind: 'go-on' };
  const next = planFor(findings, snapshot);
  const running = valueOf(snapshot.service.state) === 'Running';
  if (next?.id === plan.id && next.refused === undefined) return { kind: 'go-on' };
  if (plan.id === 'service-password' && next === undefined && running) return { kind: 'go-on' };
  if (next !== undefined && next.refused === undefined) return { kind: 'change', plan: next, why: `The diagnosis after the start calls for another plan: ${next.title}.` };
  if (next?.refused !== undefined) return { kind: 'refuse', finding: next.refused.finding, reason: next.refused.reason };
  if (!running) return { kind: 'refuse', finding: findings[0]?.id ?? 'cannot-tell', reason: findings[0]?.advice ?? 'The service does not run, and no finding says why.' };
  const verify = plan.steps.filter((step) => step.step === 'verify' || step.step === 'restore-scheduler');
  return { kind: 'change', plan: { ...plan, steps: verify }, why: 'The service runs and reads its key: nothing has to be abandoned.' };
}
