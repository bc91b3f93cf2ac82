import assert from 'node:assert/strict';
import { scenario, SimulatedServer } from './support/simulated-server.ts';

const rest = (server: SimulatedServer): string => `
  $secret = ConvertTo-SecureString ${server.quoted('entraAdmin')} -AsPlainText -Force
  Add-ADSyncAADServiceAccount -AADCredential ([System.Management.Automation.PSCredential]::new('admin@adatum.onmicrosoft.com', $secret))`;
const cycle = `
  $null = Start-ADSyncSyncCycle -PolicyType Delta
  while (@(Get-ADSyncConnectorRunStatus).Count) { Start-Sleep -Milliseconds 50 }
  $results = @(Get-ADSyncRunProfileResult -NumberRequested 9 | Where-Object { $_.RunProfileName -eq 'Delta Import' } | Sort-Object RunNumber | ForEach-Object { $_.Result })`;

describe('the simulated ADSync module', function () {
  this.timeout(240_000);

  it('is found by its full path only, and answers only while the service runs', async () => {
    await using server = await SimulatedServer.create(await scenario('stale-scm-password'));
    const seen = await server.ask<{ byName: string; before: number; error: string }>(`
      $byName = try { Import-Module -Name ADSync -ErrorAction Stop; 'found' } catch { $_.FullyQualifiedErrorId }
      $before = @(Get-Command Get-ADSyncScheduler -ErrorAction SilentlyContinue).Count
      & $adsync
      @{ byName = $byName; before = $before; error = $(try { Get-ADSyncScheduler } catch { "$_" }) }`);
    assert.match(seen.byName, /Modules_ModuleNotFound/);
    assert.equal(seen.before, 0);
    assert.equal(seen.error, 'Synchronization Service is not running.');
  });

  it('faults in a runspace that used it before the service was started or stopped', async () => {
    await using server = await SimulatedServer.create(await scenario('healthy'));
    const seen = await server.ask<{ first: boolean; second: string }>("& $adsync; $first = (Get-ADSyncScheduler).SyncCycleEnabled; Restart-Service ADSync; @{ first = $first; second = $(try { Get-ADSyncScheduler } catch { \"$_\" }) }");
    assert.equal(seen.first, true);
    assert.match(seen.second, /Faulted state/);
    assert.equal(await server.ask<boolean>('& $adsync; (Get-ADSyncScheduler).SyncCycleEnabled'), true, 'a fresh runspace works');
  });

  it('leads from an abandoned key to health: passwords by a person, the Entra account, a restart, a cycle', async () => {
    await using server = await SimulatedServer.create(await scenario('key-lost-current'));
    const broken = await server.ask<{ scheduler: string; connector: string; results: string[]; application: number[] }>(`
      $null = & $start; $null = & $abandon; $null = & $start
      & $adsync
      $scheduler = try { Get-ADSyncScheduler } catch { "$_" }
      Test-ADSyncADDSConnectivity -ConnectorName adatum.com -ErrorVariable failed -ErrorAction SilentlyContinue
      ${cycle}
      @{ scheduler = $scheduler; connector = "$failed"; results = $results; application = @(& $events 'Application') }`);
    assert.match(broken.scheduler, /modal dialog box/);
    assert.match(broken.connector, /user name or password is incorrect/);
    assert.deepEqual(broken.results, ['no-start-credentials', 'no-start-credentials', 'no-start-credentials']);
    assert.equal(broken.application.filter((id) => id === 6000).length, 6);

    assert.equal((await server.enterPassword('adatum.com', 'wrong')).code, 1);
    assert.equal((await server.enterPassword('nowhere', 'wrong')).code, 1);
    for (const [connector, secret] of [['adatum.com', 'forest1'], ['lucerne.example', 'forest2']] as const) {
      assert.equal((await server.enterPassword(connector, server.secrets[secret] ?? '')).code, 0);
    }
    const repaired = await server.ask<{ cached: string[]; ids: number[] }>(`& $adsync; ${rest(server)}
      ${cycle}
      @{ cached = $results; ids = @(Get-WinEvent -FilterHashtable @{ LogName = 'Application'; Id = 6603, 2518, 2519; StartTime = (Get-Date).AddMinutes(-5) } | Sort-Object RecordId | ForEach-Object { $_.Id }) }`);
    assert.deepEqual(repaired.cached, ['no-start-credentials', 'no-start-credentials', 'no-start-credentials'], 'the running engine still holds what it read at its start');
    assert.deepEqual(repaired.ids, [6603, 2518, 6603, 2518, 6603, 2519]);
    const after = await server.ask<{ results: string[]; reach: string }>(`Restart-Service ADSync; & $adsync; ${cycle}
      @{ results = $results; reach = "$(Test-ADSyncADDSConnectivity -ConnectorName lucerne.example)" }`);
    assert.deepEqual(after.results, ['success', 'success', 'success']);
    assert.match(after.reach, /^Successfully connected/);
    assert.deepEqual((await server.judge()).reasons, []);
  });

  it('refuses an administrator whose password is wrong, and rolls application authentication back when it is called there', async () => {
    const base = await scenario('healthy');
    base['connectors'] = (base['connectors'] as Record<string, unknown>[]).map((connector) => (connector['type'] === 'Entra' ? { ...connector, type: 'EntraApplication', password: null, stored: null } : connector));
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ mode: string; refused: string; after: string }>(`& $adsync
      $mode = (Get-ADSyncEntraConnectorCredential).ConnectorIdentityType
      $wrong = [System.Management.Automation.PSCredential]::new('admin@contoso.onmicrosoft.com', (ConvertTo-SecureString 'wrong' -AsPlainText -Force))
      $refused = try { Add-ADSyncAADServiceAccount -AADCredential $wrong; 'taken' } catch { "$_" }
      ${rest(server)}
      @{ mode = $mode; refused = $refused; after = (Get-ADSyncEntraConnectorCredential).ConnectorIdentityType }`);
    assert.equal(seen.mode, 'Application');
    assert.match(seen.refused, /AADSTS50126/);
    assert.equal(seen.after, 'ServiceAccount');
    assert.match((await server.judge()).reasons.join(' '), /rolled back/);
  });

  it('lacks the commands and the parameters that a scenario takes away', async () => {
    const base = await scenario('healthy');
    base['commands'] = { absent: ['Get-ADSyncAutoUpgrade'], parameters: { 'Add-ADSyncAADServiceAccount': ['Name'] } };
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ command: number; parameters: string[] }>("& $adsync; @{ command = @(Get-Command Get-ADSyncAutoUpgrade -ErrorAction SilentlyContinue).Count; parameters = @((Get-Command Add-ADSyncAADServiceAccount).Parameters.Keys | Where-Object { $_ -in 'Name', 'AADCredential' }) }");
    assert.deepEqual(seen, { command: 0, parameters: ['AADCredential'] });
  });
});
