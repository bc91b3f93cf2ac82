import type { PlanId, StepId } from '../ids.ts';
import { plain } from '../evidence.ts';
import type { Manual, ManualAbout } from './manual.ts';
import { installed, showEvents, showService } from './powershell.ts';

/** When a plan is the right one, for a person who has nothing but the server's own screens to tell. */
export const onlyWhen: Readonly<Record<PlanId, readonly string[]>> = {
  'service-password': ['The System log has 7038 with %%1326 for ADSync, or the service ends with 1069 (1326): Windows has another password than the account.', 'The account is the one that the service has always had.'],
  'full-abandonment': [
    'The account that the service logs on as is the original one, by the entries of that account on the folder Data and on the registry key of the service.',
    'The log-on works: no 7038 and no 7041 since the last start.', 'The database is healthy: none of 6204, 6209 to 6222, 6224, 6225 and 6223 since the fault.',
    'No 6227 and no 6231 since the fault: otherwise the service has made a new key by itself, and only the credentials are missing.',
    'The System log has 7024 with 0x80231000 (-2145185792) for this service, or the service shows that as ServiceSpecificExitCode; and the Application log has 6203, 6207 or 6208. Events of the Application log alone prove nothing: any program can write them.',
    'Nobody knows the old password: with it, setting it back would lose nothing.', 'A writable domain controller answers, where the account is a domain\'s.',
    'No earlier abandonment is open: no event MIISKMU 1 that nobody can explain.',
  ],
  'credentials-only': ['6227 or 6231, or 6201 after an abandonment, says that a new key was made; 6601, 6602 or runs with no-start-credentials say that secrets are missing. Nothing is to be abandoned.'],
  'connector-password': ['The runs of one AD connector end with no-start-credentials, or 6000 names it, and those of the others do not.'],
  'entra-reinitialize': ['6801, 6900 or 906 with AADSTS… says that the Entra Connector account cannot sign in.', 'The server signs in with that account and not as an application.'],
  'entra-application': ['The server signs in to Entra as an application, and that sign-in fails.'],
  'planned-change': ['The service runs and every connector works.', 'The build is newer than 1.1.443.0: on that and older ones a new password destroys the encryption key. Upgrade first.', 'The account is a user with a password, not a virtual or managed service account.'],
  'abandon-any-reason': ['There is a reason that somebody answers for in writing, for instance a compromised key.', 'A staging server has been promoted first, where there is one.', 'The passwords of all connectors are at hand.'],
  'manual': ['A finding says what a person has to do; this document does not replace it.'],
};

const stopping: readonly StepId[] = ['stop-service', 'restart-service', 'abandon-key'];

/** What is looked at before the first step, without changing anything. */
export function beforeByHand(about: ManualAbout, steps: readonly StepId[]): Manual {
  const name = about.computerName === undefined ? 'the name on the cover of this document' : plain(about.computerName);
  const stops = steps.some((step) => stopping.includes(step));
  return {
    actions: [
      { kind: 'click', program: 'the server\'s own console, as a member of its local Administrators', clicks: ['START → Windows PowerShell → right-click → Run as administrator. Not PowerShell 7.'] },
      { kind: 'command', about: `The right server: it must show ${name}.`, lines: ['$env:COMPUTERNAME', '$PSVersionTable.PSVersion'] },
      { kind: 'command', about: 'The service, its account and how it ended:', lines: [showService] },
      { kind: 'command', about: 'The build:', lines: [`(Get-Item -LiteralPath ${installed(about, 'Bin\\miiserver.exe')}).VersionInfo.FileVersion`] },
      { kind: 'command', about: 'What Windows wrote about the service, and its codes:', lines: ["Get-WinEvent -LogName System -FilterXPath \"*[System[Provider[@Name='Service Control Manager'] and (EventID=7000 or EventID=7001 or EventID=7024 or EventID=7038 or EventID=7041)]]\" -MaxEvents 20 -ErrorAction SilentlyContinue | ForEach-Object { \"$($_.TimeCreated) $($_.Id) $(@($_.Properties | ForEach-Object { $_.Value }) -join ' ')\" }"] },
      { kind: 'command', about: 'What the sync engine wrote about its key, newest first:', lines: [showEvents(['ADSync', 'MIISKMU'], [1, 6201, 6203, 6204, 6206, 6207, 6208, 6223, 6227, 6231, 6601, 6602])] },
      ...(stops ? [
        { kind: 'command' as const, about: 'The size of the database (LocalDB takes 10 GB at most):', lines: [`Get-ChildItem -LiteralPath ${installed(about, 'Data')} -Filter *.mdf -Recurse | Select-Object -Property FullName, Length`] },
        { kind: 'command' as const, about: 'Programs that must be closed; nothing may be shown:', lines: ['Get-Process -Name AzureADConnect, miisclient -ErrorAction SilentlyContinue | Select-Object -Property Id, ProcessName'] },
      ] : []),
    ],
    expect: onlyWhen[about.plan],
    stopIf: ['It is another server, or what this plan needs is not there: do nothing, and diagnose first.', ...(stops ? ['The database file has 9.5 GB or more: the service must not be stopped before there is room.'] : [])],
  };
}
