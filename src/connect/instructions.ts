import { parseAccount } from './account.ts';
import { compareBuilds, firstBuildThatKeepsApplicationSettings } from './builds.ts';
import { valueOf } from './fact.ts';
import type { Finding } from './finding.ts';
import type { FindingId, PlanId } from './ids.ts';
import type { Snapshot } from './snapshot.ts';

/** The server's own names for the things that an instruction speaks of. */
interface Names {
  readonly account: string;
  /** The account without its domain, as the tools of a directory want it. */
  readonly user: string;
  readonly domain: string;
  readonly original: string | undefined;
  readonly folder: string;
  readonly file: string;
  readonly instance: string;
  readonly snapshot: Snapshot;
  readonly finding: Finding;
}

const startOnce = 'Then start ADSync once from here ("Start the service"), and diagnose again. If it fails again, do not start it a second time: read what the new diagnosis says.';

/** What a person does about a finding, in order; each line is one thing to do, with the names that this server reports. */
const byFinding: Readonly<Partial<Record<FindingId, (names: Names) => readonly string[]>>> = {
  'account-blocked': ({ account, user, finding }) => [
    `On a domain controller (for a local account: on the server) look at ${account}: ${finding.detail}`,
    `Locked out (1909): Unlock-ADAccount ${user}, and find out what keeps locking it before you go on: event 4740 on the domain controller names the computer.`,
    `Disabled (1331) or expired (1793): ask why before you enable or extend it: Enable-ADAccount ${user}, Clear-ADAccountExpiration ${user}.`,
    'Password expired or to be changed (1330, 1907): change it as a change, with the old password, never as a reset: a reset can cost the encryption key. Then run the plan for the new password.',
    'Restricted (1327, 1328, 1329): look at the logon hours, the computers that it may log on to, and at policies that refuse blank passwords.',
    startOnce,
  ],
  'logon-unavailable': ({ domain, account }) => [
    `On the server: nltest /dsgetdc:${domain} /writable. It has to name a writable domain controller.`,
    `On the server: nltest /sc_verify:${domain}. A broken trust (1789) is repaired with Test-ComputerSecureChannel -Repair.`,
    'On the server: w32tm /query /status. A clock that is more than five minutes away from the domain controller\'s (1398) refuses every logon.',
    `Do not change and do not reset the password of ${account}: it has not been checked at all.`,
    startOnce,
  ],
  'logon-right-missing': ({ account }) => [
    `On the server: secpol.msc → Local Policies → User Rights Assignment → Log on as a service: add ${account}.`,
    'On the server: gpresult /h report.html, and look under User Rights Assignment: where a group policy sets this right, add the account there, or the next refresh takes it away again.',
    'Look at "Deny log on as a service" as well: it wins.',
    startOnce,
  ],
  'account-replaced': ({ account, original }) => [
    `In services.msc open Microsoft Entra ID Sync (ADSync) → Log On. It shows ${account} now.`,
    original === undefined ? 'Find out which account it was installed with: the access list of its Data folder names it, and so do the change records of that day.' : `Put ${original} back there. A virtual or managed account (its name ends with ADSync or $) takes no password: leave both fields empty.`,
    'Do not abandon the key and do not give the new account rights in the database: the key belongs to the original account.',
    startOnce,
    'Where events 6227 or 6231 were written meanwhile, the stored secrets are gone: the new diagnosis then asks for the credentials only.',
  ],
  'key-unreadable-no-dc': ({ domain, account }) => [
    'Leave ADSync stopped until a writable domain controller answers: a start before could make a new key and drop every stored secret.',
    `On the server, until it names one: nltest /dsgetdc:${domain} /writable /force. A read-only domain controller does not do: it has no backup key.`,
    `Look for what keeps it away: DNS, a firewall, a site link, the secure channel (nltest /sc_verify:${domain}).`,
    `Do not set the password of ${account} again meanwhile.`,
    startOnce,
  ],
  'database-restored': ({ folder, file }) => [
    'Find out who restored or copied what: a snapshot of the machine, a backup of the database, files of another server.',
    `With ADSync stopped, put the database back that belongs to this server (${file === '' ? `under ${folder}\\Data` : file}, with its _log.ldf), from the backup that was taken before.`,
    startOnce,
    'Only where that database does not exist any more: "Abandon for any reason" drops every stored secret and makes a new key; it asks for the server\'s name where this finding is overruled.',
  ],
  'database-broken': ({ folder, instance, snapshot }) => (valueOf(snapshot.database.server)?.toLowerCase().startsWith('(localdb') === false ? [
    `On the SQL server: is it running, does it answer on its port, is the database online, has the service account still db_owner there?`,
    'Look at the SQL server\'s error log for the time of the last start.',
    startOnce,
  ] : [
    `As an administrator on the server: SqlLocalDB.exe info "${instance}". The instance belongs to the service account and runs only while ADSync does.`,
    'Look at error.log in the service account\'s profile: AppData\\Local\\Microsoft\\Microsoft SQL Server Local DB\\Instances. Damage to the model database after a restart of Windows is known there (error 9003): copy model.mdf and modellog.ldf from the folder of the LocalDB templates over the damaged ones, keep the old files.',
    `Look whether ${folder}\\Data is there, whether the disk is full, and whether the service account can write there.`,
    'Do not abandon the key: it is not what is broken.',
    startOnce,
  ]),
  'database-nearly-full': ({ file }) => [
    `Do not stop and do not restart ADSync, and do not restart the server: at 10 GB LocalDB may not come up again (${file}).`,
    'While ADSync runs: Start-ADSyncPurgeRunHistory -PurgeRunHistoryInterval 1.00:00:00. It frees most of what fills such a database.',
    'If ADSync is stopped already: Start-ADSyncPurgeRunHistory -Offline, which works on LocalDB only.',
    'Afterwards shorten what is kept (Set-ADSyncScheduler -PurgeRunHistoryInterval), or move the database to SQL Server.',
    'Diagnose again.',
  ],
  'not-installed': ({ snapshot }) => [
    `Compare the name that answered (${valueOf(snapshot.server.computerName) ?? 'not reported'}) with the server that you meant, and correct the servers file.`,
    'If this is the server: Microsoft Entra Connect was removed, or it is Microsoft Entra Cloud Sync, which has no service ADSync. Look in Apps & features.',
    'Diagnose again.',
  ],
  'access-denied': () => [
    'Connect with an account that is a local administrator of the server, and over WinRM with a domain account: the token of a local one is filtered.',
    'Add it to the group ADSyncAdmins of the server (on a domain controller: of the domain), and sign in anew: a new membership needs a new logon.',
    'Where PowerShell runs in constrained language mode, an application control policy (AppLocker, WDAC) decides: ask its owner, do not work around it.',
    'Diagnose again.',
  ],
  'entra-sign-in': ({ finding }) => (/AADSTS5[03]/.test(finding.title) ? [
    'In the Microsoft Entra admin center → Sign-in logs → Service principal and non-interactive sign-ins, filter on the Entra Connector account: the entry names the policy that stopped it.',
    'Conditional Access (AADSTS53003 and its neighbours) or multifactor authentication (AADSTS50076 and its neighbours): exclude the role Directory Synchronization Accounts from that policy. Terms of use count as well.',
    'A disabled account (AADSTS50057): find out who disabled it and why, then enable it.',
    'Wait some minutes for the policy to take effect, then diagnose again.',
  ] : [
    'On the server, open the Microsoft Entra Connect wizard → View or export current configuration: it says whether the server signs in with an account or as an application.',
    'With an account: reinitialize it here. As an application: rotate its certificate in the wizard.',
    'Diagnose again.',
  ]),
  'cannot-tell': ({ finding }) => [`Settle this by hand: ${finding.detail}`, finding.advice, 'Change and abandon nothing until a new diagnosis says what it is.'],
};

