import * as vscode from 'vscode';
import { clockNote } from '../../connect/clock-skew.ts';
import type { Fact } from '../../connect/fact.ts';
import type { FindingId } from '../../connect/ids.ts';
import type { Connector, Snapshot } from '../../connect/snapshot.ts';
import type { Member } from '../fleet.ts';
import type { Diagnosis } from '../server/state.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { plain } from './markdown.ts';
import type { TreeNode } from './node.ts';

const { t } = vscode.l10n;

/** What a server is made of: service, service account, encryption key, database, scheduler, connectors. */
export function factNodes(member: Member, diagnosis: Diagnosis): readonly TreeNode[] {
  const { snapshot } = diagnosis;
  const { service } = snapshot;
  const running = service.state.known && service.state.value === 'Running';
  const clock = clockNote(snapshot);
  return [
    ...(clock === undefined ? [] : [row(member, 'clock', t('Clock'), clock, ['watch', 'list.warningForeground'], [])]),
    row(member, 'service', t('Service'), text(service.state), running ? ['play-circle', 'testing.iconPassed'] : ['stop-circle', 'list.errorForeground'],
      [[t('Build'), text(snapshot.installation.build)], [t('Start mode'), text(service.startMode)], [t('Exit code'), codes(snapshot)]]),
    row(member, 'account', t('Service account'), text(service.startName), ['account'], [[t('Domain controller'), text(snapshot.domainController.name)], [t('Session account'), text(snapshot.server.userName)]]),
    row(member, 'key', t('Encryption key'), keyState(diagnosis, running), ['key'], []),
    row(member, 'scheduler', t('Scheduler'), scheduler(snapshot), ['watch'], [[t('Synchronization in progress'), text(snapshot.scheduler.inProgress)], [t('Suspended'), text(snapshot.scheduler.suspended)]]),
    connectors(member, snapshot),
  ];
}

function row(member: Member, name: string, label: string, value: string, icon: readonly [string, string?], details: readonly (readonly [string, string])[]): TreeNode {
  const [iconName, colour] = icon;
  const shown = sanitizeLine(value, 200);
  return {
    id: `${member.key}/${name}`, label, description: shown, icon: colour === undefined ? { name: iconName } : { name: iconName, colour }, context: 'fact', spoken: t('{0}: {1}', label, shown),
    tooltip: () => [`**${plain(label)}**: ${plain(value)}`, ...details.map(([key, detail]) => `${plain(key)}: ${plain(detail)}`)].join('\n\n'),
    subject: { kind: 'fact', member, text: `${label}: ${value}` },
  };
}

function text(fact: Fact<string | number | boolean>): string {
  if (fact.known) return fact.value === true ? t('yes') : fact.value === false ? t('no') : String(fact.value);
  return why(fact);
}

function why(fact: Fact<unknown> & { known: false }): string {
  switch (fact.why) {
    case 'service-stopped': return t('unknown: the service is stopped');
    case 'access-denied': return t('unknown: access denied');
    case 'command-absent': return t('unknown: the server has no command for it');
    case 'not-found': return t('none');
    case 'timed-out': return t('unknown: no answer in time');
    case 'not-asked': return t('not asked');
    case 'script-blocked': return t('unknown: the server\'s malware protection blocked the script');
    case 'bad-answer': case 'failed': return t('unknown: {0}', fact.detail);
  }
}

function codes(snapshot: Snapshot): string {
  const { exitCode, serviceSpecificExitCode } = snapshot.service;
  if (!exitCode.known) return text(exitCode);
  const specific = serviceSpecificExitCode.known && serviceSpecificExitCode.value !== 0 ? ` (0x${serviceSpecificExitCode.value.toString(16)})` : '';
  return `${exitCode.value}${specific}`;
}

/** Nothing reads the key directly: what the findings and a running service say about it. */
function keyState(diagnosis: Diagnosis, running: boolean): string {
  const found = new Set<FindingId>(diagnosis.findings.map((finding) => finding.id));
  if (found.has('key-lost')) return t('cannot be decrypted any more');
  if (found.has('key-unreadable-no-dc')) return t('cannot be read without a domain controller');
  if (found.has('key-recreated')) return t('new; stored passwords are gone');
  if (found.has('cannot-tell')) return t('cannot tell');
  return running ? t('in use') : t('unknown: the service is stopped');
}

function scheduler(snapshot: Snapshot): string {
  const { syncCycleEnabled, stagingMode } = snapshot.scheduler;
  if (!syncCycleEnabled.known) return text(syncCycleEnabled);
  const on = syncCycleEnabled.value ? t('on') : t('off');
  return stagingMode.known && stagingMode.value ? t('{0}, staging mode', on) : on;
}

function connectors(member: Member, snapshot: Snapshot): TreeNode {
  const { connectors: fact } = snapshot;
  const id = `${member.key}/connectors`;
  if (!fact.known) return row(member, 'connectors', t('Connectors'), why(fact), ['references'], []);
  return {
    id, label: t('Connectors'), description: String(fact.value.length), icon: { name: 'references' }, context: 'fact',
    subject: { kind: 'fact', member, text: fact.value.map((connector) => connector.name).join('\n') },
    children: () => fact.value.map((connector, n) => connectorNode(member, `${id}/${n}`, connector, snapshot)),
  };
}

function connectorNode(member: Member, id: string, connector: Connector, snapshot: Snapshot): TreeNode {
  const account = connector.type === 'Entra' ? connector.userName : [connector.loginDomain, connector.loginUser].filter((part) => part !== '').join('\\');
  const last = snapshot.runs.known ? snapshot.runs.value.find((run) => run.connector === connector.name) : undefined;
  const kind = connector.type === 'AD' ? t('AD DS Connector') : connector.type === 'Entra' ? t('Entra Connector') : sanitizeLine(connector.typeName, 60);
  return {
    id, label: sanitizeLine(connector.name, 120), description: [kind, sanitizeLine(account, 120)].filter((part) => part !== '').join(' · '),
    icon: { name: connector.type === 'Entra' ? 'cloud' : 'organization' }, context: 'connector',
    tooltip: () => [`**${plain(connector.name)}** (${plain(kind)})`, t('Account: {0}', plain(account)), ...(last === undefined ? [] : [t('Last run: {0}, {1}', plain(last.profile), plain(last.result))])].join('\n\n'),
    subject: { kind: 'step', member, step: 'enter-connector-password', target: connector.name },
  };
}
