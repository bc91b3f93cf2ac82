import { firstBuildThatRecreatesKeys, compareBuilds } from '../builds.ts';
import { hasPassword, parseAccount } from '../account.ts';
import { plain } from '../evidence.ts';
import type { Manual, ManualAbout } from './manual.ts';
import { showEvents, showService } from './powershell.ts';

const sameAccount = (about: ManualAbout): string => `StartName is not ${about.startName === undefined ? 'the account that the service has always had' : plain(about.startName)}: put the original account back, and begin this document anew.`;
const waitForEnd = "Get-Process -Name miiserver -ErrorAction SilentlyContinue | Select-Object -Property Id, ProcessName";

const newWindow = { kind: 'do', text: 'Close the PowerShell window and open a new one in the same way: the commands of the sync engine do not work in a window that is older than the service.' } as const;

/** Gives Service Control Manager the password: by its own window, since a command line would show it to everybody. */
export function setServicePasswordByHand(about: ManualAbout): Manual {
  const account = about.startName === undefined ? 'the account that is shown there' : plain(about.startName);
  const kind = about.startName === undefined ? undefined : parseAccount(about.startName, about.computerName)?.kind;
  if (kind !== undefined && !hasPassword(kind)) {
    return { actions: [{ kind: 'do', text: `Leave this step out: nobody knows the password of ${account}, and none may be set.` }], expect: [], stopIf: [] };
  }
  return {
    actions: [
      ...(about.plan === 'planned-change' ? [{ kind: 'do' as const, text: `Change the password of ${account} now: as a change, by somebody who enters the old password as well. Never reset it: after a reset the encryption key may not be readable any more.` }]
        : [{ kind: 'do' as const, text: `Find out first how the password of ${account} got its present value: changed (with the old password) or reset (without it)? After a reset of a local account set the old password on it again if anybody knows it: nothing is lost that way.` }]),
      {
        kind: 'click', program: 'Services (START → services.msc)',
        clicks: ['Select the service "Microsoft Entra ID Sync" ("Microsoft Azure AD Sync" on older builds; its name is ADSync).', 'Action → Properties → Log On.', `Leave "This account" as it is: ${account}.`, 'Enter the account\'s present password in Password and in Confirm password.', 'OK. Do not start or restart the service from this window.'],
      },
      { kind: 'command', about: 'What Windows has now:', lines: [showService] },
    ],
    expect: ['Windows says that the new logon name takes effect when the service is restarted, or nothing at all.', 'StartName is what it was.'],
    stopIf: [sameAccount(about), 'The account is a virtual or managed service account (NT SERVICE\\…, or a name that ends in $): nobody knows its password, and none may be set.'],
  };
}

/** Stops the service and waits for its process. */
export function stopServiceByHand(): Manual {
  return {
    actions: [
      { kind: 'command', about: 'Stopping can take longer than two minutes; a warning that it is still stopping is no error:', lines: ['Stop-Service -Name ADSync'] },
      { kind: 'command', about: 'Repeat both until the service is Stopped and no process is shown:', lines: [showService, waitForEnd] },
    ],
    expect: ['State is Stopped, and there is no process miiserver.'],
    stopIf: ['The database file is near 10 GB: the service may not come up again. Do not stop it; make room first.'],
  };
}

/** Starts the service once; what it wrote decides how it goes on. */
export function startServiceByHand(about: ManualAbout): Manual {
  const recreates = about.build === undefined || compareBuilds(about.build, firstBuildThatRecreatesKeys) >= 0;
  const afterAbandon = about.purpose === 'after-abandon';
  return {
    actions: [
      ...(afterAbandon || !recreates ? [] : [{ kind: 'do' as const, text: 'This start may drop connector secrets: where the encryption key cannot be read, this build makes a new one. After a reset of a domain account\'s password have a writable domain controller answer first: nltest /dsgetdc:DOMAIN /writable' }]),
      { kind: 'command', about: 'Once, and not again if it fails: failed log-ons can lock the account.', lines: ['Start-Service -Name ADSync', showService] },
      { kind: 'command', about: 'What the service wrote about its key:', lines: [showEvents(['ADSync'], [6201, 6203, 6206, 6207, 6208, 6227, 6231])] },
      { kind: 'command', about: 'What Windows wrote about the start:', lines: ["Get-WinEvent -LogName System -FilterXPath \"*[System[Provider[@Name='Service Control Manager'] and (EventID=7000 or EventID=7024 or EventID=7038 or EventID=7041)]]\" -MaxEvents 5 -ErrorAction SilentlyContinue | Select-Object -Property TimeCreated, Id, RecordId"] },
      newWindow,
    ],
    expect: afterAbandon ? ['State is Running, and an event 6201 of just now says that a new key was made.']
      : about.purpose === 'retry' ? ['Either State is Running: then nothing has to be abandoned, and you go on with "Verify with a delta cycle".', 'Or it is Stopped again with 7024 and 6203, 6207 or 6208 of just now, and no 6227 or 6231: go on with the next step.'] : ['State is Running.'],
    stopIf: [
      ...(afterAbandon ? [] : ['Event 6227 or 6231 of just now: the service has made a new key by itself. Nothing is to be abandoned any more; go on with a runbook of the plan credentials-only.']),
      ...(about.purpose === 'retry' ? [] : ['The service does not run: diagnose again from the events. Do not start it a second time.']),
      'Event 7038 or 7041 of just now: it is the password, the account or the right to log on as a service, not the key.',
    ],
  };
}

/** Stops and starts the service, so that it forgets cached passwords. */
export function restartServiceByHand(): Manual {
  return {
    actions: [
      ...stopServiceByHand().actions,
      { kind: 'command', about: 'Once:', lines: ['Start-Service -Name ADSync', showService] },
      newWindow,
    ],
    expect: ['State is Running, and StartName is what it was.'],
    stopIf: ['The service does not come up: diagnose from the System log. Do not start it a second time.'],
  };
}
