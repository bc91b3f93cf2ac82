import { events, fact } from '../evidence.ts';
import { accountChanged } from '../events.ts';
import { valueOf } from '../fact.ts';
import { engineEvents } from '../situation.ts';
import { finding, type Rule } from './rule.ts';

/** `account-replaced`: the service logs on as another account than the one whose key it needs. */
export const accountReplaced: Rule = (situation) => {
  const { original, snapshot, running, account } = situation;
  const name = valueOf(snapshot.service.startName) ?? 'another account';
  const said = engineEvents(situation, [accountChanged]);
  // Event 6226 alone can be forged; it accuses only where the service is down and nothing proves the account.
  // LocalSystem and its like never run ADSync: whatever says so was tampered with, or the name was emptied by a mistake.
  const builtIn = account?.kind === 'built-in';
  if (original.state !== 'replaced' && !builtIn && (running || said.length === 0 || original.state === 'proven')) return [];
  const before = original.state === 'replaced' ? original.original : undefined;
  return [finding({
    id: 'account-replaced', severity: running ? 'warning' : 'error',
    title: builtIn && before === undefined ? `ADSync logs on as ${name}, which is never its account` : before === undefined ? `The Log On account of ADSync was changed to ${name}` : `ADSync logs on as ${name}, but it was installed with ${before}`,
    detail: 'Only the original Log On account can read the encryption key and the database. Changing the account after the installation is not supported.',
    evidence: [fact('service.startName', name), ...(original.state === 'replaced' ? [fact('original account', `${original.original} (${original.by})`)] : []), ...events(said)],
    ruledOut: ['Not a lost key: the key still belongs to the original account. Abandoning it would destroy every stored secret for nothing.'],
    advice: `Put the original account${before === undefined ? '' : ` ${before}`} back as the Log On account of the service, then start it once. Do not abandon the key.`,
    plan: 'manual',
  })];
};
