import * as vscode from 'vscode';
import type { Finding } from '../../connect/finding.ts';
import type { Broken, Member } from '../fleet.ts';
import { channelOf, placeOf, transportOf } from '../server/reach.ts';
import { heldBy, isRunning, unfinishedOf, type ServerState } from '../server/state.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { severityIcons, stepIcons } from './icons.ts';
import { localTime, plain } from './markdown.ts';
import type { TreeNode } from './node.ts';
import { verdictOf } from './verdict.ts';

const { t } = vscode.l10n;

/** A server's own node: how it stands, in one line. */
export function serverNode(member: Member, expanded: boolean): TreeNode {
  const { state } = member.owner;
  const description = summary(state);
  return {
    id: member.key,
    label: sanitizeLine(member.entry.name, 80),
    description,
    icon: icon(state),
    context: context(state),
    tooltip: () => tooltip(member, state, description),
    spoken: t('Server {0}, {1}', member.entry.name, description),
    subject: { kind: 'server', member },
    ...(hasChildren(state) ? { children: () => [], expanded } : {}),
  };
}

/** Whether there is anything below the server; what it is, is loaded and drawn when it is looked at (serverChildren.ts). */
function hasChildren(state: ServerState): boolean {
  return 'problem' in state.connection || state.connection.kind === 'connected' || state.problem !== undefined || state.waiting !== undefined
    || state.run !== undefined || state.diagnosing || state.diagnosis !== undefined || state.history.length > 0;
}

/** An entry that cannot be used: its problems are in the file. */
export function brokenNode(broken: Broken): TreeNode {
  const name = sanitizeLine(broken.entry.name, 80);
  return {
    id: broken.key, label: name, description: t('its entry has an error'), icon: severityIcons.error, context: 'broken',
    tooltip: () => t('{0} cannot be connected to: its entry in the servers file has an error. The Problems view lists it.', plain(name)),
    spoken: t('Server {0}, its entry has an error', name), subject: { kind: 'broken', broken },
  };
}

/** The worst finding, which is the first. */
function worst(state: ServerState): Finding | undefined {
  return state.diagnosis?.findings[0];
}

function summary(state: ServerState): string {
  if (state.waiting !== undefined) return t('waiting for you');
  const running = state.run?.steps.find((step) => step.state === 'running');
  if (isRunning(state)) return running === undefined ? t('running a plan') : sanitizeLine(running.title, 80);
  if (state.connection.kind === 'connecting') return state.connection.again ? t('connecting again …') : t('connecting …');
  if (state.diagnosing) return t('diagnosing …');
  const finding = worst(state);
  const found = finding === undefined ? undefined : verdictOf(state);
  switch (state.connection.kind) {
    case 'disconnected': return found === undefined ? t('not connected') : t('{0} (not connected)', found);
    case 'lost': return found === undefined ? t('connection lost') : t('{0} (connection lost)', found);
    case 'failed': return t('could not connect');
    case 'connected': return found ?? t('connected');
  }
}

function icon(state: ServerState): { name: string; colour?: string } {
  if (state.waiting !== undefined) return stepIcons['waiting-for-person'];
  if (isRunning(state) || state.diagnosing || state.connection.kind === 'connecting') return stepIcons.running;
  if (state.connection.kind === 'failed' || state.connection.kind === 'lost') return { name: 'debug-disconnect', colour: 'list.warningForeground' };
  const finding = state.diagnosis?.findings.find((one) => one.id === 'healthy') ?? worst(state);
  if (finding !== undefined) return state.connection.kind === 'connected' ? severityIcons[finding.severity] : { name: severityIcons[finding.severity].name, colour: 'disabledForeground' };
  return state.connection.kind === 'connected' ? { name: 'vm-active', colour: 'testing.iconPassed' } : { name: 'vm-outline' };
}

/** `server`, the connection's state, and what is under way: `when` clauses match on the words. */
function context(state: ServerState): string {
  const words = ['server', state.connection.kind];
  if (isRunning(state)) words.push('running');
  else if (state.diagnosing) words.push('diagnosing');
  if (state.waiting !== undefined) words.push('waiting');
  if (heldBy(state) !== undefined) words.push('held');
  else if (unfinishedOf(state) !== undefined) words.push('interrupted');
  if (worst(state)?.plan !== undefined) words.push('repairable');
  return words.join(' ');
}

function tooltip(member: Member, state: ServerState, description: string): string {
  const { target } = member.owner.server;
  const lines = [`**${plain(member.entry.name)}**: ${plain(description)}`, t('{0} over {1}', plain(placeOf(target, true)), plain(transportOf(target)))];
  if (state.connection.kind === 'connected') {
    const { peer } = state.connection;
    lines.push(t('Connected by {0}', plain(channelOf(peer))));
    const version = [plain(peer.psVersion), plain(peer.edition)] as const;
    // Over WinRM the server's name is only known once it has been diagnosed.
    lines.push(peer.computerName === '' ? t('Windows PowerShell {0} ({1})', ...version) : t('Reports itself as {0}, Windows PowerShell {1} ({2})', plain(peer.computerName), ...version));
  }
  if (state.connection.kind === 'disconnected' && state.connection.idle !== undefined) lines.push(t('The idle connection ended; the next use connects again. {0}', plain(state.connection.idle.message)));
  if ('problem' in state.connection) lines.push(plain(state.connection.problem.message), plain(state.connection.problem.remedy));
  const finding = worst(state);
  if (finding !== undefined) lines.push(plain(finding.title));
  if (state.diagnosis !== undefined) lines.push(t('Diagnosed {0}', plain(localTime(state.diagnosis.at))));
  const { notes } = member.target;
  if (notes !== undefined) lines.push(plain(notes));
  return lines.join('\n\n');
}
