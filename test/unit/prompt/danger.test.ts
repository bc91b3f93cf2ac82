import assert from 'node:assert/strict';
import { inspectCommand } from '../../../src/providers/prompt/inspectCommand.ts';
import { looksSecret } from '../../../src/providers/prompt/secretText.ts';

/** What a person would have to be warned about, in many ways of writing the same. */
const dangerous: Readonly<Record<string, readonly string[]>> = {
  'encryption-key': [
    'miiskmu.exe /a', 'MIISKMU /a', 'mii`skmu.exe /a', '"miiskmu.exe" /a | Out-Null; & "miiskmu" /a', "& 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiskmu.exe' /u:x",
    "& ('miis' + 'kmu.exe') /a", "&('miiskmu')", '. miiskmu', '$null = miiskmu /a', '$p = "C:\\x\\miiskmu.exe"; & $p /a', 'cmd /c "miiskmu /a"', 'Start-Process miiskmu -Wait', 'saps miiskmu', 'if ($true) { miiskmu /a }',
    'Get-Date; miiskmu /a', '1 | % { miiskmu }', 'powershell -Command "miiskmu /a"', `powershell.exe -NoProfile -EncodedCommand ${Buffer.from('miiskmu /a', 'utf16le').toString('base64')}`, 'Invoke-Expression "miiskmu /a"', 'iex "mi``iskmu"',
    '@"\nmiiskmu\n"@ | iex', '"$(miiskmu /a)"', 'Set-Alias gd miiskmu', '<# it is fine #> miiskmu', 'Get-Date `\n; miiskmu', 'miiskmu --% /a', 'Start-Job { miiskmu }', '\u201cx\u201d; miiskmu', 'function f { 1 } miiskmu', '@{ a = miiskmu }', '[void](miiskmu /a)',
    'ii C:\\x\\miis*', 'Start-ScheduledTask EntraConnectRemediation-5b2e', 'schtasks /run /tn EntraConnectRemediation-5b2e', '& C:\\ProgramData\\EntraConnectRemediation\\x\\abandon.ps1', "'miiskmu /a' | iex", "powershell –enc " + Buffer.from('miiskmu /a', 'utf16le').toString('base64'), 'cmd /c "mi^iskmu /a"', "$x = @\u201c\nq\n\u201c@; miiskmu", "$x = @'  \nit's\n'@; miiskmu",
  ],
  'service': [
    'Stop-Service ADSync', 'stop-service -Name adsync -Force', 'spsv ADSync', 'SPSV "adsync"', "Stop-Service -Name 'Spooler', 'ADSync'", 'Restart-Service ADSync', 'sasv adsync', 'Get-Service ADSync | Stop-Service', 'Get-Service | ? { $_.Name -eq "ADSync" } | Stop-Service',
    'Stop-Service -DisplayName "Microsoft Azure AD Sync"', 'Stop-Service AD*', 'Stop-Service $name', 'Stop-Service *', 'net stop ADSync', 'net.exe start adsync', 'net1 stop adsync', 'sc.exe stop ADSync', '(Get-Service ADSync).Stop()', '$s = Get-Service ADSync; $s.Stop(); (Get-Service adsync).Start()',
    'if(1){2} Stop-Service ADSync', 'Microsoft.PowerShell.Management\\Stop-Service ADSync', 'Stop\u2013Service ADSync', '$x=Stop-Service ADSync', 'S`top-Ser`vice AD`Sync', 'Get-Service | Stop-Service', 'Stop-Service ("AD" + "Sync")', 'cmd /c net stop ADSync',
    'Stop-Service ads?nc', 'Stop-Service [a]dsync', 'Stop-Service [a-c]d*', 'Stop-Service *d*', 'Stop-Service a*', 'Stop-Service -DisplayName:micro*', 'Stop-Service @p', '(Get-Service ADSync).\'Stop\'()', '(Get-Service ADSync)."Stop"()', '$s.Stop.Invoke()', 'Get-Service ADSync | % Stop', 'Get-Service ADSync | ForEach-Object -MemberName Stop', '(New-Object -ComObject Shell.Application).ServiceStop("adsync", $true)',
    'cmd /c ne^t st^op ADSync', 'cmd /cnet stop ADSync', 'cmd /d/c net stop ADSync', 'cmd /c @net stop ADSync', 'cmd /c if 1==1 net stop ADSync', 'cmd /c "for %i in (1) do net stop ADSync"', "'spsv adsync' | iex", "'sp' + 'sv adsync' | iex", '$x = @"\n$(spsv adsync)\n"@', '@"\n`$(1) $(1; spsv adsync)\n"@', "@'  \nit's\n'@; spsv adsync", "@\u2018\n\u2018@; spsv adsync",
  ],
  'service-account': ['sc.exe config ADSync obj= CONTOSO\\svc password= x', 'cmd /c sc config ADSync obj= a', 'Set-Service ADSync -StartupType Disabled', 'Get-CimInstance Win32_Service -Filter "Name=\'ADSync\'" | Invoke-CimMethod -MethodName Change -Arguments @{}', 'wmic service where name="ADSync" call change', 'Set-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\ADSync -Name ObjectName -Value x', 'reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\ADSync /v Start /d 4', 'Invoke-CimMethod -InputObject $s -MethodName Change'],
  'service-process': ['Stop-Process -Name miiserver', 'kill -Name miiserver', 'taskkill /im miiserver.exe /f', 'Get-Process miiserver | spps', 'Stop-Process $id', 'Stop-Process -Name miis*', 'gps mi?server | kill', 'kill 4711', 'taskkill /pid 4711', '(Get-Process miiserver).Kill()', 'gps miiserver | % Kill', 'Get-CimInstance Win32_Process | Remove-CimInstance', '$p.Terminate()'],
  'scheduler': ['Set-ADSyncScheduler -SyncCycleEnabled $false', 'ADSync\\Set-ADSyncScheduler', 'set-adsyncscheduler'],
  'connector-account': ['Add-ADSyncADDSConnectorAccount -Name contoso.com -EACredential $c'],
  'entra-account': ['Add-ADSyncAADServiceAccount'],
  'synchronization': ['Remove-ADSyncConnector -Name x', 'Start-ADSyncSyncCycle -PolicyType Initial', 'Disable-ADSyncExportDeletionThreshold', 'Import-ADSyncServerConfiguration x'],
  'own-records': ['Remove-Item HKLM:\\SOFTWARE\\EntraConnectRemediation -Recurse', 'rm -r HKLM:\\SOFTWARE\\entraconnectremediation\\Lock'],
  'files': ['Remove-Item "C:\\Program Files\\Microsoft Azure AD Sync\\Data\\ADSync.mdf"', 'del C:\\x\\ADSync2019.mdf', 'cp x C:\\x\\ADSync2019.mdf', 'icacls "C:\\Program Files\\Microsoft Azure AD Sync" /reset'],
  'database': ['sqlcmd -S "(localdb)\\.\\ADSync" -Q "drop database ADSync"', 'SqlLocalDB stop ADSync'],
  'reboot': ['Restart-Computer', 'shutdown /r /t 0', 'Stop-Computer -Force'],
  'account-password': ['Set-ADAccountPassword svc -Reset', 'net user svc NewPassword1 /domain', 'Set-LocalUser svc -Password $p', "([adsi]'WinNT://./svc').SetPassword($p)"],
  'installer': ['AzureADConnect.exe', 'msiexec /x {1}', 'Start-Process "C:\\x\\AzureADConnect.exe"'],
  'cannot-tell': ['& $command', 'iex $text', 'Invoke-Expression (Get-Content x)', '& (Get-Command ("Get" + "-Date"))', '[scriptblock]::Create($x).Invoke()', '$ExecutionContext.InvokeCommand.InvokeScript($x)', '. $profile', '& C:\\Progra*\\*\\mi?skmu.exe', 'C:\\x\\[m]iiskmu', 'cmd /c %x% /a', "(gsv adsync).('St'+'op')()", '(gsv adsync).$m()', "$s.psobject.methods['Stop'].Invoke()", "$w.InvokeMethod('StopService', $null)", 'sal q Stop-Service', 'New-Item alias:q -Value Stop-Service', "$alias:q = 'Stop-Service'", "'x' | % $sb", 'icm $sb', 'Start-Process $p', 'Get-Content x.ps1 | iex', "'a' -replace 'a', 'b' | iex", "echo 'x' | powershell -", 'Invoke-History 3', `${'('.repeat(60)}1${')'.repeat(60)}`],
  'secret': ['ConvertTo-SecureString "x" -AsPlainText -Force', 'net user svc NewPassword1', '$password = "abc"', 'sc.exe config ADSync obj= x password= Geheim1', 'sqlcmd -U sa -P Geheim1', 'Connect-X -Password Geheim1', 'curl http://user:pw@host/', '[pscredential]::new("x", $p); $pwd="x"', 'New-Object System.Net.NetworkCredential("a", "b")', '-clientSecret:abc123'],
};