function applicationRepair({ snapshot }: Names): readonly string[] {
  const build = valueOf(snapshot.installation.build);
  return [
    'On the server, open the Microsoft Entra Connect wizard → Additional tasks → Configure application-based authentication to Microsoft Entra ID → Rotate application certificate. It signs in interactively, so multifactor authentication is no obstacle.',
    'AADSTS700027 (or 7000215) says that the certificate is not the application\'s: two servers that share one application, as after cloning a machine, keep replacing each other\'s. Give each its own.',
    'With a certificate or an application of your own (BYOC, BYOA): put the new certificate on the server first, then Invoke-ADSyncApplicationCredentialRotation -CertificateSHA256Hash.',
    ...(build !== undefined && compareBuilds(build, firstBuildThatKeepsApplicationSettings) < 0
      ? [`Do not open the properties of the Entra connector in Synchronization Service Manager on build ${build}: OK drops the application's settings. If that has happened: Repair-ADSyncToolsEntraAppParameters (ADSyncTools 2.3.0 or newer).`] : []),
    'Never run Add-ADSyncAADServiceAccount here: it rolls the server back to a password.',
    'Diagnose again; a new certificate can take a quarter of an hour until the tenant accepts it.',
  ];
}

/** What a person does for a plan, in order: all of a plan without steps, the preparation of one with steps. */
export function instructionsFor(plan: PlanId, findings: readonly Finding[], snapshot: Snapshot): readonly string[] {
  const finding = findings.find((candidate) => candidate.plan === plan);
  const names = (about: Finding): Names => namesOf(about, snapshot);
  switch (plan) {
    case 'manual': return finding === undefined ? [] : (byFinding[finding.id]?.(names(finding)) ?? [finding.advice]);
    case 'entra-application': return finding === undefined ? applicationRepair({ ...noNames, snapshot }) : applicationRepair(names(finding));
    case 'planned-change': return [
      'Choose a time at which nobody else works on the server; it stands still for some minutes.',
      'Have at hand: the old and the new password of the service account, and the passwords of every AD DS Connector account, in case that the key does not survive.',
      'Do not change the password yet: the plan asks for it when what is there has been saved.',
    ];
    case 'abandon-any-reason': case 'full-abandonment': return [
      'Where there is a staging server, put this one into staging mode and promote the other first (in the wizard of each): synchronization then goes on while this one is repaired.',
      'Have the passwords of every AD DS Connector account at hand, and an administrator of the tenant who can sign in without a second factor; without them the server does not synchronize afterwards.',
    ];
    default: return [];
  }
}

const noNames = { account: 'the service account', user: '', domain: '', original: undefined, folder: '', file: '', instance: '', finding: { id: 'healthy', severity: 'ok', title: '', detail: '', evidence: [], ruledOut: [], advice: '', plan: undefined, target: undefined } } as const satisfies Omit<Names, 'snapshot'>;

function namesOf(finding: Finding, snapshot: Snapshot): Names {
  const account = valueOf(snapshot.service.startName) ?? 'the service account';
  const parsed = parseAccount(account, valueOf(snapshot.server.computerName));
  const replaced = finding.evidence.find((evidence) => evidence.kind === 'fact' && evidence.fact === 'original account');
  return {
    account, finding, snapshot,
    user: account.slice(account.lastIndexOf('\\') + 1),
    domain: parsed?.kind === 'domain-user' || parsed?.kind === 'managed' ? parsed.domain : (valueOf(snapshot.server.domain) ?? 'DOMAIN'),
    original: replaced?.text,
    folder: valueOf(snapshot.installation.path) ?? '',
    file: valueOf(snapshot.database.file) ?? '',
    instance: valueOf(snapshot.database.instance) ?? '',
  };
}
