import { valueOf } from './fact.ts';
import type { Finding } from './finding.ts';
import { refusals } from './gates.ts';
import type { FindingId, PlanId } from './ids.ts';
import { instructionsFor } from './instructions.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { planDefinitions, putBack, type PlanDefinition, type Slot } from './plan-definitions.ts';
import type { Connector, Snapshot } from './snapshot.ts';
import { stepById } from './steps/registry.ts';

/** The plan of the most urgent finding that calls for one; undefined where nothing is to be done. */
export function planFor(findings: readonly Finding[], snapshot: Snapshot): Plan | undefined {
  return plansFor(findings, snapshot)[0];
}

/** Every plan that the findings call for, the most urgent first; one that a gate forbids says so. */
export function plansFor(findings: readonly Finding[], snapshot: Snapshot): readonly Plan[] {
  const wanted = new Set<PlanId>();
  for (const finding of findings) {
    if (finding.plan === undefined) continue;
    wanted.add(finding.plan);
  }
  return [...wanted].map((id) => planById(id, findings, snapshot));
}

/**
 * A plan asked for by name; `target` is the connector of a plan that is about one. Without it the plan is about every connector
 * that a finding names: their passwords are entered one after another, with one restart.
 */
export function planById(id: PlanId, findings: readonly Finding[], snapshot: Snapshot, target?: string): Plan {
  const definition = planDefinitions[id];
  const about = target === undefined ? targetsOf(id, findings, snapshot) : [target];
  return {
    id,
    title: definition.title,
    findings: [...new Set(findings.filter((finding) => finding.plan === id).map((finding) => finding.id))],
    why: definition.why,
    steps: slotsOf(definition, snapshot).flatMap((slot) => planned(slot, valueOf(snapshot.connectors), about)),
    instructions: instructionsFor(id, findings, snapshot),
    refused: refusedPlan(id, definition, findings, snapshot, about),
  };
}

/** A plan that pauses nothing itself still puts back what an earlier one left off. */
function slotsOf({ slots }: PlanDefinition, snapshot: Snapshot): readonly Slot[] {
  const paused = (valueOf(snapshot.markers)?.find((marker) => marker.path === '')?.values.get('SchedulerBefore') ?? '') !== '';
  if (!paused || slots.length === 0 || slots.some(({ step }) => step === 'restore-scheduler')) return slots;
  return [...slots, { ...putBack, note: 'An earlier run paused it and did not put it back.' }];
}

/** The same plan with one step for every connector, once the connectors are known. */
export function expandConnectors(plan: Plan, connectors: readonly Connector[]): Plan {
  const slots = planDefinitions[plan.id].slots;
  if (!slots.some((slot) => slot.per === 'each')) return plan;
  const first = plan.steps.findIndex((step) => step.step === 'enter-connector-password');
  if (first < 0) return plan;
  const others = plan.steps.filter((step) => step.step !== 'enter-connector-password');
  const each = planned({ step: 'enter-connector-password', per: 'each' }, connectors, []);
  return { ...plan, steps: [...others.slice(0, first), ...each, ...others.slice(first)] };
}

function targetsOf(id: PlanId, findings: readonly Finding[], snapshot: Snapshot): readonly string[] {
  const named = findings.flatMap((finding) => (finding.plan === id && finding.target !== undefined ? [finding.target] : []));
  if (named.length > 0) return named;
  const possible = (valueOf(snapshot.connectors) ?? []).filter((connector) => connector.type !== 'Entra');
  return possible.length === 1 ? possible.map((connector) => connector.name) : [];
}

function refusedPlan(id: PlanId, definition: PlanDefinition, findings: readonly Finding[], snapshot: Snapshot, about: readonly string[]): Plan['refused'] {
  const first = findings[0]?.id ?? 'cannot-tell';
  if (definition.slots.some((slot) => slot.per === 'target') && about.length === 0) {
    return { finding: first, reason: 'No connector was named, and no finding says which one it is. Name the connector whose password is to be entered.' };
  }
  for (const step of definition.decidedBy) {
    for (const refusal of refusals({ step, plan: id, snapshot, findings, confirmed: undefined })) {
      // The plan's own first steps bring these about; the gates are asked again when the step's turn comes.
      if (refusal.overridable || refusal.gate === 'synchronization-running' || (refusal.gate === 'programs' && valueOf(snapshot.programs.wizardOpen) !== true) || (refusal.gate === 'remote-database' && valueOf(snapshot.database.server)?.toLowerCase() === '(localdb)')) continue;
      return { finding: refusal.finding, reason: refusal.reason };
    }
  }
  if (definition.slots.length === 0) {
    const finding: FindingId = findings.find((candidate) => candidate.plan === id)?.id ?? 'cannot-tell';
    return { finding, reason: findings.find((candidate) => candidate.id === finding)?.advice ?? definition.why };
  }
  return undefined;
}

function planned(slot: Slot, connectors: readonly Connector[] | undefined, about: readonly string[]): readonly PlannedStep[] {
  const title = stepById(slot.step).title;
  const base = { step: slot.step, note: slot.note, ...(slot.purpose === undefined ? {} : { purpose: slot.purpose }), ...(slot.always === undefined ? {} : { always: slot.always }) };
  if (slot.per === undefined) return [{ ...base, target: undefined, title }];
  if (slot.per === 'target') return about.map((target) => ({ ...base, target, title: `${title}: ${target}` }));
  const mine = connectors?.filter((connector) => connector.type !== 'Entra');
  if (mine === undefined) return [{ ...base, target: undefined, title: `${title}: every AD DS Connector account`, note: 'The connectors become known once the service runs.' }];
  return mine.map((connector) => ({ ...base, target: connector.name, title: `${title}: ${connector.name}` }));
}
