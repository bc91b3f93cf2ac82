import { clockNote } from '../connect/clock-skew.ts';
import { plain } from '../connect/evidence.ts';
import { valueOf } from '../connect/fact.ts';
import type { Evidence, Finding } from '../connect/finding.ts';
import type { Plan } from '../connect/plan.ts';
import type { Snapshot } from '../connect/snapshot.ts';

const signs: Readonly<Record<Finding['severity'], string>> = { ok: '+', information: 'i', warning: '!', error: 'x' };

/** A server's heading and its findings with their evidence, for a person. Nothing in it can steer a terminal. */
export function findingsText(name: string, snapshot: Snapshot, findings: readonly Finding[]): string {
  const about = [valueOf(snapshot.server.computerName), valueOf(snapshot.installation.build)].filter((part) => part !== undefined).join(', build ');
  const clock = clockNote(snapshot);
  return [`${plain(name)}${about === '' ? '' : ` (${plain(about)})`}`, ...(clock === undefined ? [] : [`  i ${clock}`]), ...findings.flatMap(findingLines), ''].join('\n');
}

/** A plan's steps, numbered. */
export function planText(plan: Plan): string {
  return [
    `Plan ${plan.id}: ${plan.title}`, `  ${plan.why}`,
    ...(plan.refused === undefined ? [] : [`  It cannot run now: ${plain(plan.refused.reason)}`]),
    ...plan.instructions.map((text) => `  - ${plain(text)}`),
    ...plan.steps.map((step, index) => `  ${index + 1}. ${plain(step.title)}${step.note === undefined ? '' : ` (${plain(step.note)})`}`), '',
  ].join('\n');
}

function findingLines(finding: Finding): string[] {
  return [
    `  ${signs[finding.severity]} ${finding.id}${finding.target === undefined ? '' : ` (${plain(finding.target)})`}: ${plain(finding.title)}`,
    ...[finding.detail, finding.advice].filter((text) => text !== '').map((text) => `      ${plain(text)}`),
    ...finding.evidence.map((evidence) => `      - ${evidenceText(evidence)}`),
    ...finding.ruledOut.map((text) => `      ruled out: ${plain(text)}`),
  ];
}

function evidenceText(evidence: Evidence): string {
  return evidence.kind === 'fact' ? `${evidence.fact}: ${evidence.text}` : `${evidence.time} ${evidence.log} ${evidence.provider} ${evidence.eventId}: ${evidence.text}`;
}
