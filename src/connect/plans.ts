import { valueOf } from './fact.ts';
import type { Finding } from './finding.ts';
import { refusals } from './gates.ts';
import type { FindingId, PlanId, StepId } from './ids.ts';
import type { Plan, PlannedStep, StepPurpose } from './plan.ts';
import type { Connector, Snapshot } from './snapshot.ts';
import { stepById } from './steps/registry.ts';

/** One step of a plan's definition. */
interface Slot {
  readonly step: StepId;
  readonly note?: string;
  readonly purpose?: StepPurpose;
  /** `each`: once for every connector whose password is a person's to enter. `target`: for the finding's connector. */
  readonly per?: 'each' | 'target';
}

interface Definition {
  readonly title: string;
  readonly why: string;
  /** Steps whose gates decide, before anything, whether the plan can run at all. */
  readonly decidedBy: readonly StepId[];
  /** Why nobody can run it yet: a plan that destroys without need is not offered before its own safeguards exist. */
  readonly withheld?: string;
  readonly slots: readonly Slot[];
}

const credentials: readonly Slot[] = [
  { step: 'enter-connector-password', per: 'each' },
  { step: 'reinitialize-entra-account' },
  { step: 'restart-service', note: 'The service keeps old passwords in memory until it is restarted.' },
  { step: 'verify' },
  { step: 'restore-scheduler' },
];

const definitions: Readonly<Record<PlanId, Definition>> = {
  'service-password': {
    title: 'Give Service Control Manager the new password and start the service',
    why: 'Service Control Manager still has the old password of the service account. Most cases end with this.',
    decidedBy: ['set-service-password'],
    slots: [{ step: 'set-service-password' }, { step: 'start-service', note: 'One attempt. The server is diagnosed again afterwards.' }, { step: 'verify' }],
  },
  'full-abandonment': {
    title: 'Abandon the lost encryption key and enter every secret again',
    why: 'The encryption key cannot be read any more, so nothing that it protects can be.',
    decidedBy: ['abandon-key'],
    slots: [
      { step: 'start-service', purpose: 'retry', note: 'One more attempt: it brings the database up, and a key that can be read again ends the plan here.' },
      { step: 'back-up-configuration', note: 'Skipped where the service cannot run.' },
      { step: 'pause-scheduler', note: 'Done after the key was abandoned where the service cannot run now.' },
      { step: 'back-up-database' },
      { step: 'abandon-key', note: 'The one step that cannot be undone.' },
      { step: 'start-service', purpose: 'after-abandon', note: 'The service makes a new key.' },
      { step: 'pause-scheduler', note: 'Skipped where it is paused already.' },
      ...credentials,
    ],
  },
  'credentials-only': {
    title: 'Enter every secret again; the key has been made anew',
    why: 'The service has a new encryption key, and what was stored with the old one has to be entered again. Nothing is abandoned.',
    decidedBy: [],
    slots: [
      { step: 'start-service', note: 'Skipped where it runs.', purpose: 'after-abandon' },
      { step: 'pause-scheduler' },
      ...credentials,
    ],
  },
  'connector-password': {
    title: 'Enter the password of one AD DS Connector account',
    why: 'The stored password of this connector is not the account\'s any more.',
    decidedBy: [],
    slots: [{ step: 'enter-connector-password', per: 'target' }, { step: 'restart-service', note: 'The service keeps old passwords in memory until it is restarted.' }, { step: 'verify' }],
  },
  'entra-reinitialize': {
    title: 'Set the password of the Entra Connector account anew',
    why: 'The Entra Connector account cannot sign in to the tenant.',
    decidedBy: ['reinitialize-entra-account'],
    slots: [{ step: 'reinitialize-entra-account' }, { step: 'restart-service' }, { step: 'verify' }],
  },
  'entra-application': {
    title: 'Repair the application that signs in to Entra',
    why: 'This server signs in as an application: its certificate is renewed in the wizard (Rotate application certificate), never by resetting a password.',
    decidedBy: [],
    slots: [],
  },
  'planned-change': {
    title: 'Change the password of the service account as planned',
    why: 'A planned change: what is there is saved first, and each stage is checked.',
    decidedBy: ['set-service-password'],
    slots: [
      { step: 'back-up-configuration' }, { step: 'pause-scheduler' }, { step: 'back-up-database' },
      { step: 'set-service-password', note: 'Change the password on the account first: as a change with the old password, never as a reset.' },
      { step: 'restart-service' }, { step: 'verify' }, { step: 'restore-scheduler' },
    ],
  },
  'abandon-any-reason': {
    title: 'Abandon the encryption key although nothing is broken',
    why: 'For instance after the key was compromised. Promoting a staging server first keeps synchronization alive.',
    decidedBy: ['abandon-key'],
    withheld: 'This version does not abandon a key that can be read: that has to ask for a written reason and to offer the staging server first, and it does neither yet.',
    slots: [
      { step: 'back-up-configuration' }, { step: 'pause-scheduler' }, { step: 'back-up-database' }, { step: 'abandon-key' },
      { step: 'start-service', purpose: 'after-abandon' }, ...credentials,
    ],
  },
  'manual': {
    title: 'Work that is done outside of this product',
    why: 'The finding says what a person has to do. Start the service afterwards and diagnose again.',
    decidedBy: [],
    slots: [],
  },
};

