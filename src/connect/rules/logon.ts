import { accountKindNames, hasPassword, parseAccount, sameAccount } from '../account.ts';
import { exitCodes, logonFault } from '../codes.ts';
import { events, fact } from '../evidence.ts';
import { valueOf } from '../fact.ts';
import type { Evidence, Finding } from '../finding.ts';
import { passwordChange } from '../password-change.ts';
import type { ServiceFailure } from '../service-failure.ts';
import type { Situation } from '../situation.ts';
import { finding, has, type Rule } from './rule.ts';

type LogonFailure = Extract<ServiceFailure, { kind: 'logon' }>;

/** The logon failure of the last start, unless it is about an account that the service no longer uses. */
export function logonFailure(situation: Situation): LogonFailure | undefined {
  const { failure, account, snapshot } = situation;
  if (failure.kind !== 'logon') return undefined;
  if (failure.account === undefined || account === undefined) return failure;
  const failed = parseAccount(failure.account, valueOf(snapshot.server.computerName));
  return failed !== undefined && sameAccount(failed, account) === false ? undefined : failure;
}

function evidenceOf(situation: Situation, failure: LogonFailure): Evidence[] {
  const { service } = situation.snapshot;
  return [
    ...events(failure.events),
    ...(service.startName.known ? [fact('service.startName', service.startName.value)] : []),
    ...(service.exitCode.known && service.exitCode.value === exitCodes.logonFailure ? [fact('service.exitCode', service.exitCode.value)] : []),
  ];
}

function aboutOriginal(situation: Situation): string {
  return situation.original.state === 'proven'
    ? `Not a replaced account: ${situation.original.by} prove that it is the original one.`
    : `A replaced account is not excluded: ${situation.original.state === 'unproven' ? situation.original.reason : 'see the other finding'}. Make sure that the Log On account is the original one.`;
}

/** `stale-scm-password`: the password in the Service Control Manager is not the account's. */
export const staleScmPassword: Rule = (situation, before) => {
  const failure = logonFailure(situation);
  if (failure?.fault !== 'password' || has(before, 'account-replaced') || situation.account === undefined || !hasPassword(situation.account.kind)) return [];
  const name = valueOf(situation.snapshot.service.startName) ?? '';
  const known = passwordChange(situation.snapshot);
  return [finding({
    id: 'stale-scm-password', severity: 'error', title: `Windows starts ADSync with a password that ${name} no longer has`,
    detail: 'Windows could not start the service. Error 1069: The service did not start due to a logon failure; event 7038 says that the user name or password is incorrect (1326). ' +
      `The encryption key has not been tried yet: whether it survived shows at the next start.${known === undefined ? '' : known.kind === 'reset' ? ` The Security log says that the password was reset (event 4724 of ${known.event.time}): the key of a local account does not survive that, unless the old password is set again first.` : ` The Security log says that the password was changed, not reset (event 4723 of ${known.event.time}).`}`,
    evidence: [...evidenceOf(situation, failure), ...(known === undefined ? [] : events([known.event]))],
    ruledOut: [
      'Not a blocked account: the code is 1326, not one for a locked, disabled or expired account.',
      'Not a missing right "Log on as a service": that would be event 7041 with 1385.',
      aboutOriginal(situation),
    ],
    advice: 'Say whether the password was changed or reset, then give the Service Control Manager the new password and start the service once.',
    plan: 'service-password',
  })];
};

interface LogonFinding { readonly id: Finding['id']; readonly title: (name: string) => string; readonly advice: string; readonly ruledOut: string }

const byFault = {
  account: {
    id: 'account-blocked', title: (name: string) => `The account ${name} is blocked`,
    advice: 'Unblock the account in the directory (unlock, enable, extend, or set a password that does not have to be changed), then start the service once.',
    ruledOut: 'Not a wrong password: Windows names another reason, so no password is changed.',
  },
  unavailable: {
    id: 'logon-unavailable', title: (name: string) => `${name} cannot log on because the domain does not answer properly`,
    advice: 'Repair the domain controller, the trust or the clock first, then start the service once. Do not change any password.',
    ruledOut: 'Not a password problem: the logon was never checked against the directory.',
  },
  right: {
    id: 'logon-right-missing', title: (name: string) => `${name} lacks the right "Log on as a service"`,
    advice: 'Grant the right in the local security policy, and look for the group policy that removed it; then start the service.',
    ruledOut: 'Not a wrong password: Windows refused the logon type. The encryption key is untouched.',
  },
} as const satisfies Record<string, LogonFinding>;

/** `account-blocked`, `logon-unavailable` and `logon-right-missing`: logon failures that no password repairs. */
export const otherLogonFailure: Rule = (situation, before) => {
  const failure = logonFailure(situation);
  if (failure?.fault === undefined || failure.fault === 'password' || failure.code === undefined || has(before, 'account-replaced')) return [];
  const { id, title, advice, ruledOut } = byFault[failure.fault];
  const name = valueOf(situation.snapshot.service.startName) ?? 'the service account';
  return [finding({
    id, severity: 'error', title: title(name), advice, plan: 'manual',
    detail: `The logon of the service failed with ${failure.code}: ${logonFault(failure.code)?.meaning ?? 'unknown'}.`,
    evidence: evidenceOf(situation, failure),
    ruledOut: [ruledOut, aboutOriginal(situation)],
  })];
};

/** Why a logon failure leads to no finding of its own; undefined where there is none, or one was found. */
export function unexplainedLogon(situation: Situation): string | undefined {
  if (situation.failure.kind !== 'logon') return undefined;
  const failure = logonFailure(situation);
  if (failure === undefined) return `the logon failure on record is about ${situation.failure.account ?? 'another account'}, which is not the account that the service uses now`;
  if (failure.fault === 'password' && situation.account !== undefined && !hasPassword(situation.account.kind)) {
    return `Windows says that the password is wrong, but a ${accountKindNames[situation.account.kind]} has none that a person could set`;
  }
  if (failure.fault !== undefined) return undefined;
  return failure.code === undefined ? 'the service failed to log on (1069), and no event 7038 or 7041 says why' : `the logon failed with ${failure.code}, which has no known meaning here`;
}
