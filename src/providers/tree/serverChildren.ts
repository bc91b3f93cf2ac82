import * as vscode from 'vscode';
import { stepIds } from '../../connect/ids.ts';
import type { Member } from '../fleet.ts';
import type { RunSummary, ServerState } from '../server/state.ts';
import { isRunning } from '../server/state.ts';
import type { RunState } from '../server/runState.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { factNodes } from './factNodes.ts';
import { findingNode } from './findingNode.ts';
import { stepIcons } from './icons.ts';
import { localTime, plain } from './markdown.ts';
import type { TreeNode } from './node.ts';
import { stateWord } from './stateWords.ts';
import { stepTitle } from './stepTitles.ts';
import { unfinishedNodes } from './unfinishedNodes.ts';

const { t } = vscode.l10n;

/** Everything below a server: first what needs a person, then what was found, what it is made of, what was done. */
export function serverChildren(member: Member): readonly TreeNode[] {
  const { state } = member.owner;
  return [...taskNodes(member, state), ...problemNodes(member, state), ...runNodes(member, state), ...unfinishedNodes(member, state), ...findingsNodes(member, state),
    ...(state.diagnosis === undefined ? [] : factNodes(member, state.diagnosis)), ...stepsNodes(member, state), ...historyNodes(member, state)];
}

function taskNodes(member: Member, state: ServerState): readonly TreeNode[] {
  if (state.waiting === undefined) return [];
  const { task } = state.waiting;
  const id = `${member.key}/task`;
  return [{
    id, label: t('Your turn: {0}', sanitizeLine(task.title, 120)), icon: stepIcons['waiting-for-person'], context: 'task', expanded: true,
    tooltip: () => [...task.instructions.map((line, n) => `${n + 1}. ${plain(line)}`), '', plain(task.proof)].join('\n'),
    subject: { kind: 'task', member, text: task.instructions.join('\n') },
    children: () => task.instructions.map((line, n) => leaf(member, `${id}/${n}`, `${n + 1}. ${line}`)),
  }];
}

function problemNodes(member: Member, state: ServerState): readonly TreeNode[] {
  const problem = 'problem' in state.connection ? state.connection.problem : state.problem;
  if (problem === undefined) return [];
  const node = leaf(member, `${member.key}/problem`, problem.message);
  const remedy = problem.remedy === '' ? [] : [leaf(member, `${member.key}/remedy`, problem.remedy, 'lightbulb')];
  return [{ ...node, icon: { name: 'warning', colour: 'list.warningForeground' } }, ...remedy];
}

/** The run under way, or the last one of this window, step by step. */
function runNodes(member: Member, state: ServerState): readonly TreeNode[] {
  const { run } = state;
  if (run === undefined) return [];
  const live = isRunning(state);
  const id = `${member.key}/run`;
  const done = run.steps.filter((step) => step.state !== 'pending' && step.state !== 'running').length;
  return [{
    id, label: live ? t('Running: {0}', sanitizeLine(run.title, 120)) : t('Last run: {0}', sanitizeLine(run.title, 120)),
    description: run.result === undefined ? (run.progress === undefined ? t('{0} of {1} steps', done, run.steps.length) : sanitizeLine(run.progress.text, 120)) : stateWord(run.result.state),
    icon: live ? stepIcons.running : runIcon(run.result?.state), context: live ? 'run live' : 'run', expanded: live,
    tooltip: () => plain(run.result?.message ?? run.title),
    subject: { kind: 'run', member, run: run.id, title: run.title },
    children: () => run.steps.map((step, n) => runStepNode(member, `${id}/${n}`, run, step)),
  }];
}

function runStepNode(member: Member, id: string, run: RunState, step: RunState['steps'][number]): TreeNode {
  const progress = step.state === 'running' && run.progress !== undefined ? run.progress.text : undefined;
  return {
    id, label: sanitizeLine(step.title, 160), description: sanitizeLine(progress ?? (step.state === 'pending' ? '' : step.detail), 200),
    icon: stepIcons[step.state], context: `step ${step.step} ${step.state}`, spoken: t('{0}: {1}', step.title, stateWord(step.state)),
    tooltip: () => `**${plain(step.title)}** (${plain(stateWord(step.state))})\n\n${plain(step.detail)}`,
    subject: { kind: 'step', member, step: step.step, target: step.target, run: run.id },
  };
}

function findingsNodes(member: Member, state: ServerState): readonly TreeNode[] {
  const diagnosis = state.diagnosis;
  if (diagnosis === undefined) return state.diagnosing ? [{ ...leaf(member, `${member.key}/reading`, t('Reading the server …')), icon: stepIcons.running }] : [];
  return [{
    id: `${member.key}/findings`, label: t('Findings'), description: String(diagnosis.findings.length), icon: { name: 'search' }, context: 'findings', expanded: true,
    subject: { kind: 'server', member },
    children: () => diagnosis.findings.map((finding, n) => findingNode(member, finding, diagnosis.plans, n)),
  }];
}

/** Every step there is, for whoever wants exactly one of them. */
function stepsNodes(member: Member, state: ServerState): readonly TreeNode[] {
  if (state.connection.kind !== 'connected') return [];
  const id = `${member.key}/steps`;
  return [{
    id, label: t('Steps'), icon: { name: 'list-ordered' }, context: 'steps', subject: { kind: 'server', member },
    children: () => stepIds.map((step): TreeNode => ({
      id: `${id}/${step}`, label: stepTitle(step), icon: { name: 'circle-small' }, context: `step ${step} idle`, subject: { kind: 'step', member, step, target: undefined },
    })),
  }];
}

function historyNodes(member: Member, state: ServerState): readonly TreeNode[] {
  if (state.history.length === 0) return [];
  return [{
    id: `${member.key}/runs`, label: t('Runs'), description: String(state.history.length), icon: { name: 'history' }, context: 'runs', subject: { kind: 'server', member },
    children: () => state.history.map((run) => historyNode(member, run)),
  }];
}

function historyNode(member: Member, run: RunSummary): TreeNode {
  return {
    id: `${member.key}/runs/${run.id}`, label: sanitizeLine(run.title, 120), description: `${stateWord(run.state)} · ${new Date(run.at).toLocaleString()}`, icon: runIcon(run.state), context: 'run',
    tooltip: () => `${plain(run.message)}\n\n${plain(localTime(run.at))}`,
    subject: { kind: 'run', member, run: run.id, title: run.title },
  };
}

function runIcon(state: string | undefined): { name: string; colour?: string } {
  switch (state) {
    case 'done': return stepIcons.done;
    case 'cancelled': return stepIcons.cancelled;
    case 'refused': return stepIcons.refused;
    case 'unknown': return stepIcons.unknown;
    default: return stepIcons.failed;
  }
}

function leaf(member: Member, id: string, text: string, icon?: string): TreeNode {
  return {
    id, label: sanitizeLine(text, 240), context: 'fact', tooltip: () => plain(text), subject: { kind: 'fact', member, text: sanitizeLine(text, 2000) },
    ...(icon === undefined ? {} : { icon: { name: icon } }),
  };
}
