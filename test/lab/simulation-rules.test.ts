import assert from 'node:assert/strict';
import { scenario, SimulatedServer, type Scenario, type Verdict } from './support/simulated-server.ts';

const part = (base: Scenario, name: string): Scenario => base[name] as Scenario;
const withDelays = (base: Scenario, delays: Scenario): Scenario => ({ ...base, delays: { start: 0, stop: 0, abandon: 0, run: 0.2, ...delays } });
const cycle = 'Start-ADSyncSyncCycle -PolicyType Delta | Out-Null\nwhile (@(Get-ADSyncConnectorRunStatus).Count) { Start-Sleep -Milliseconds 50 }';

/** Servers by name, each for one question that asks for many rules at once: a start of the engine is what these tests cost. */
async function servers(): Promise<Record<string, Scenario>> {
  const [healthy, lost, recreated, nearlyFull, application, policy, entra, wizard, planted, never, absent, replaced, logging, old, remote, german] = await Promise.all([
    'healthy', 'key-lost-current', 'key-recreated-staging', 'database-nearly-full', 'application-auth', 'entra-conditional-access', 'entra-sign-in', 'connector-password-wizard-open', 'backup-folder-planted', 'never-started-since-boot', 'not-installed', 'account-replaced', 'stale-password-logging', 'build-2017-02', 'key-lost-remote-sql', 'key-lost-german',
  ].map(scenario)) as [Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario, Scenario];
  return {
    needless: withDelays(healthy, {}),
    busy: withDelays({ ...healthy, scheduler: { enabled: true, running: '1h' } }, {}),
    droppedByStart: withDelays({ ...lost, key: { state: 'unreadable', selfRepair: true }, dc: { reachable: false }, account: { ...part(lost, 'account') } }, {}),
    staging: withDelays(recreated, {}), nearlyFull: withDelays(nearlyFull, {}), application: withDelays(application, {}), policy: withDelays(policy, {}),
    propagation: withDelays(entra, { propagation: 3600 }), wizard: withDelays(wizard, {}), planted, never, absent, replaced, logging,
    skewed: withDelays(await scenario('logon-clock-skew'), {}), old: withDelays(old, {}), remote: withDelays(remote, {}), german: withDelays(german, {}),
  };
}