/** The plan of the most urgent finding that calls for one; undefined where nothing is to be done. */
export function planFor(findings: readonly Finding[], snapshot: Snapshot): Plan | undefined {
  return plansFor(findings, snapshot)[0];
}

/** Every plan that the findings call for, the most urgent first; one that a gate forbids says so. */
export function plansFor(findings: readonly Finding[], snapshot: Snapshot): readonly Plan[] {
  const wanted = new Map<string, { id: PlanId; target: string | undefined }>();
  for (const finding of findings) {
    if (finding.plan === undefined) continue;
    const target = finding.plan === 'connector-password' ? finding.target : undefined;
    const key = `${finding.plan} ${target ?? ''}`;
    if (!wanted.has(key)) wanted.set(key, { id: finding.plan, target });
  }
  return [...wanted.values()].map(({ id, target }) => planById(id, findings, snapshot, target));
}

/** A plan asked for by name; `target` is the connector of a plan that is about one. */
export function planById(id: PlanId, findings: readonly Finding[], snapshot: Snapshot, target?: string): Plan {
  const definition = definitions[id];
  const about = target ?? findings.find((finding) => finding.plan === id && finding.target !== undefined)?.target;
  return {
    id,
    title: definition.title,
    findings: [...new Set(findings.filter((finding) => finding.plan === id).map((finding) => finding.id))],
    why: definition.why,
    steps: definition.slots.flatMap((slot) => planned(slot, valueOf(snapshot.connectors), about)),
    refused: refusedPlan(id, definition, findings, snapshot),
  };
}

/** The same plan with one step for every connector, once the connectors are known. */
export function expandConnectors(plan: Plan, connectors: readonly Connector[]): Plan {
  const slots = definitions[plan.id].slots;
  if (!slots.some((slot) => slot.per === 'each')) return plan;
  const first = plan.steps.findIndex((step) => step.step === 'enter-connector-password');
  if (first < 0) return plan;
  const others = plan.steps.filter((step) => step.step !== 'enter-connector-password');
  const each = planned({ step: 'enter-connector-password', per: 'each' }, connectors, undefined);
  return { ...plan, steps: [...others.slice(0, first), ...each, ...others.slice(first)] };
}

function refusedPlan(id: PlanId, definition: Definition, findings: readonly Finding[], snapshot: Snapshot): Plan['refused'] {
  if (definition.withheld !== undefined) return { finding: findings[0]?.id ?? 'cannot-tell', reason: definition.withheld };
  for (const step of definition.decidedBy) {
    for (const refusal of refusals({ step, plan: id, snapshot, findings, confirmed: undefined })) {
      // The plan's own first steps bring these about; the gates are asked again when the step's turn comes.
      if (refusal.gate === 'synchronization-running' || refusal.gate === 'programs' || (refusal.gate === 'remote-database' && valueOf(snapshot.database.server)?.toLowerCase() === '(localdb)')) continue;
      return { finding: refusal.finding, reason: refusal.reason };
    }
  }
  if (definition.slots.length === 0) {
    const finding: FindingId = findings.find((candidate) => candidate.plan === id)?.id ?? 'cannot-tell';
    return { finding, reason: findings.find((candidate) => candidate.id === finding)?.advice ?? definition.why };
  }
  return undefined;
}

function planned(slot: Slot, connectors: readonly Connector[] | undefined, about: string | undefined): readonly PlannedStep[] {
  const title = stepById(slot.step).title;
  const base = { step: slot.step, note: slot.note, ...(slot.purpose === undefined ? {} : { purpose: slot.purpose }) };
  if (slot.per === undefined) return [{ ...base, target: undefined, title }];
  if (slot.per === 'target') return [{ ...base, target: about, title: about === undefined ? title : `${title}: ${about}` }];
  const mine = connectors?.filter((connector) => connector.type !== 'Entra');
  if (mine === undefined) return [{ ...base, target: undefined, title: `${title}: every AD DS Connector account`, note: 'The connectors become known once the service runs.' }];
  return mine.map((connector) => ({ ...base, target: connector.name, title: `${title}: ${connector.name}` }));
}
