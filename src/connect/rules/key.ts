import { accountKindNames, belongsToDomain } from '../account.ts';
import { compareBuilds, lastBuildOfOldKeys } from '../builds.ts';
import { keyCode, showCode } from '../codes.ts';
import { events, fact } from '../evidence.ts';
import { keyRecreatedEvents } from '../events.ts';
import { valueOf } from '../fact.ts';
import type { Evidence } from '../finding.ts';
import { keyObjections } from '../key-objections.ts';
import { keyFailureSaid, systemKeyFailure, type Situation } from '../situation.ts';
import { finding, has, type Rule } from './rule.ts';

/** `key-unreadable-no-dc`: the key of a domain account cannot be read while no writable domain controller answers. */
export const keyUnreadable: Rule = (situation, before) => {
  const { account, failure, snapshot } = situation;
  if (situation.running || account === undefined || !belongsToDomain(account.kind) || valueOf(snapshot.domainController.writable) !== false) return [];
  if (has(before, 'account-replaced', 'database-broken', 'database-restored', 'key-recreated')) return [];
  const said = keyFailureSaid(situation);
  const code = systemKeyFailure(situation, keyCode);
  if (code === undefined && (said.length === 0 || failure.kind !== 'other')) return [];
  return [finding({
    id: 'key-unreadable-no-dc', severity: 'error', title: 'The encryption key cannot be read while no writable domain controller answers',
    detail: 'After the password of a domain account was reset, Windows needs a writable domain controller to make the key readable again. None answers now, so the key is unreadable, not lost.',
    evidence: [...(code === undefined ? [] : events(code.events)), ...events(said), fact('domainController.writable', false), ...ofAccount(situation)],
    ruledOut: ['Not proven to be a lost key: that is decided only by a start while a writable domain controller answers.'],
    advice: 'Bring a writable domain controller within reach of this server, then start the service once and diagnose again. Do not abandon the key, and do not start the service before: that start could drop the stored secrets.',
    plan: 'manual',
  })];
};

/** `key-lost`: Windows and the sync engine say that the key cannot be loaded, and everything that looks like it is ruled out. */
export const keyLost: Rule = (situation, before) => {
  const code = systemKeyFailure(situation, keyCode);
  if (code === undefined || has(before, 'account-replaced', 'database-broken', 'database-restored', 'database-nearly-full', 'key-recreated', 'key-unreadable-no-dc')) return [];
  if (keyObjections(situation).length > 0) return [];
  const said = keyFailureSaid(situation);
  const build = valueOf(situation.snapshot.installation.build);
  const isOld = build !== undefined && compareBuilds(build, lastBuildOfOldKeys) <= 0;
  return [finding({
    id: 'key-lost', severity: 'error', title: 'The encryption key is lost: ADSync cannot start until it is abandoned',
    detail: 'Windows could not start the service: "For more information, review the System Event log. If this is a non-Microsoft service, contact the service vendor, and refer to service-specific error code" ' +
      `${showCode(keyCode)}; the sync engine says that the server encryption key cannot be accessed. ` +
      (isOld ? 'On this build the key does not survive a reset of the password.' : 'Builds from April 2017 on usually make a new key by themselves; this server did not.'),
    evidence: [
      ...events(code.events), ...(situation.snapshot.service.serviceSpecificExitCode.known ? [fact('service.serviceSpecificExitCode', showCode(situation.snapshot.service.serviceSpecificExitCode.value))] : []),
      ...events(said), ...ofAccount(situation), ...(build === undefined ? [] : [fact('installation.build', build)]),
    ],
    ruledOut: [
      `Not a replaced account: ${situation.original.state === 'proven' ? situation.original.by : ''} prove that the Log On account is the original one.`,
      'Not a wrong password in the Service Control Manager: the last start got past the logon.',
      'Not the database: neither Windows nor the sync engine reports an error of it.',
      `Not recreated by the service itself: no event ${keyRecreatedEvents.join(' or ')} since the service last ran.`,
      ...(situation.account !== undefined && belongsToDomain(situation.account.kind) ? ['Not a missing domain controller: a writable one answers.'] : []),
    ],
    advice: 'Start the service once more and diagnose again; if the key is still lost and the old password cannot be set back, abandon the key and enter the credentials of every connector again.',
    plan: 'full-abandonment',
  })];
};

function ofAccount(situation: Situation): Evidence[] {
  const { service } = situation.snapshot;
  return service.startName.known && situation.account !== undefined ? [fact('service.startName', `${service.startName.value} (${accountKindNames[situation.account.kind]})`)] : [];
}
