import type { Manual, ManualAbout } from './manual.ts';
import { importModule } from './powershell.ts';

const setting = "(Get-ADSyncGlobalSettings).Parameters | Where-Object { $_.Name -eq 'Microsoft.Synchronize.SynchronizationSchedule' } | Select-Object -Property Name, Value";

/** Turns scheduled cycles off and waits until nothing runs. */
export function pauseSchedulerByHand(about: ManualAbout): Manual {
  return {
    actions: [
      { kind: 'do', text: 'Skip this step where the service does not run, and take it as soon as it runs.' },
      { kind: 'command', about: 'Whether scheduled synchronization is on. Write the value down here, it is put back at the end: ________', lines: [importModule(about), setting] },
      { kind: 'command', about: 'Off:', lines: ['Set-ADSyncScheduler -SyncCycleEnabled $false'] },
      { kind: 'command', about: 'What runs now; repeat it until it shows nothing (a synchronization can take hours, and is not to be ended by force):', lines: ['Get-ADSyncConnectorRunStatus'] },
    ],
    expect: ['The last command shows nothing.'],
    stopIf: ['Something still runs after six hours: look at it in the Operations tab of Synchronization Service Manager.'],
  };
}

/** Puts scheduled cycles back as they were written down. */
export function restoreSchedulerByHand(about: ManualAbout): Manual {
  return {
    actions: [
      { kind: 'do', text: 'Only where the value that you wrote down was True. Where it was False, the scheduler stays off.' },
      { kind: 'command', about: 'On again:', lines: [importModule(about), 'Set-ADSyncScheduler -SyncCycleEnabled $true', setting] },
    ],
    expect: ['The value that you wrote down.'],
    stopIf: [],
  };
}
