import { lastBuildOfOldKeys } from '../builds.ts';
import { plain } from '../evidence.ts';
import type { Manual, ManualAbout } from './manual.ts';
import { installed, showEvents, showService } from './powershell.ts';

/** Abandons the encryption key, once, with every check beside it that the product makes. */
export function abandonKeyByHand(about: ManualAbout): Manual {
  const name = about.computerName === undefined ? 'the name on the cover of this document' : plain(about.computerName);
  return {
    actions: [
      { kind: 'do', text: 'THIS CANNOT BE UNDONE. Every stored secret of every connector is dropped, on-premises and Entra. Not even a database backup brings them back, unless the old key can be read again.' },
      { kind: 'do', text: `Microsoft's document says: "The following procedures only apply to Microsoft Entra Connect build 1.1.443.0 or older." Builds after ${lastBuildOfOldKeys} make a new key by themselves when they cannot read the old one; there this is a last resort. Promoting a staging server, or asking support, comes first.` },
      { kind: 'command', about: `The name of this server. Read it aloud to whoever is on the phone; it must be ${name}:`, lines: ['$env:COMPUTERNAME'] },
      { kind: 'command', about: 'Programs that must be closed; nothing may be shown:', lines: ['Get-Process -Name AzureADConnect, miisclient -ErrorAction SilentlyContinue | Select-Object -Property Id, ProcessName'] },
      { kind: 'command', about: 'Keys that were made meanwhile; nothing newer than the fault may be shown:', lines: [showEvents(['ADSync'], [6201, 6227, 6231, 6603])] },
      { kind: 'command', about: 'The service is stopped, and its process has ended:', lines: ['Stop-Service -Name ADSync', showService, 'Get-Process -Name miiserver -ErrorAction SilentlyContinue | Select-Object -Property Id, ProcessName'] },
      ...(about.database === 'remote'
        ? [{ kind: 'do' as const, text: 'The database is on another server, and miiskmu.exe signs in there as you: sign in at the server\'s own console, not over the network, with an account that has rights in the database.' }]
        : [{ kind: 'command' as const, about: 'The database still runs; one process must be shown:', lines: ['Get-Process -Name sqlservr -ErrorAction SilentlyContinue | Select-Object -Property Id, ProcessName'] }]),
      { kind: 'do', text: 'Two people sign here before the next line is typed: ________  ________' },
      { kind: 'command', about: 'Once. Do not close the window, do not press Ctrl+C, whatever it takes:', lines: [`& ${installed(about, 'Bin\\miiskmu.exe')} /a`, '$LASTEXITCODE'] },
      { kind: 'command', about: 'What it wrote:', lines: [showEvents(['MIISKMU'], [1])] },
    ],
    expect: ['0 as the exit code, and an event MIISKMU 1 of just now.', 'The service is still stopped, whatever the text says about it having been started.'],
    stopIf: [
      'The server has another name, a program is open, a newer event is shown, or the database process is gone: close this window without typing the line.',
      'The exit code is anything but 0, or the window died: NEVER type the line a second time. Write down the exit code and the events, and ask support.',
    ],
  };
}
