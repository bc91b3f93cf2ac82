import { plain } from '../evidence.ts';
import type { Finding } from '../finding.ts';
import { refusals } from '../gates.ts';
import { beforeByHand } from '../manual/before.ts';
import type { Manual, ManualAbout, ManualAction } from '../manual/manual.ts';
import type { Plan, PlannedStep } from '../plan.ts';
import type { Snapshot } from '../snapshot.ts';
import { stepById } from '../steps/registry.ts';
import { markdownFacts, markdownSection, markdownText } from './markdown.ts';

/** What a runbook is made of. */
export interface RunbookSubject {
  readonly plan: Plan;
  readonly about: ManualAbout;
  /** The server as the servers file names it, where there is one. */
  readonly server: string | undefined;
  /** Undefined: made from what an engineer says. */
  readonly findings: readonly Finding[] | undefined;
  /** UTC, ISO 8601. */
  readonly madeAt: string;
  readonly ticket: string | undefined;
}

/** Gates that are about this product's own way of acting, or that pass by themselves while a person reads: they do not forbid a document. */
const notForPaper: readonly string[] = ['remote-database', 'synchronization-running', 'programs', 'rights', 'machine', 'domain-controller'];

/** Why a plan must not be carried out on this server, by hand either; undefined: nothing that is known forbids it. Facts that nobody knows forbid nothing. */
export function forbidden(plan: Plan, snapshot: Snapshot, findings: readonly Finding[] | undefined): string | undefined {
  const known = findings !== undefined;
  for (const { step } of plan.steps) {
    for (const refusal of refusals({ step, plan: plan.id, snapshot, findings: findings ?? [], confirmed: undefined })) {
      // What a person may overrule at the terminal, a person with the document in hand may weigh as well.
      if (refusal.overridable || notForPaper.includes(refusal.gate)) continue;
      // On a server with application mode the step becomes its wizard; only the plan that consists of it makes no sense there.
      if (refusal.gate === 'application-authentication' && (plan.id !== 'entra-reinitialize' || !snapshot.authenticationMode.known)) continue;
      if (!known && !decidable(refusal.gate, snapshot)) continue;
      return refusal.reason;
    }
  }
  return undefined;
}

/** Whether a gate rests on something that was said, and not on what nobody knows. */
function decidable(gate: string, snapshot: Snapshot): boolean {
  switch (gate) {
    case 'build': return snapshot.installation.build.known;
    case 'account-kind': return snapshot.service.startName.known;
    case 'application-authentication': return snapshot.authenticationMode.known;
    default: return false;
  }
}

/**
 * A plan as a numbered document for a server that nothing may be sent to: exact commands for an elevated Windows PowerShell 5.1,
 * exact clicks, what must be seen, when to stop, and what state the server is in then. Made from the same steps that a run takes.
 */
export function runbook({ plan, about, server, findings, madeAt, ticket }: RunbookSubject): string {
  const before = beforeByHand(about, plan.steps.map(({ step }) => step));
  const first = plan.instructions.length === 0 ? 2 : 3;
  const steps = plan.steps.filter((step, index) => index === 0 || !same(step, plan.steps[index - 1]));
  return [
    `# Runbook: ${markdownText(plan.title)}`, '',
    ...markdownFacts([
      ['Server', about.computerName ?? server ?? '________________'], ['In the servers file', server], ['Ticket', ticket ?? '________________'], ['Plan', plan.id],
      ['Log-on account of ADSync', about.startName], ['Build', about.build], ['Made', madeAt],
      ['Made from', findings === undefined ? 'what an engineer says; nothing of it was checked on the server' : 'a snapshot of the server'],
    ]), '',
    'Carried out by: ________________  Date: ________________  Witness: ________________', '',
    markdownText(plan.why), '',
    'Read it to the end before you type the first line. Take the steps in order and none twice. Each says what you must see: where you see something else, stop there.', '',
    ...(findings === undefined ? [] : markdownSection('What was found', findings.flatMap((finding) => [`- **${finding.id}**${finding.target === undefined ? '' : ` (${markdownText(finding.target)})`}: ${markdownText(finding.title)}. ${markdownText(finding.advice)}`]))),
    ...numbered(1, 'Before anything: is this the right plan?', undefined, before, 'Nothing has changed.'),
    ...(plan.instructions.length === 0 ? [] : [`## 2. ${plan.steps.length === 0 ? 'What is to be done' : 'What goes before'}`, '', ...plan.instructions.map((text, index) => `${index + 1}. ${markdownText(text)}`), '', 'Done at: ________  Seen: ________________', '']),
    ...steps.flatMap((planned, index) => stepSection(index + first, planned, about)),
    ...markdownSection(`${steps.length + first}. Afterwards`, [
      'Keep this document, filled in, with the change. Write down what was seen at each step and when. Diagnose the server once more when you can.',
    ]),
  ].join('\n');
}

function stepSection(number: number, planned: PlannedStep, about: ManualAbout): string[] {
  const step = stepById(planned.step);
  const manual = step.manual({ ...about, target: planned.target, purpose: planned.purpose });
  const facts = [...(planned.note === undefined ? [] : [markdownText(planned.note)]), `How long: ${markdownText(step.duration)}`];
  return numbered(number, planned.title, facts.join(' '), manual, step.ifStoppedHere);
}

function numbered(number: number, title: string, about: string | undefined, manual: Manual, ifStoppedHere: string): string[] {
  return [
    `## ${number}. ${markdownText(title)}`, '',
    ...(about === undefined ? [] : [about, '']),
    ...manual.actions.flatMap((action, index) => actionLines(`${number}.${index + 1}`, action)),
    ...list('You must see', manual.expect),
    ...list('Stop if', manual.stopIf),
    `**If you stop here:** ${markdownText(ifStoppedHere)}`, '',
    'Done at: ________  Seen: ________________', '',
  ];
}

function actionLines(number: string, action: ManualAction): string[] {
  switch (action.kind) {
    case 'do': return [`**${number}** ${markdownText(action.text)}`, ''];
    case 'click': return [`**${number}** In ${markdownText(action.program)}:`, '', ...action.clicks.map((click, index) => `${index + 1}. ${markdownText(click)}`), ''];
    case 'command': return [`**${number}** ${markdownText(action.about)}`, '', '```powershell', ...action.lines, '```', ''];
  }
}

function list(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`**${heading}:**`, '', ...lines.map((line) => `- ${markdownText(line)}`), ''];
}

/** The same step twice in a row, which a run skips by itself. */
function same(step: PlannedStep, other: PlannedStep | undefined): boolean {
  return step.step === other?.step && step.target === other.target && step.purpose === other.purpose;
}

/** What JSON shows of a runbook. */
export function runbookJson({ plan, about, findings, madeAt }: RunbookSubject): object {
  const part = (id: string, title: string, ifStoppedHere: string, manual: Manual): object => ({ id, title: plain(title), ...manual, ifStoppedHere });
  return {
    plan: plan.id, title: plan.title, computerName: about.computerName ?? null, madeAt, findings: findings?.map((finding) => finding.id) ?? null, instructions: plan.instructions,
    steps: [
      part('before', 'Before anything: is this the right plan?', 'Nothing has changed.', beforeByHand(about, plan.steps.map(({ step }) => step))),
      ...plan.steps.map(({ step, target, purpose, title }) => ({ ...part(step, title, stepById(step).ifStoppedHere, stepById(step).manual({ ...about, target, purpose })), target: target ?? null })),
    ],
  };
}
