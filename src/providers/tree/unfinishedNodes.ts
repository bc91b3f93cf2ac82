import * as vscode from 'vscode';
import { secondsSince } from '../../connect/lock-entry.ts';
import type { RunRecord } from '../../connect/run-record.ts';
import type { Member } from '../fleet.ts';
import { heldBy, unfinishedOf, type ServerState } from '../server/state.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { stepIcons } from './icons.ts';
import { localTime, plain } from './markdown.ts';
import type { TreeNode } from './node.ts';
import { stateWord } from './stateWords.ts';
import { stepTitle } from './stepTitles.ts';

const { t } = vscode.l10n;

/** What the server remembers of work that is not at its end: an interrupted run to go on with, or one that somebody else is at. */
export function unfinishedNodes(member: Member, state: ServerState): readonly TreeNode[] {
  const run = unfinishedOf(state);
  const held = heldBy(state);
  if (run === undefined && held === undefined) return [];
  const id = `${member.key}/unfinished`;
  const holder = held === undefined ? undefined : `${held.entry.who} (${held.entry.host})`;
  const label = holder === undefined ? t('Interrupted: {0}', titleOf(run)) : t('In use by {0}', sanitizeLine(holder, 80));
  const known = [
    ...(run === undefined ? [] : [
      t('Begun by {0}', run.holder), t('Begun at {0}', localTime(Date.parse(run.started))), t('Last sign of life at {0}', localTime(Date.parse(run.updated))),
      ...(run.state === 'running' ? [] : [t('It ended: {0}', stateWord(run.state))]),
    ]),
    ...(held === undefined ? [t('Nobody holds the server now.')] : [t('{0} was last alive {1} s before the server was read.', holder ?? '', secondsSince(held.entry, held.reading))]),
  ];
  return [{
    id, label, ...(run === undefined ? {} : { description: progressOf(run) }),
    icon: held === undefined ? { name: 'debug-pause', colour: 'list.warningForeground' } : { name: 'lock', colour: 'charts.blue' },
    context: held === undefined ? 'unfinished' : 'unfinished held', expanded: true,
    spoken: [label, ...known].join('. '),
    tooltip: () => [`**${plain(label)}**`, ...(run === undefined || held === undefined ? [] : [plain(titleOf(run))]), ...known.map((line) => plain(line))].join('\n\n'),
    subject: { kind: 'unfinished', member, text: [label, ...known].map((line) => sanitizeLine(line, 300)).join('\n') },
    children: () => [...known.map((line, n) => fact(member, `${id}/known/${n}`, line)), ...(run?.steps ?? []).map((step, n) => stepNode(member, `${id}/${n}`, step))],
  }];
}

function titleOf(run: RunRecord | undefined): string {
  return sanitizeLine(run === undefined ? '' : run.title === '' ? run.id : run.title, 120);
}

function progressOf(run: RunRecord): string {
  const done = run.steps.filter((step) => step.state === 'done' || step.state === 'skipped').length;
  return t('{0} of {1} steps', done, run.steps.length);
}

function stepNode(member: Member, id: string, step: RunRecord['steps'][number]): TreeNode {
  const title = step.target === undefined ? stepTitle(step.step) : `${stepTitle(step.step)}: ${sanitizeLine(step.target, 120)}`;
  const state = step.state === 'running' ? t('interrupted') : stateWord(step.state);
  return {
    id, label: title, description: state, icon: step.state === 'running' ? stepIcons.unknown : stepIcons[step.state],
    context: 'fact', spoken: t('{0}: {1}', title, state), subject: { kind: 'fact', member, text: `${title}: ${state}` },
  };
}

function fact(member: Member, id: string, text: string): TreeNode {
  const shown = sanitizeLine(text, 240);
  return { id, label: shown, icon: { name: 'info' }, context: 'fact', tooltip: () => plain(text), subject: { kind: 'fact', member, text: shown } };
}
