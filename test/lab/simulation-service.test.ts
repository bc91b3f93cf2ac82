import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { scenario, SimulatedServer, type Scenario } from './support/simulated-server.ts';

const change = (server: SimulatedServer, secret: string): string =>
  `Invoke-CimMethod -InputObject (& $service) -MethodName Change -Arguments @{ StartName = (& $service).StartName; StartPassword = ${server.quoted(secret)} }`;
const account = (base: Scenario): Scenario => base['account'] as Scenario;

describe('the simulated service control manager', function () {
  this.timeout(120_000);

  it('fails a start with a stale password as Windows does, and takes the right one', async () => {
    await using server = await SimulatedServer.create(await scenario('stale-scm-password'));
    const seen = await server.ask<{ first: number; exit: number; state: string; system: number[]; data: string[]; changed: number; second: number; after: string }>(`
      $first = & $start
      $now = & $service
      $refusal = Get-WinEvent -FilterXml "<QueryList><Query Id='0' Path='System'><Select Path='System'>*[System[EventID=7038]]</Select></Query></QueryList>" -MaxEvents 1
      $binary = (Get-WinEvent -FilterXml "<QueryList><Query Id='0' Path='System'><Select Path='System'>*[System[EventID=7000]]</Select></Query></QueryList>" -MaxEvents 1).ToXml() -match '<Binary>([0-9A-F]+)'
      $changed = (${change(server, 'new')}).ReturnValue
      $second = & $start
      @{ first = $first; exit = $now.ExitCode; state = $now.State; system = @(& $events 'System'); data = @($refusal.Properties | ForEach-Object { "$($_.Value)" }) + $Matches[1]; changed = $changed; second = $second; after = (& $service).State }`);
    assert.equal(seen.first, 15);
    assert.equal(seen.exit, 1069);
    assert.equal(seen.state, 'Stopped');
    assert.deepEqual(seen.system, [7038, 7000, 7036]);
    assert.deepEqual(seen.data, ['ADSync', 'CONTOSO\\svc-adsync', '%%1326', '4100440053007900 6E006300 0000'.replaceAll(' ', '')]);
    assert.equal(seen.changed, 0);
    assert.equal(seen.second, 0);
    assert.equal(seen.after, 'Running');
    const verdict = await server.judge();
    assert.deepEqual({ healthy: verdict.healthy, failedLogons: verdict.failedLogons, starts: verdict.starts, dropped: verdict.secretsDropped }, { healthy: true, failedLogons: 1, starts: 2, dropped: 0 });
  });

  it('locks the account after too many wrong starts, and then says 1909 whatever the password', async () => {
    const base = await scenario('stale-scm-password');
    account(base)['lockoutAfter'] = 2;
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ codes: string[] }>(`
      $null = & $start; $null = & $start
      $null = ${change(server, 'new')}
      $null = & $start
      @{ codes = @(Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 7038; StartTime = (Get-Date).AddMinutes(-5) } | Sort-Object RecordId | ForEach-Object { $_.Properties[2].Value }) }`);
    assert.deepEqual(seen.codes, ['%%1326', '%%1326', '%%1909']);
  });

  it('names the missing right in 7041, never in 7038', async () => {
    const base = await scenario('stale-scm-password');
    account(base)['logon'] = 1385;
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ system: number[]; code: number }>(`$null = ${change(server, 'new')}; $code = & $start; @{ system = @(& $events 'System'); code = $code }`);
    assert.deepEqual(seen, { system: [7041, 7000], code: 15 });
  });

  it('takes a null StartName for LocalSystem, checks nothing and grants nothing', async () => {
    await using server = await SimulatedServer.create(await scenario('stale-scm-password'));
    const seen = await server.ask<{ codes: number[]; other: string; nulled: string; start: number }>(`
      $one = (Invoke-CimMethod -InputObject (& $service) -MethodName Change -Arguments @{ StartName = 'CONTOSO\\somebody'; StartPassword = 'wrong' }).ReturnValue
      $other = (& $service).StartName
      $begun = & $start
      $two = (Invoke-CimMethod -InputObject (& $service) -MethodName Change -Arguments @{ StartName = $null; StartPassword = $null }).ReturnValue
      @{ codes = @($one, $two); other = $other; nulled = (& $service).StartName; start = $begun }`);
    assert.deepEqual(seen, { codes: [0, 0], other: 'CONTOSO\\somebody', nulled: 'LocalSystem', start: 15 });
    assert.match((await server.judge()).reasons.join(' '), /LocalSystem/);
  });

  it('keeps the database process for a while after the service, and its file locked as long', async () => {
    const copy = "try { Copy-Item -LiteralPath 'C:\\Program Files\\Microsoft Azure AD Sync\\Data\\ADSync2019\\ADSync.mdf' -Destination 'C:\\Windows\\Temp' -ErrorAction Stop; 'copied' } catch { if (\"$_\" -like '*being used by another process*') { 'locked' } else { \"$_\" } }";
    await using server = await SimulatedServer.create(await scenario('healthy'));
    const seen = await server.ask<{ running: string; lingering: string; processes: number }>(`
      $copy = { ${copy} }
      $running = & $copy
      $null = & $stop
      @{ running = $running; lingering = & $copy; processes = @(Get-Process -Name sqlservr -ErrorAction SilentlyContinue).Count }`);
    assert.deepEqual(seen, { running: 'locked', lingering: 'locked', processes: 1 });
    const base = await scenario('healthy');
    base['delays'] = { stop: 0, databaseLinger: 0 };
    await using brief = await SimulatedServer.create(base);
    assert.equal(await brief.ask(`$null = & $stop; ${copy}`), 'copied');
  });

  it('carries on with a start and a stop whose caller was killed meanwhile', async () => {
    const base = await scenario('healthy');
    base['delays'] = { start: 2, stop: 2 };
    await using server = await SimulatedServer.create(base);
    for (const [method, pending, ended] of [['StopService', 'Stop Pending', 'Stopped'], ['StartService', 'Start Pending', 'Running']] as const) {
      const caller = spawn(server.powershell, ['-NoProfile', '-Command', `$null = Invoke-CimMethod -InputObject (Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'") -MethodName ${method}`], { stdio: 'ignore' });
      while (!(await server.state()).includes(`"state":"${pending}"`)) await delay(20);
      caller.kill('SIGKILL');
      await once(caller, 'exit');
      const seen = await server.ask<string[]>(`$until = [DateTime]::UtcNow.AddSeconds(60)
        $first = (& $service).State
        while ((& $service).State -like '*Pending' -and [DateTime]::UtcNow -lt $until) { Start-Sleep -Milliseconds 100 }
        @($first, (& $service).State)`);
      assert.deepEqual(seen.at(-1), ended);
    }
    const verdict = await server.judge();
    assert.deepEqual([verdict.healthy, verdict.stops, verdict.starts], [true, 1, 1]);
  });

  it('has no -Credential on Set-Service, as Windows PowerShell 5.1', async () => {
    await using server = await SimulatedServer.create(await scenario('healthy'));
    const seen = await server.ask<{ has: boolean; version: string; edition: string }>(`@{ has = (Get-Command Set-Service).Parameters.ContainsKey('Credential'); version = "$($PSVersionTable.PSVersion.Major).$($PSVersionTable.PSVersion.Minor)"; edition = $PSVersionTable.PSEdition }`);
    assert.deepEqual(seen, { has: false, version: '5.1', edition: 'Desktop' });
  });
});
