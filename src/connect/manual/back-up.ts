import type { Manual, ManualAbout } from './manual.ts';
import { copies, importModule, installed } from './powershell.ts';

const protectedFolder = (about: ManualAbout): readonly string[] => [
  `if (-not (Test-Path -LiteralPath "${copies(about)}")) { New-Item -Path "${copies(about)}" -ItemType Directory }`,
  `$acl = Get-Acl -LiteralPath "${copies(about)}"`,
  "$acl.SetSecurityDescriptorSddlForm('O:BAG:BAD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)')",
  `Set-Acl -LiteralPath "${copies(about)}" -AclObject $acl`,
];
const folderWasThere = (about: ManualAbout): string => `The folder ${copies(about)} was there before you made it: anybody can make one under ProgramData. Look at who did, and use another name.`;

/** Exports the configuration: by the running service only. */
export function backUpConfigurationByHand(about: ManualAbout): Manual {
  return {
    actions: [
      { kind: 'do', text: 'Skip this step where the service does not run: only the running service can export its configuration.' },
      { kind: 'command', about: 'A folder that only administrators can read:', lines: protectedFolder(about) },
      {
        kind: 'command', about: 'The export, which holds no secrets:',
        lines: [importModule(about), `New-Item -Path "${copies(about)}\\configuration" -ItemType Directory`, `Get-ADSyncServerConfiguration -Path "${copies(about)}\\configuration"`, `Copy-Item -LiteralPath ${installed(about, 'Bin\\miiserver.exe.config')} -Destination "${copies(about)}"`],
      },
      { kind: 'command', about: 'What was written:', lines: [`Get-ChildItem -LiteralPath "${copies(about)}\\configuration" -Recurse -File | Select-Object -Property Name, Length`] },
    ],
    expect: ['Files of connectors, global settings and synchronization rules, none of them empty.'],
    stopIf: [folderWasThere(about)],
  };
}

/** Backs the database up by SQL, without touching its backup chain. */
export function backUpDatabaseByHand(about: ManualAbout): Manual {
  if (about.database === 'remote') {
    return {
      actions: [{ kind: 'do', text: 'Have the database\'s administrator take a COPY_ONLY backup of the sync database now, and keep it where only administrators can read it.' }],
      expect: ['The administrator\'s word that the backup of today can be restored.'],
      stopIf: ['There is no backup: without one, abandoning the key has no way back at all.'],
    };
  }
  return {
    actions: [
      { kind: 'do', text: 'LocalDB lives as long as the service and some minutes longer: take this step while it does.' },
      { kind: 'command', about: 'A folder that only administrators can read:', lines: protectedFolder(about) },
      {
        kind: 'command', about: 'The backup goes beside the database first, where the database process may write. Where sqlcmd.exe is not found, it is under Microsoft SQL Server\\Client SDK\\ODBC\\…\\Tools\\Binn:',
        lines: [
          "$parameters = Get-ItemProperty -LiteralPath 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\ADSync\\Parameters'",
          '$database = if ($parameters.DBName) { [string]$parameters.DBName } else { \'ADSync\' }',
          `$beside = Join-Path -Path ${installed(about, 'Data')} -ChildPath 'manual.bak'`,
          '$statement = "BACKUP DATABASE [$database] TO DISK = N\'$beside\' WITH COPY_ONLY, INIT, CHECKSUM"',
          '& sqlcmd.exe -S "$($parameters.Server)\\$($parameters.SQLInstance)" -E -b -Q $statement',
          '$LASTEXITCODE',
        ],
      },
      { kind: 'command', about: 'Then into the protected folder:', lines: [`Copy-Item -LiteralPath $beside -Destination "${copies(about)}\\ADSync.bak"`, 'Remove-Item -LiteralPath $beside', `Get-Item -LiteralPath "${copies(about)}\\ADSync.bak" | Select-Object -Property FullName, Length`] },
      { kind: 'do', text: 'The copy is as sensitive as the server itself (Tier 0): it stays on the server.' },
    ],
    expect: ['0 as the exit code, and ADSync.bak with a length greater than 0.'],
    stopIf: [folderWasThere(about), 'sqlcmd.exe ends with anything but 0 and there is no other backup of today: without one, abandoning the key has no way back at all.'],
  };
}
