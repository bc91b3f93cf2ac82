import { valueOf } from '../connect/fact.ts';
import type { Finding } from '../connect/finding.ts';
import type { Plan } from '../connect/plan.ts';
import type { Snapshot } from '../connect/snapshot.ts';
import { stepById } from '../connect/steps/registry.ts';

/** A finding as JSON shows it: every field is there, null where it has no value. */
export function findingJson(finding: Finding): object {
  const { id, severity, title, detail, evidence, ruledOut, advice } = finding;
  return { id, severity, title, detail, evidence, ruledOut, advice, plan: finding.plan ?? null, target: finding.target ?? null };
}

/** A plan as JSON shows it. */
export function planJson(plan: Plan): object {
  const { id, title, why, findings, instructions } = plan;
  return {
    id, title, why, findings, instructions, refused: plan.refused ?? null,
    steps: plan.steps.map(({ step, target, title: stepTitle, note }) => ({ id: step, target: target ?? null, title: stepTitle, note: note ?? null, danger: stepById(step).danger })),
  };
}

/** What tells a server from every other, as it reports itself; null where it did not say. */
export function identityJson(snapshot: Snapshot): { computerName: string | null; machineId: string | null; build: string | null } {
  return {
    computerName: valueOf(snapshot.server.computerName) ?? null, machineId: valueOf(snapshot.machineId) ?? null, build: valueOf(snapshot.installation.build) ?? null,
  };
}

/** Whether a finding needs somebody to do something. */
export function needsAction(finding: Finding): boolean {
  return finding.severity === 'warning' || finding.severity === 'error';
}
