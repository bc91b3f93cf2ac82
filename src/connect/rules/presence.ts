import { fact } from '../evidence.ts';
import { valueOf, whyMissing, type Fact } from '../fact.ts';
import { finding, type Rule } from './rule.ts';

/** `not-installed`: Windows knows no service ADSync. */
export const notInstalled: Rule = ({ snapshot }) => {
  if (valueOf(snapshot.service.exists) !== false) return [];
  return [finding({
    id: 'not-installed', severity: 'error', title: 'Microsoft Entra Connect is not installed on this server',
    detail: 'Windows has no service with the name ADSync here.',
    evidence: [fact('service.exists', false), ...(snapshot.server.computerName.known ? [fact('server.computerName', snapshot.server.computerName.value)] : [])],
    advice: 'Check the host name in the servers file: it should name the Connect server.',
    plan: 'manual',
  })];
};

/** `access-denied`: the account of the session may not read, or may not repair, what matters. */
export const accessDenied: Rule = ({ snapshot }) => {
  const needed: readonly (readonly [string, Fact<unknown>])[] = [
    ['service', snapshot.service.exists], ['connectors', snapshot.connectors], ['runs', snapshot.runs], ['installation.path', snapshot.installation.path],
    // The Security log asks for rights of its own, and little rests on it.
    ...[...snapshot.events.missing].filter(([block]) => block !== 'account').map(([block, gap]) => [`events.${block}`, gap] as const),
  ];
  const denied = needed.filter(([, value]) => !value.known && value.why === 'access-denied');
  const user = valueOf(snapshot.server.userName) ?? 'the account of the session';
  if (denied.length > 0) {
    return [finding({
      id: 'access-denied', severity: 'error', title: `${user} may not read what the diagnosis needs`,
      detail: `The server refused ${denied.map(([name]) => name).join(', ')}.`,
      evidence: denied.map(([name, value]) => fact(name, whyMissing(value))),
      advice: 'Sign in with an account that is a local administrator of the server and a member of the group ADSyncAdmins; a new membership needs a new logon.',
      plan: 'manual',
    })];
  }
  if (valueOf(snapshot.shell.elevated) !== false) return [];
  return [finding({
    id: 'access-denied', severity: 'warning', title: `The session of ${user} is not elevated`,
    detail: 'Reading works, but Windows filtered the administrator rights out of this logon: every repair would be refused.',
    evidence: [fact('shell.elevated', false)],
    advice: 'Connect with a domain account that is a local administrator, or over SSH: both get a full token.',
    plan: 'manual',
  })];
};
