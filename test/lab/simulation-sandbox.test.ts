import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine, run, scenario, SimulatedServer, simulation } from './support/simulated-server.ts';

describe('the walls of a simulated server', function () {
  this.timeout(240_000);
  let server: SimulatedServer;
  let outside: string;
  let canary: string;

  before(async () => {
    server = await SimulatedServer.create(await scenario('healthy'));
    outside = await mkdtemp(join(tmpdir(), 'outside-'));
    canary = join(outside, 'canary.txt');
    await writeFile(canary, 'of the real machine');
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(outside, { recursive: true, force: true });
  });

  it('gives no command that takes a path a way to the real disk', async () => {
    const up = `C:\\${'..\\'.repeat(12)}${canary.slice(1).replaceAll('/', '\\')}`;
    const paths = [canary, `FileSystem::${canary}`, `Microsoft.PowerShell.Core\\FileSystem::${canary}`, up, `/${canary}`, `\\\\localhost\\c$${canary}`, `Temp:${canary}`, `~/x`];
    const seen = await server.ask<Record<string, string[]>>(`
      $paths = @(${paths.map((path) => `'${path}'`).join(', ')})
      $answers = @{}
      $commands = @{
        'Get-Content' = { param($p) Get-Content -LiteralPath $p -ErrorAction Stop }; 'Get-Item' = { param($p) Get-Item -LiteralPath $p -ErrorAction Stop }; 'Get-ChildItem' = { param($p) Get-ChildItem -LiteralPath $p -ErrorAction Stop }
        'Copy-Item' = { param($p) Copy-Item -LiteralPath $p -Destination C:\\Windows\\Temp -ErrorAction Stop; 'copied' }; 'Get-Acl' = { param($p) Get-Acl -LiteralPath $p -ErrorAction Stop }; 'Get-ItemProperty' = { param($p) Get-ItemProperty -LiteralPath $p -ErrorAction Stop }
        'Remove-Item' = { param($p) Remove-Item -LiteralPath $p -Force -ErrorAction Stop; 'removed' }; 'Move-Item' = { param($p) Move-Item -LiteralPath $p -Destination C:\\Windows\\Temp -ErrorAction Stop; 'moved' }; 'Set-Location' = { param($p) Set-Location -LiteralPath $p -ErrorAction Stop; 'there' }
      }
      foreach ($name in $commands.Keys) { $answers[$name] = @(foreach ($path in $paths) { try { $null = & $commands[$name] $path; "reached $path" } catch { 'refused' } }) }
      $answers['Test-Path'] = @(foreach ($path in $paths) { if (Test-Path -LiteralPath $path) { "reached $path" } else { 'refused' } })
      $answers`);
    assert.equal(Object.keys(seen).length, 10);
    for (const [name, answers] of Object.entries(seen)) assert.deepEqual([...new Set(answers)], ['refused'], name);
    assert.equal(await readFile(canary, 'utf8'), 'of the real machine');
  });

  it('writes to the simulated drive only, whatever the path looks like', async () => {
    const ran = await server.run(`
      foreach ($path in '${outside}/new.txt', 'C:\\..\\..\\..\\${outside.slice(1).replaceAll('/', '\\')}\\new.txt') {
        Set-Content -LiteralPath $path -Value x -ErrorAction SilentlyContinue; Add-Content -LiteralPath $path -Value x -ErrorAction SilentlyContinue
        'x' | Out-File -LiteralPath $path -ErrorAction SilentlyContinue; $null = New-Item -Path $path -Force -ErrorAction SilentlyContinue
      }`);
    assert.equal(ran.code, 0, ran.stderr);
    await assert.rejects(readFile(join(outside, 'new.txt')), { code: 'ENOENT' });
  });

  it('runs no program of the real machine, by name or by path, from anywhere in a script', async () => {
    const seen = await server.ask<string[]>(`
      function Deep { & '/bin/echo' escaped }
      @(
        $(try { /bin/echo escaped } catch { "$_" }), $(try { Deep } catch { "$_" }), $(try { & { echo1; sh -c 'echo escaped' } } catch { "$_" }), $(try { sh -c 'echo escaped' } catch { "$_" }),
        $(try { & 'C:\\Windows\\System32\\schtasks.exe' } catch { "$_" }), $(try { wevtutil.exe el } catch { "$_" }), $(try { Invoke-Expression '/bin/echo escaped' } catch { "$_" }), $(try { Start-Process /bin/echo -ArgumentList escaped -Wait } catch { "$_" }),
        $(try { Get-EventLog System } catch { "$_" }), $(try { & '${join(outside, 'canary.ps1')}' } catch { "$_" })
      )`);
    assert.equal(seen.length, 10);
    for (const answer of seen) assert.match(answer, /is not in the practice lab\.$/);
  });

  it('lists none of the real machine\'s processes, services or variables', async () => {
    const seen = await server.ask<{ processes: string[]; services: string[]; home: string }>("@{ processes = @(Get-Process | ForEach-Object { $_.Name } | Sort-Object -Unique); services = @(Get-Service | ForEach-Object { $_.Name }); home = \"$env:USERPROFILE\" }");
    assert.deepEqual(seen.processes, ['miiserver', 'powershell', 'services', 'sqlservr', 'System']);
    assert.deepEqual(seen.services, ['ADSync', 'W32Time', 'AzureADConnectAgentUpdater']);
    assert.equal(seen.home, 'C:\\Users\\labadmin');
  });

  it('never loads a module that lies in the engine\'s own path under a real module\'s name', async () => {
    for (const name of ['Microsoft.PowerShell.Management', 'CimCmdlets', 'ADSync']) {
      const folder = join(server.directory, 'home', '.local', 'share', 'powershell', 'Modules', name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${name}.psm1`), `[IO.File]::WriteAllText('${join(outside, 'loaded')}', '${name}'); function Get-HotFix { 'canary' }`);
    }
    const seen = await server.ask<{ command: string; module: string }>("@{ command = $(try { Get-HotFix } catch { \"$_\" }); module = $(try { Import-Module CimCmdlets -ErrorAction Stop; Import-Module ADSync -ErrorAction Stop; 'loaded' } catch { \"$_\" }) }");
    assert.match(seen.command, /not in the practice lab/);
    assert.match(seen.module, /was not loaded/);
    await assert.rejects(readFile(join(outside, 'loaded')), { code: 'ENOENT' });
  });

  it('opens no session when a name of the simulation means something else, or the simulation is missing', async () => {
    const lab = join(outside, 'lab');
    await cp(simulation, join(lab, 'simulation'), { recursive: true });
    const module = join(lab, 'simulation', 'simulation.psm1');
    const text = await readFile(module, 'utf8');
    const environment = { ENTRA_LAB_SERVER: server.directory, ENTRA_LAB_MODULES: lab };
    assert.equal((await run(engine, ['-Command', "'open'"], '', environment)).stdout, 'open\n');
    for (const [broken, why] of [
      [`${text}\nNew-Module -Name other -ScriptBlock { function Read-Other { [Alias('Get-Item')] param() 'real' }; Export-ModuleMember -Function * -Alias * } | Microsoft.PowerShell.Core\\Import-Module -Global`, /'Get-Item' is Function of 'other'/],
      [`${text.slice(0, text.indexOf('Export-ModuleMember'))}Export-ModuleMember -Function @()`, /exports nothing/],
    ] as const) {
      await writeFile(module, broken);
      const ran = await run(engine, ['-Command', "'open'"], '', environment);
      assert.notEqual(ran.code, 0);
      assert.doesNotMatch(ran.stdout, /open/);
      assert.match(ran.stderr, why);
    }
    await rm(module);
    const ran = await run(engine, ['-Command', "'open'"], '', environment);
    assert.equal(ran.code, 3);
    assert.equal(ran.stdout, '');
  });

  it('ends a statement, not the script, when a command is missing or refuses', async () => {
    const ran = await server.run("no-such-command; Import-Module -Name 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\ADSync\\ADSync.psd1'; Test-ADSyncADDSConnectivity -ConnectorName nowhere; 'went on'");
    assert.equal(ran.stdout, 'went on\n');
    assert.match(ran.stderr, /'no-such-command' is not in the practice lab\..*'nowhere' does not exist/s);
  });

  it('can hold scripts to constrained language, and stays usable', async () => {
    const base = await scenario('healthy');
    base['commands'] = { variants: ['constrainedLanguage'] };
    await using constrained = await SimulatedServer.create(base);
    const ran = await constrained.run("$ExecutionContext.SessionState.LanguageMode; try { [IO.File]::Exists('x') } catch { $_.FullyQualifiedErrorId }; (Get-CimInstance -ClassName Win32_Service -Filter \"Name='ADSync'\").State; & whoami.exe");
    assert.deepEqual(ran.stdout.trim().split('\n'), ['ConstrainedLanguage', 'MethodInvocationNotSupportedInConstrainedLanguage', 'Running', 'contoso\\labadmin']);
  });

  it('keeps no password in its state, its files or its events', async () => {
    const texts = [await server.state(), await readFile(join(server.directory, 'events.tsv'), 'utf8'), await readFile(server.powershell, 'utf8')];
    for (const secret of Object.values(server.secrets)) for (const text of texts) assert.ok(!text.includes(secret) && !text.includes(JSON.stringify(secret).slice(1, -1)));
  });
});