const harmless = [
  'Get-Service ADSync', 'Get-Service ADSync | Format-List *', 'Get-ADSyncScheduler', 'Get-Help miiskmu', 'Get-Command miiskmu.exe', 'Get-Help Stop-Service', 'Stop-Service Spooler', 'Get-Service Spooler | Restart-Service', 'Get-Process miiserver', 'Get-Date', '1 + 1', '$x = 5',
  'Get-EventLog Application -Newest 10', 'Get-WinEvent -LogName System | Where-Object { $_.Id -eq 7038 }', 'Write-Host "Stop-Service ADSync"', '# miiskmu /a', 'Get-ChildItem "C:\\Program Files\\Microsoft Azure AD Sync"', 'Test-ADSyncAzureServiceConnectivity', 'Import-Module ADSync', 'Get-CimInstance Win32_Service -Filter "Name=\'ADSync\'"',
  'Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\ADSync', 'net statistics server', 'sc.exe query ADSync', 'Get-ADSyncConnector | Select-Object Name, Type', 'if (1) { Get-Date } else { Get-Location }', 'foreach ($s in 1..3) { "$s" }', 'function f($a) { $a }', '!(Test-Path C:\\x)', '"a" -replace "b", "c"', 'dir 2>&1 | Out-String', '',
  'Get-Service | Sort-Object Status | Format-Table -AutoSize *', 'Get-Process | ? CPU -gt 5 | % Name', 'Get-ChildItem C:\\x\\*.log', '1..3 | % { $_ }', 'Stop-Service Sp*', '"done. (ok)"', 'cmd /c dir C:\\', 'Invoke-Command { Get-Date }', 'Get-Content "@x"', '$x = @"\n$(Get-Date) $y\n"@', '(Get-Date).AddDays(-1).ToString("o")',
  '$c = Get-Credential', '$p = Read-Host -AsSecureString', 'Connect-X -Credential $c', 'Connect-X -Password $p', 'Get-ADUser x -Properties PasswordLastSet',
];

