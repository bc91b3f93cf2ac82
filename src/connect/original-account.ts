import { parseAccount, sameAccount, type AccountName } from './account.ts';
import { valueOf, whyMissing, type Fact } from './fact.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Whether the service logs on as the account that it was installed with. Only our own baseline, the access lists that the setup
 * program wrote and the owner of the shared LocalDB instance can prove it; what a person or the servers file says can only contradict.
 */
export type OriginalAccount =
  | { readonly state: 'proven'; readonly by: string }
  | { readonly state: 'replaced'; readonly original: string; readonly by: string }
  | { readonly state: 'unproven'; readonly reason: string };

/** Groups that the setup program names in the same access lists. */
const groups = new Set(['adsyncadmins', 'adsyncoperators', 'adsyncbrowse', 'adsyncpasswordset', 'administrators', 'domain admins', 'enterprise admins', 'users', 'trustedinstaller']);

export function originalAccount(snapshot: Snapshot, claimed: string | undefined): OriginalAccount {
  const computer = valueOf(snapshot.server.computerName);
  const startName = valueOf(snapshot.service.startName);
  const account = startName === undefined ? undefined : parseAccount(startName, computer);
  if (account === undefined) return { state: 'unproven', reason: `the Log On account of the service could not be read: ${whyMissing(snapshot.service.startName)}` };
  const proof = fromBaseline(snapshot, account, computer) ?? withInstanceOwner(fromAccessLists(snapshot, account, computer), snapshot, account, computer);
  if (proof.state === 'proven' && claimed !== undefined) {
    const claim = parseAccount(claimed, computer);
    if (claim === undefined || sameAccount(claim, account) === false) return { state: 'unproven', reason: `the servers file names ${claimed} as the service account, the service logs on as ${startName ?? ''}` };
  }
  return proof;
}

function fromBaseline(snapshot: Snapshot, account: AccountName, computer: string | undefined): OriginalAccount | undefined {
  const { baseline, baselineMachineId } = snapshot.original;
  if (!baseline.known) return undefined;
  // A copied disk or a restored image brings another machine's baseline with it.
  if (!snapshot.machineId.known || !baselineMachineId.known || snapshot.machineId.value.toLowerCase() !== baselineMachineId.value.toLowerCase()) return undefined;
  const recorded = parseAccount(baseline.value, computer);
  const same = recorded === undefined ? undefined : sameAccount(recorded, account);
  if (same === true) return { state: 'proven', by: 'the baseline that was taken while the server was healthy' };
  if (same === false) return { state: 'replaced', original: baseline.value, by: 'the baseline that was taken while the server was healthy' };
  return { state: 'unproven', reason: `the baseline names ${baseline.value}, and its name alone does not tell whether that is the same account` };
}

/**
 * Sets the owner of LocalDB's process beside what the access lists say. The shared instance runs as the account that setup made it
 * for, whoever logs on now, and nobody else can start it: its owner proves the account where the lists are silent. It accuses nobody:
 * where it names another account than the service, or than the lists, nothing is proven. Without a process there is no such proof.
 */
function withInstanceOwner(lists: FromLists, snapshot: Snapshot, account: AccountName, computer: string | undefined): OriginalAccount {
  const text = valueOf(snapshot.database.processOwner);
  const owner = text === undefined ? undefined : parseAccount(text, computer);
  if (owner === undefined || valueOf(snapshot.database.processAlive) !== true || lists.state === 'replaced') return lists;
  const same = sameAccount(owner, account);
  // A UPN and DOMAIN\name may be one account: that tells nothing.
  if (same === undefined) return lists;
  if (same) return lists.state === 'proven' || lists.against ? lists : { state: 'proven', by: 'the owner of the shared LocalDB instance' };
  const beside = lists.state === 'proven' ? lists.by : 'there is no baseline of this server';
  return { state: 'unproven', reason: `the shared LocalDB instance runs as ${text ?? ''}, not as the Log On account (${beside})` };
}

/** `against`: the lists do not only fail to prove the account, they speak for another one. */
type FromLists = Exclude<OriginalAccount, { state: 'unproven' }> | { readonly state: 'unproven'; readonly reason: string; readonly against: boolean };

function fromAccessLists(snapshot: Snapshot, account: AccountName, computer: string | undefined): FromLists {
  const files = accountsOf(snapshot.original.fileAccounts, computer);
  const registry = accountsOf(snapshot.original.registryAccounts, computer);
  if (files === undefined || registry === undefined || (!snapshot.original.fileAccounts.known && !snapshot.original.registryAccounts.known)) {
    const gap = snapshot.original.fileAccounts.known ? whyMissing(snapshot.original.registryAccounts) : whyMissing(snapshot.original.fileAccounts);
    return { state: 'unproven', reason: `there is no baseline of this server, and the access lists of its files and registry could not be read: ${gap}`, against: false };
  }
  const named = [...files, ...registry];
  const rivals = named.filter((candidate) => sameAccount(candidate.account, account) !== true && isServiceAccount(candidate.account, account, snapshot, computer));
  const matches = named.some((candidate) => sameAccount(candidate.account, account) === true);
  // An account that Windows can no longer name may be the original one.
  const nameless = [...(valueOf(snapshot.original.fileAccounts) ?? []), ...(valueOf(snapshot.original.registryAccounts) ?? [])].find((text) => /^S-1-5-(?:21|80)-/i.test(text));
  if (nameless !== undefined) return { state: 'unproven', reason: `there is no baseline of this server, and its access lists name an account that Windows cannot resolve (${nameless})`, against: !matches };
  const by = "the access lists of ADSync's files and registry keys";
  if (matches && rivals.length === 0) return { state: 'proven', by };
  const names = new Set(rivals.map((rival) => rival.text.toLowerCase()));
  const [rival] = rivals;
  if (!matches && rival !== undefined && names.size === 1 && (snapshot.original.fileAccounts.known ? files : registry).some((f) => f.text.toLowerCase() === rival.text.toLowerCase()) && sameAccount(rival.account, account) === false) {
    return { state: 'replaced', original: rival.text, by };
  }
  if (rivals.length > 0) return { state: 'unproven', reason: `there is no baseline of this server, and the access lists name more than one account that may be the service account: ${[...names].join(', ')}`, against: !matches };
  return { state: 'unproven', reason: 'there is no baseline of this server, and the access lists do not name the Log On account', against: false };
}

interface Named { readonly text: string; readonly account: AccountName }

/** Empty where the thing itself is not there (a server with a remote database may have no Data folder): the other list then decides. */
function accountsOf(list: Fact<readonly string[]>, computer: string | undefined): readonly Named[] | undefined {
  if (!list.known && list.why === 'not-found') return [];
  return valueOf(list)?.slice(0, 200).flatMap((text) => {
    const account = parseAccount(text, computer);
    return account === undefined ? [] : [{ text, account }];
  });
}

/** Whether an entry could be the service account: built-in principals and groups never are. */
function isServiceAccount(candidate: AccountName, account: AccountName, snapshot: Snapshot, computer: string | undefined): boolean {
  if (candidate.kind === 'virtual') return candidate.user === 'adsync';
  if (candidate.kind === 'built-in' || groups.has(candidate.user)) return false;
  if (candidate.kind === 'managed') return candidate.user !== `${computer?.toLowerCase() ?? ''}$`;
  const domain = valueOf(snapshot.server.domain)?.toLowerCase() ?? '';
  return candidate.kind === 'local-user' || candidate.domain === account.domain || candidate.domain === domain || candidate.domain === domain.split('.')[0];
}