describe('the rules of the simulated server', function () {
  this.timeout(240_000);
  const made = new Map<string, SimulatedServer>();
  const verdicts = new Map<string, Verdict>();
  const at = (name: string): SimulatedServer => made.get(name)!;

  before(async () => {
    const wanted = Object.entries(await servers());
    const all = await SimulatedServer.createAll(wanted.map(([, what]) => what));
    all.forEach((server, index) => made.set(wanted[index]![0], server));
  });
  after(async () => {
    for (const server of made.values()) await server[Symbol.asyncDispose]();
  });

  it('a server without Connect has no service, no registry key and no file of it', async () => {
    const seen = await at('absent').ask<Record<string, unknown>>(`
      $text = ''
      try { Get-Service -Name ADSync -ErrorAction Stop } catch { $text = $_.FullyQualifiedErrorId }
      @{ cim = @(& $service).Count; service = $text; key = Test-Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\ADSync'; file = Test-Path 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiserver.exe'; others = @(Get-Service).Count -gt 0 }`);
    assert.deepEqual([seen['cim'], seen['key'], seen['file'], seen['others']], [0, false, false, true]);
    assert.match(String(seen['service']), /NoServiceFoundForGivenName/);
  });

  it('an expired certificate stops the extension and leaves the tenant\'s own words; no password helps', async () => {
    const seen = await at('application').ask<{ scheduler: string; results: string[]; application: number[] }>(`
      & $adsync
      $text = ''
      try { Get-ADSyncScheduler | Out-Null } catch { $text = $_.Exception.Message }
      ${cycle}
      @{ scheduler = $text; results = @(Get-ADSyncRunProfileResult -NumberRequested 6 | Sort-Object RunNumber | ForEach-Object { "$($_.RunProfileName)/$($_.Result)" }); application = @(& $events 'Application') }`);
    assert.match(seen.scheduler, /AADSTS700027/);
    assert.deepEqual(seen.results, ['Delta Import/success', 'Delta Import/stopped-extension-dll-exception', 'Delta Synchronization/success', 'Delta Synchronization/success', 'Export/success', 'Export/stopped-extension-dll-exception']);
    assert.deepEqual(seen.application, [6801, 6803, 6801, 6803]);
  });

  it('a policy of the tenant refuses a new password as it refused the old one', async () => {
    const server = at('policy');
    const seen = await server.ask<{ before: string; after: string }>(`
      & $adsync
      $look = { try { Get-ADSyncScheduler | Out-Null; 'answered' } catch { $_.Exception.Message } }
      $before = & $look
      Add-ADSyncAADServiceAccount -AADCredential (New-Object System.Management.Automation.PSCredential 'admin@contoso.com', (ConvertTo-SecureString -AsPlainText -Force ${server.quoted('entraAdmin')}))
      @{ before = $before; after = & $look }`);
    assert.match(seen.before, /modal dialog/);
    assert.equal(seen.after, seen.before);
  });

  it('a new password of the Entra account is refused until the tenant has it everywhere', async () => {
    const server = at('propagation');
    const seen = await server.ask<{ after: string; application: number[] }>(`
      & $adsync
      Add-ADSyncAADServiceAccount -AADCredential (New-Object System.Management.Automation.PSCredential 'admin@contoso.com', (ConvertTo-SecureString -AsPlainText -Force ${server.quoted('entraAdmin')}))
      $text = 'answered'
      try { Get-ADSyncScheduler | Out-Null } catch { $text = $_.Exception.Message }
      @{ after = $text; application = @(& $events 'Application') }`);
    assert.match(seen.after, /modal dialog/);
    assert.equal(seen.application[0], 6603, 'it is stored all the same');
  });

  it('the wizard suspends the scheduler and refuses to have it changed while it is open', async () => {
    const seen = await at('wizard').ask<{ suspended: boolean; set: string; start: string; open: number }>(`
      & $adsync
      $try = { param($block) try { $null = & $block; 'done' } catch { $_.Exception.Message } }
      @{ suspended = (Get-ADSyncScheduler).SchedulerSuspended; set = & $try { Set-ADSyncScheduler -SyncCycleEnabled $false }; start = & $try { Start-ADSyncSyncCycle }; open = @(Get-Process -Name AzureADConnect).Count }`);
    assert.deepEqual([seen.suspended, seen.open], [true, 1]);
    assert.match(seen.set, /wizard is open/);
    assert.match(seen.start, /wizard is open/);
  });

  it('a synchronization step succeeds without any secret; a staging server has no export; runs follow one another', async () => {
    const seen = await at('staging').ask<{ results: string[]; ordered: boolean }>(`
      & $adsync
      ${cycle}
      $runs = @(Get-ADSyncRunProfileResult -NumberRequested 4 | Sort-Object RunNumber)
      @{ results = @($runs | ForEach-Object { "$($_.RunProfileName)/$($_.Result)" }); ordered = -not @(1..3 | Where-Object { $runs[$_].StartDate -lt $runs[$_ - 1].EndDate }).Count }`);
    assert.deepEqual(seen.results, ['Delta Import/no-start-credentials', 'Delta Import/no-start-credentials', 'Delta Synchronization/success', 'Delta Synchronization/success']);
    assert.equal(seen.ordered, true);
  });

  it('a folder that a user made beforehand is theirs, and LocalDB belongs to the account that made it', async () => {
    const owner = await at('planted').ask<string>("(Get-Acl -LiteralPath 'C:\\ProgramData\\EntraConnectRemediation').Owner");
    assert.match(owner, /^S-1-5-21-/, 'neither the administrators nor SYSTEM');
    const process = await at('replaced').ask<{ user: string; runs: string }>(`
      $null = & $start
      $process = @(Get-CimInstance -ClassName Win32_Process -Filter "Name='sqlservr.exe'")[0]
      @{ user = (Invoke-CimMethod -InputObject $process -MethodName GetOwner).User; runs = (& $service).StartName }`);
    assert.deepEqual(process, { user: 'svc-adsync', runs: 'CONTOSO\\svc-sql-jobs' });
  });

  it('a domain whose clock differs by more than five minutes refuses the log-on, whatever the password; a file is made once and moved onto none', async () => {
    const seen = await at('skewed').ask<{ codes: string[]; dc: number; made: string; moved: string; kept: string }>(`
      $null = & $start; do { Start-Sleep -Milliseconds 100 } while ((& $service).State -like '*Pending')
      $null = & nltest.exe /dsgetdc:contoso /writable; $dc = $LASTEXITCODE
      $codes = @(Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 7038; StartTime = (Get-Date).AddMinutes(-1) } | ForEach-Object { [string]$_.Properties[2].Value })
      $say = { param($block) try { $null = & $block; 'done' } catch { $_.FullyQualifiedErrorId } }
      $null = New-Item -Path 'C:\Windows\Temp\one' -ItemType File -Value 'first'
      $null = New-Item -Path 'C:\Windows\Temp\two' -ItemType File -Value 'other'
      @{ codes = $codes; dc = $dc; made = & $say { New-Item -Path 'C:\Windows\Temp\one' -ItemType File -Value 'second' -ErrorAction Stop }; moved = & $say { Move-Item -LiteralPath 'C:\Windows\Temp\two' -Destination 'C:\Windows\Temp\one' -ErrorAction Stop }; kept = [string](Get-Content -LiteralPath 'C:\Windows\Temp\one') }`);
    assert.deepEqual([seen.codes, seen.dc, seen.kept], [['%%1398'], 0, 'first']);
    assert.match(seen.made, /^NewItemIOError/);
    assert.match(seen.moved, /^MoveFileInfoItemIOError/);
  });

  it('a build before 1.1.443.0 does not say whether a cycle is running', async () => {
    assert.deepEqual(await at('old').ask("& $adsync; $now = Get-ADSyncScheduler; , @($now.PSObject.Properties.Name | Where-Object { $_ -like 'SyncCycle*' })"), ['SyncCycleEnabled']);
  });

  it('abandoning needs a second hop where the database is on another server, and has none', async () => {
    const seen = await at('remote').ask<{ code: number; text: string }>('& $abandon');
    assert.equal(seen.code, 0x8023043F | 0);
    assert.match(seen.text, /do not have access to the ADSync database/);
  });

  it('German Windows writes German texts and names its own accounts in German', async () => {
    const seen = await at('german').ask<{ owner: string; groups: string; level: boolean }>(`
      $groups = "$(& whoami.exe /groups /fo csv /nh)"
      @{ owner = (Get-Acl -LiteralPath 'C:\\Program Files\\Microsoft Azure AD Sync\\Data').Owner; groups = $groups; level = $groups -match 'S-1-16-12288' }`);
    assert.equal(seen.owner, 'VORDEFINIERT\\Administratoren');
    assert.match(seen.groups, /Verbindliche Beschriftung/);
    assert.equal(seen.level, true);
  });

  it('Windows says 1077 where no start was tried since the server was started', async () => {
    assert.deepEqual(await at('never').ask("@{ exit = (& $service).ExitCode; state = (& $service).State }"), { exit: 1077, state: 'Stopped' });
  });

  it('logging policies are in the registry', async () => {
    const seen = await at('logging').ask<number[]>("@('Transcription|EnableTranscripting', 'ModuleLogging|EnableModuleLogging', 'ScriptBlockLogging|EnableScriptBlockLogging' | ForEach-Object { $key, $name = $_.Split('|'); (Get-ItemProperty -LiteralPath \"HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell\\$key\").$name })");
    assert.deepEqual(seen, [1, 1, 1]);
  });

  describe('what no repair undoes is counted', () => {
    before(async () => {
      await at('needless').ask('$null = & $stop; & $abandon');
      // A second look settles what became due: the run that the stop broke off.
      await at('busy').ask<number>('$null = & $adsync; $null = Get-ADSyncScheduler; & $stop');
      await at('droppedByStart').ask<number>('& $start');
      await at('nearlyFull').ask<number>('& $stop');
      const names = ['needless', 'busy', 'droppedByStart', 'nearlyFull', 'staging', 'wizard'];
      const judged = await SimulatedServer.judgeAll(names.map(at));
      names.forEach((name, index) => verdicts.set(name, judged[index]!));
    });

    for (const [name, harm] of [
      ['needless', /abandoned although it could be read/], ['busy', /while a synchronization was running/],
      ['droppedByStart', /dropped stored secrets that a writable domain controller/], ['nearlyFull', /although its database was nearly full/],
    ] as const) {
      it(String(harm), () => { assert.match(verdicts.get(name)!.harm.join(' '), harm); });
    }

    it('and nothing else is', () => {
      for (const name of ['staging', 'wizard']) assert.deepEqual(verdicts.get(name)!.harm, [], name);
      for (const name of ['needless', 'busy', 'droppedByStart', 'nearlyFull']) assert.equal(verdicts.get(name)!.harm.length, 1, name);
    });
  });
});