describe('commands at a prompt', () => {
  for (const [danger, lines] of Object.entries(dangerous)) {
    it(`are recognized in every spelling: ${danger}`, () => {
      assert.deepEqual(lines.filter((line) => !inspectCommand(line).some((one) => one === danger)), []);
    });
  }

  it('are let through where they only look', () => {
    assert.deepEqual(harmless.filter((line) => inspectCommand(line).length > 0).map((line) => [line, inspectCommand(line)]), []);
  });

  it('keep a secret out of history and transcript', () => {
    assert.deepEqual(dangerous['secret']?.filter((line) => !looksSecret(line)), []);
    assert.deepEqual(harmless.filter(looksSecret), []);
  });

  it('are read in time however odd they are', () => {
    for (const odd of ['('.repeat(20_000), '{'.repeat(20_000), '"$('.repeat(8_000), '\'"'.repeat(10_000), '`'.repeat(20_000), '@'.repeat(20_000), '$'.repeat(20_000), 'a|'.repeat(10_000), '-p '.repeat(8_000), '<#'.repeat(9_000), 'cmd /c '.repeat(4_000), '\u201c'.repeat(9_000), '--% '.repeat(3_000), '@"\n'.repeat(9_000), '@"\n$('.repeat(6_000), `Stop-Service ${'*a'.repeat(15_000)}`, `cmd /c ${'if 1==1 '.repeat(4_000)}`, `${'cmd /c '.repeat(5)}${'x '.repeat(15_000)}`, "'x' | iex | ".repeat(3_000), '&'.repeat(9_000), 'password'.repeat(4_000)]) {
      assert.ok(Array.isArray(inspectCommand(odd)), odd.slice(0, 20));
    }
  }).timeout(10_000);
});
