import * as vscode from 'vscode';
import type { Evidence, Finding } from '../../connect/finding.ts';
import type { Plan } from '../../connect/plan.ts';
import type { Member } from '../fleet.ts';
import { commands } from '../ids.ts';
import { stepKey } from '../server/runState.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { severityIcons } from './icons.ts';
import { plain } from './markdown.ts';
import type { TreeNode } from './node.ts';

const { t } = vscode.l10n;

/** One finding: what to do, what it rests on, what was ruled out, and the plan it calls for. */
export function findingNode(member: Member, finding: Finding, plans: readonly Plan[], index: number): TreeNode {
  const id = `${member.key}/findings/${finding.id}${finding.target === undefined ? '' : `:${finding.target}`}:${index}`;
  const title = sanitizeLine(finding.title, 200);
  return {
    id, label: title, ...(finding.target === undefined ? {} : { description: sanitizeLine(finding.target, 120) }),
    icon: severityIcons[finding.severity],
    context: finding.plan === undefined || finding.plan === 'manual' ? 'finding' : 'finding repairable',
    expanded: index === 0 && finding.severity === 'error',
    spoken: t('{0}: {1}. {2}', finding.severity, title, finding.advice),
    tooltip: () => [`**${plain(finding.title)}**`, plain(finding.detail), `$(lightbulb) ${plain(finding.advice)}`].join('\n\n'),
    subject: { kind: 'finding', member, plan: finding.plan, text: copyText(finding) },
    children: () => [
      part(member, `${id}/advice`, finding.advice, 'lightbulb'),
      ...plans.filter((plan) => plan.id === finding.plan).map((plan) => planNode(member, plan, id)),
      ...finding.evidence.map((evidence, n) => evidenceNode(member, `${id}/evidence/${n}`, evidence)),
      ...finding.ruledOut.map((text, n) => part(member, `${id}/not/${n}`, text, 'circle-slash')),
    ],
  };
}

function planNode(member: Member, plan: Plan, parent: string): TreeNode {
  const id = `${parent}/plan`;
  const { refused } = plan;
  return {
    id, label: t('Plan: {0}', sanitizeLine(plan.title, 120)), description: refused === undefined ? t('{0} steps', plan.steps.length) : t('refused'),
    icon: refused === undefined ? { name: 'checklist', colour: 'charts.blue' } : { name: 'circle-slash', colour: 'list.warningForeground' },
    context: refused === undefined ? 'plan' : 'plan refused',
    tooltip: () => refused === undefined ? plain(plan.why) : plain(refused.reason),
    subject: { kind: 'plan', member, plan: plan.id },
    children: () => refused === undefined
      ? plan.steps.map((step, n) => ({ ...part(member, `${id}/${stepKey(step.step, step.target)}/${n}`, `${n + 1}. ${step.title}`, 'circle-small'), ...(step.note === undefined ? {} : { description: sanitizeLine(step.note, 200) }) }))
      : [part(member, `${id}/refused`, refused.reason, 'circle-slash')],
  };
}

function evidenceNode(member: Member, id: string, evidence: Evidence): TreeNode {
  if (evidence.kind === 'fact') return { ...part(member, id, evidence.fact, 'symbol-field'), description: sanitizeLine(evidence.text, 200), tooltip: () => `**${plain(evidence.fact)}**: ${plain(evidence.text)}` };
  const label = t('Event {0}, {1}', evidence.eventId, sanitizeLine(evidence.provider, 80));
  const whole = `${evidence.log} ${evidence.eventId} ${evidence.provider} ${evidence.time}\n${evidence.text}`;
  return {
    id, label, description: sanitizeLine(evidence.text, 200), icon: { name: 'output' }, context: 'evidence',
    command: { id: commands.showEvidence, title: t('Show Event') },
    tooltip: () => `**${plain(label)}**\n\n${plain(`${evidence.log}, record ${evidence.recordId}, ${evidence.time}`)}\n\n${plain(evidence.text)}`,
    subject: { kind: 'evidence', member, log: evidence.log, recordId: evidence.recordId, text: whole },
  };
}

function part(member: Member, id: string, text: string, icon: string): TreeNode {
  return { id, label: sanitizeLine(text, 240), icon: { name: icon }, context: 'fact', tooltip: () => plain(text), subject: { kind: 'fact', member, text: sanitizeLine(text, 2000) } };
}

function copyText(finding: Finding): string {
  const evidence = finding.evidence.map((item) => item.kind === 'fact' ? `- ${item.text}` : `- ${item.log} ${item.eventId} (${item.provider}, ${item.time}): ${sanitizeLine(item.text)}`);
  return [`${finding.id}: ${finding.title}`, finding.detail, finding.advice, ...evidence].join('\n');
}
