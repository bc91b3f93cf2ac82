import * as vscode from 'vscode';
import { findingsSuggestedBy, remediesOf } from '../../connect/event-remedies.ts';
import { meaningOf } from '../../connect/events.ts';
import type { Finding } from '../../connect/finding.ts';
import { refusals } from '../../connect/gates.ts';
import type { FindingId, PlanId, StepId } from '../../connect/ids.ts';
import { planById } from '../../connect/plans.ts';
import { stepById } from '../../connect/steps/registry.ts';
import type { EventRow } from '../../events/event-batch.ts';
import type { PageAction } from '../../events/protocol.ts';
import type { Diagnosis } from '../server/state.ts';
import type { Explanation } from './pageHost.ts';

const { t } = vscode.l10n;

/** What an event means, which findings rest on it, and the plans and steps that go with it, each with what the gates say now. */
export function explainRow(row: EventRow, diagnosis: Diagnosis | undefined): Explanation {
  const meaning = meaningOf(row.provider, row.id);
  const findings = diagnosis?.findings.filter((finding) => restsOn(finding, row)) ?? [];
  const suggested = new Set<FindingId>([...findings.map((finding) => finding.id), ...findingsSuggestedBy(row.provider, row.id)]);
  return {
    ...(meaning === undefined ? {} : { explanation: { meaning: meaning.meaning, implies: meaning.implies } }),
    findings: findings.map((finding) => ({ title: finding.title, advice: finding.advice })),
    actions: diagnosis === undefined ? unknown(suggested) : actions(suggested, diagnosis),
  };
}

/** Whether a finding names this very event as evidence. */
function restsOn(finding: Finding, row: EventRow): boolean {
  return finding.evidence.some((evidence) => evidence.kind === 'event' && evidence.log === row.log && evidence.recordId === row.recordId);
}

/** Nothing is offered on an event alone: what else stands on the server decides. */
function unknown(suggested: ReadonlySet<FindingId>): readonly PageAction[] {
  return suggested.size === 0 ? [] : [{ id: 'diagnose', label: t('Diagnose This Server'), detail: t('Which plan fits is known once the server was diagnosed.'), enabled: true }];
}

function actions(suggested: ReadonlySet<FindingId>, diagnosis: Diagnosis): readonly PageAction[] {
  const { findings, snapshot } = diagnosis;
  const plans = new Set<PlanId>();
  const steps = new Set<StepId>();
  // What the diagnosis calls for comes first.
  for (const id of [...findings.map((finding) => finding.id).filter((one) => suggested.has(one)), ...suggested]) {
    const found = findings.find((finding) => finding.id === id)?.plan;
    const remedies = remediesOf(id);
    const plan = found ?? remedies.plan;
    if (plan !== undefined && plan !== 'manual') plans.add(plan);
    for (const step of remedies.steps) steps.add(step);
  }
  return [
    ...[...plans].map((id): PageAction => {
      const plan = planById(id, findings, snapshot);
      const called = diagnosis.plans.some((one) => one.id === id);
      const refused = plan.refused?.reason ?? (called ? undefined : t('Nothing that was found on this server calls for it.'));
      return { id: `plan:${id}`, label: t('Run Plan: {0}', plan.title), detail: refused ?? plan.why, enabled: refused === undefined };
    }),
    ...[...steps].map((id): PageAction => {
      const step = stepById(id);
      const [refusal] = refusals({ step: id, plan: undefined, snapshot, findings, confirmed: undefined });
      return { id: `step:${id}`, label: t('Step: {0}', step.title), detail: refusal?.reason ?? step.summary, enabled: refusal === undefined || refusal.overridable };
    }),
  ];
}
