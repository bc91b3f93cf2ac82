import type { Manual, ManualAbout } from './manual.ts';
import { importModule, showEvents, showService } from './powershell.ts';

/** Runs one delta cycle and reads what became of it. */
export function verifyByHand(about: ManualAbout): Manual {
  return {
    actions: [
      { kind: 'command', about: 'One delta cycle. The accidental-delete threshold stays as it is:', lines: [importModule(about), 'Start-ADSyncSyncCycle -PolicyType Delta'] },
      { kind: 'command', about: 'Repeat it until it shows nothing:', lines: ['Get-ADSyncConnectorRunStatus'] },
      { kind: 'command', about: 'How each run of the cycle ended:', lines: ['Get-ADSyncRunProfileResult -NumberRequested 10 | Select-Object -Property ConnectorName, RunProfileName, Result, StartDate, EndDate'] },
      { kind: 'command', about: 'The service, and problems that it wrote:', lines: [showService, showEvents(['ADSync'], [6000, 6601, 6602, 6227, 6231])] },
    ],
    expect: ['Every run of just now has the result success.', 'No event of the last command is newer than the start of the cycle.', 'State is Running.'],
    stopIf: ['A run ends with no-start-credentials: the password of that connector has not arrived.', 'A run ends with stopped-deletion-threshold-exceeded or something else: find out why before the scheduler is put back.'],
  };
}
