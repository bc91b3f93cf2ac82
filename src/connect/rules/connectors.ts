import { compareBuilds, firstBuildWithApplicationMode } from '../builds.ts';
import { pendingConnectors, secretStates, type PendingConnector } from '../connector-secrets.ts';
import { event, events, fact } from '../evidence.ts';
import { valueOf } from '../fact.ts';
import type { Evidence, Finding } from '../finding.ts';
import { isAfter, type Situation } from '../situation.ts';
import type { Connector, EventRecord, Snapshot } from '../snapshot.ts';
import { finding, has, type Rule } from './rule.ts';

/** `connector-password`: one connector's stored credentials do not work, the key is fine. */
export const connectorPassword: Rule = (situation, before) => {
  if (!situation.running || has(before, 'key-recreated')) return [];
  return failing(situation).filter(({ connector }) => connector.type !== 'Entra').map(({ connector, why }) => finding({
    id: 'connector-password', severity: 'error', title: `The stored password of the connector ${connector.name} is wrong`,
    detail: `Its runs cannot start because its credentials are refused: ${why}.`,
    evidence: [...proofs(situation.snapshot, connector), ...account(connector)],
    ruledOut: ['Not a lost key: the service runs and no new key was made since this connector last worked.'],
    advice: connector.type === 'AD'
      ? 'Enter the password of its AD DS Connector account in Synchronization Service Manager, then restart the service: it keeps the old password in memory.'
      : 'Enter its credentials in Synchronization Service Manager, then restart the service.',
    plan: 'connector-password', target: connector.name,
  }));
};

/** `entra-sign-in`, or `application-auth` where the Entra Connector signs in with a certificate. */
export const entraSignIn: Rule = (situation, before) => {
  if (!situation.running || has(before, 'key-recreated')) return [];
  const connector = valueOf(situation.snapshot.connectors)?.find((candidate) => candidate.type === 'Entra');
  if (connector === undefined) return [];
  const refused = signInFailures(situation.snapshot, connector);
  const pending = failing(situation).find((candidate) => candidate.connector === connector);
  if (pending === undefined && refused.length === 0) return [];
  const evidence = [...events(refused), ...proofs(situation.snapshot, connector), ...(connector.userName === '' ? [] : [fact('Entra Connector account', connector.userName)])];
  const detail = 'The sync engine cannot sign in to Microsoft Entra ID with what it has stored.';
  const mode = signInMode(situation.snapshot);
  if (mode === 'Application') {
    return [finding({
      id: 'application-auth', severity: 'error', title: 'The application that signs in to Microsoft Entra ID is refused', detail, evidence, plan: 'entra-application', target: connector.name,
      ruledOut: ['Not a password: this server signs in with an application and a certificate. Add-ADSyncAADServiceAccount would roll it back to a password.'],
      advice: 'Rotate the application certificate or configure application-based authentication again, in the wizard.',
    })];
  }
  const policy = refused.flatMap((record) => aadstsCodes(record)).find((code) => policyCodes.has(code));
  if (policy !== undefined) {
    return [finding({
      id: 'entra-sign-in', severity: 'error', title: `A policy of the tenant stops the Entra Connector account (AADSTS${policy})`, evidence, target: connector.name, plan: 'manual',
      detail: `${detail} The tenant answers AADSTS${policy}: ${policyCodes.get(policy) ?? ''}.`,
      ruledOut: ['Not its password: the tenant names another reason, and a new password would be stopped by the same policy.'],
      advice: policy === 50057 ? 'Enable the account in the Microsoft Entra admin center, and find out who disabled it.' : 'Exclude the account (its role is Directory Synchronization Accounts) from the policy; a service cannot answer a second factor.',
    })];
  }
  return [finding({
    id: 'entra-sign-in', severity: 'error', title: 'The Entra Connector account cannot sign in', detail, evidence, target: connector.name,
    plan: mode === 'ServiceAccount' ? 'entra-reinitialize' : 'manual',
    ruledOut: mode === 'ServiceAccount' ? ['Not application-based authentication: this server signs in with a password.'] : ['Application-based authentication is not excluded: the server did not say how it signs in.'],
    advice: mode === 'ServiceAccount'
      ? 'Look at the AADSTS code: where Conditional Access or multifactor authentication stops the account, exclude it there; else reinitialize its password.'
      : 'Find out in the wizard how the server signs in before its password is reinitialized.',
  })];
};

/** What no new password changes: the codes of multifactor authentication, of Conditional Access, of a disabled account. */
const policyCodes: ReadonlyMap<number, string> = new Map([
  [50057, 'the account is disabled in the tenant'],
  ...[50072, 50074, 50076, 50079, 50158].map((code): [number, string] => [code, 'multifactor authentication is asked of it']),
  ...[53000, 53001, 53002, 53003, 53004, 530031, 530032, 530034].map((code): [number, string] => [code, 'Conditional Access blocks it']),
]);

function aadstsCodes(record: EventRecord): readonly number[] {
  return [...`${record.message}\n${record.data.join('\n')}`.matchAll(/AADSTS(\d{4,7})/gi)].map((match) => Number(match[1]));
}

function failing(situation: Situation): readonly PendingConnector[] {
  return pendingConnectors(situation.snapshot) ?? [];
}

/** How the Entra Connector signs in; builds before the cmdlet always use a password. */
export function signInMode(snapshot: Snapshot): 'ServiceAccount' | 'Application' | undefined {
  const mode = valueOf(snapshot.authenticationMode);
  const build = valueOf(snapshot.installation.build);
  if (mode !== undefined) return mode;
  return build !== undefined && compareBuilds(build, firstBuildWithApplicationMode) < 0 ? 'ServiceAccount' : undefined;
}

/** Events of a refused sign-in that are newer than the last time the Entra connector worked. AADSTS codes are never localized. */
function signInFailures(snapshot: Snapshot, connector: Connector): readonly EventRecord[] {
  const state = secretStates(snapshot)?.find((candidate) => candidate.connector.identifier === connector.identifier);
  return snapshot.events.records.filter((record) =>
    [6801, 6803, 6900, 659, 906, 1012].includes(record.id) && isAfter(record.time, state?.goodAt) &&
    (record.id === 1012 || /AADSTS\d{4,7}|UserInteractive|modal dialog/i.test(`${record.message}\n${record.data.join('\n')}`)));
}

function proofs(snapshot: Snapshot, connector: Connector): Evidence[] {
  const state = secretStates(snapshot)?.find((candidate) => candidate.connector.name === connector.name);
  return [
    ...(state?.badEvent === undefined ? [] : [event(state.badEvent)]),
    ...(state?.badRun === undefined ? [] : [fact(`last failed run of ${connector.name}`, `${state.badRun.profile}: ${state.badRun.result} (${state.badRun.start})`)]),
  ];
}

function account(connector: Connector): Evidence[] {
  const name: Finding['title'] = connector.loginUser === '' ? '' : `${connector.loginDomain}\\${connector.loginUser}`;
  return name === '' ? [] : [fact('AD DS Connector account', name)];
}
