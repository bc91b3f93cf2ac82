import { valueOf } from './fact.ts';
import type { Finding } from './finding.ts';
import type { FindingId, PlanId } from './ids.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { planFor } from './plans.ts';
import type { Snapshot } from './snapshot.ts';

/** What a new diagnosis in the middle of a plan means for its remaining steps. */
export type Replanned =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'change'; readonly plan: Plan; readonly why: string }
  | { readonly kind: 'refuse'; readonly finding: FindingId; readonly reason: string };

/** Plans whose start is a question: what it shows decides how they go on. */
const asking: ReadonlySet<PlanId> = new Set(['full-abandonment', 'service-password', 'planned-change']);

/**
 * Decides after a start attempt. A plan that the findings still call for goes on; the abandonment goes on only while the key is
 * still found lost, and is left as soon as anything else is found. A planned change goes on while the service runs and nothing is
 * wrong, and turns into the repair that the evidence calls for where something is.
 */
export function replan(plan: Plan, start: PlannedStep, findings: readonly Finding[], snapshot: Snapshot): Replanned {
  if (start.purpose === 'after-abandon') return { kind: 'go-on' };
  const running = valueOf(snapshot.service.state) === 'Running';
  // What speaks against abandoning for a reason of one's own, the gates of that step say.
  if (plan.id === 'abandon-any-reason') return { kind: 'go-on' };
  if (!asking.has(plan.id)) return running ? { kind: 'go-on' } : notStarted(findings);
  const next = planFor(findings, snapshot);
  if (plan.id === 'planned-change' && running && !findings.some((finding) => finding.severity === 'error' || finding.id === 'key-recreated')) return { kind: 'go-on' };
  // Given a password that Windows refuses, a person decides; the same one is not asked for and tried a second time by itself.
  if (plan.id === 'planned-change' && next?.id === 'service-password') return notStarted(findings);
  if (next?.id === plan.id && next.refused === undefined) return { kind: 'go-on' };
  if (plan.id === 'service-password' && next === undefined && running) return { kind: 'go-on' };
  if (next !== undefined && next.refused === undefined) return { kind: 'change', plan: next, why: `The diagnosis after the start calls for another plan: ${next.title}.` };
  if (next?.refused !== undefined) return { kind: 'refuse', finding: next.refused.finding, reason: next.refused.reason };
  if (!running) return notStarted(findings);
  const verify = plan.steps.filter((step) => step.step === 'verify' || step.step === 'restore-scheduler');
  return { kind: 'change', plan: { ...plan, steps: verify }, why: 'The service runs and reads its key: nothing has to be abandoned.' };
}

function notStarted(findings: readonly Finding[]): Replanned {
  const [first] = findings;
  return { kind: 'refuse', finding: first?.id ?? 'cannot-tell', reason: first === undefined ? 'The service does not run, and no finding says why.' : `${first.title}. ${first.advice}` };
}
