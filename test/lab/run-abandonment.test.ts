import assert from 'node:assert/strict';
import { scripts } from '../../src/connect/scripts.ts';
import { RunBench } from './support/run-bench.ts';
import { SimulatedServer, scenario, type Scenario } from './support/simulated-server.ts';

const marker = "$m = Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Abandon' -ErrorAction SilentlyContinue";

/** A server whose key is lost and whose database is up, as after a start attempt a moment ago. */
async function keyLost(change: Partial<Scenario> = {}): Promise<SimulatedServer> {
  const server = await SimulatedServer.create({ ...(await scenario('key-lost-current')), ...change });
  const attempt = await server.ask<{ state: string; code: number }>('$null = & $start; do { Start-Sleep -Milliseconds 200; $s = & $service } while ($s.State -notin "Stopped", "Running"); @{ state = $s.State; code = $s.ExitCode }');
  assert.deepEqual(attempt, { state: 'Stopped', code: 1066 });
  return server;
}

describe('abandoning the key on a server', function () {
  this.timeout(600_000);

  it('goes on when the connection is cut in the middle, is watched over a new one, and is done once', async () => {
    await using server = await keyLost({ delays: { start: 0.2, stop: 0.2, abandon: 3, run: 0.2 } });
    await using bench = new RunBench(server);
    let cuts = 0;
    const refusals: string[] = [];
    bench.onEvent = (event) => {
      if (event.kind !== 'progress' || event.step !== 'abandon-key' || !event.text.includes('miiskmu.exe /a is running') || cuts > 0) return;
      cuts++;
      const answer = run.cancel();
      if (!answer.accepted) refusals.push(answer.why);
      void bench.cut();
    };
    const run = bench.start({ kind: 'step', step: 'abandon-key', target: undefined });
    const result = await run.result;
    assert.equal(result.state, 'done', result.message);
    assert.equal(cuts, 1);
    assert.match(refusals[0] ?? '', /cannot be cancelled/);
    const verdict = await server.judge();
    assert.deepEqual([verdict.abandonStarted, verdict.abandoned], [1, 1]);
    const left = await server.ask<{ exit: string; phase: string; tasks: number }>(`${marker}; @{ exit = $m.ExitCode; phase = $m.Phase; tasks = @(Get-ScheduledTask -TaskName 'EntraConnectRemediation-*').Count }`);
    assert.deepEqual(left, { exit: '0', phase: 'finished', tasks: 0 });
  });

  it('goes on when the client dies for good; the next client waits for it and does not start another', async () => {
    await using server = await keyLost({ delays: { start: 0.2, stop: 0.2, abandon: 6, run: 0.2 } });
    const first = new RunBench(server);
    const running = new Promise<void>((resolve) => {
      first.onEvent = (event) => { if (event.kind === 'progress' && event.text.includes('miiskmu.exe /a is running')) resolve(); };
    });
    const abandoned = first.start({ kind: 'step', step: 'abandon-key', target: undefined }).result;
    await running;
    first.dead = true;
    await first.cut();
    const dead = await abandoned;
    assert.notEqual(dead.state, 'done');
    // The dead client's lock expires by the server's clock; here its time is over.
    await server.ask("foreach ($k in @(Get-ChildItem -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock')) { Set-ItemProperty -LiteralPath \"HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock\\$($k.PSChildName)\" -Name LeaseSeconds -Value '0' }; @{}");
    await using second = new RunBench(server);
    const result = await second.start({ kind: 'step', step: 'abandon-key', target: undefined }).result;
    assert.equal(result.steps[0]?.state, 'skipped', result.message);
    const verdict = await server.judge();
    assert.deepEqual([verdict.abandonStarted, verdict.abandoned], [1, 1]);
  });

  it('that dies half-way stays unknown, and nobody starts it again', async () => {
    await using server = await keyLost({ commands: { variants: ['abandonDies'] } });
    await using bench = new RunBench(server);
    const result = await bench.start({ kind: 'step', step: 'abandon-key', target: undefined }).result;
    assert.equal(result.state, 'unknown', result.message);
    bench.answers = { ...bench.answers, 'abandonment-outcome': 'leave' };
    const again = await bench.start({ kind: 'step', step: 'abandon-key', target: undefined }).result;
    assert.equal(again.state, 'unknown', again.message);
    assert.equal((await server.judge()).abandonStarted, 1);
  });

  it('is not begun where the server refuses the scheduled task, and leaves no mark', async () => {
    await using server = await keyLost({ commands: { variants: ['taskRefused'] } });
    await using bench = new RunBench(server);
    const result = await bench.start({ kind: 'step', step: 'abandon-key', target: undefined }).result;
    assert.equal(result.state, 'refused', result.message);
    assert.match(result.message, /refused the scheduled task/);
    assert.equal((await server.judge()).abandonStarted, 0);
    assert.deepEqual(await server.ask(`${marker}; @{ there = ($null -ne $m) }`), { there: false });
  });

  it('is not begun where somebody planted the folder', async () => {
    await using server = await keyLost();
    await server.ask(`$f = 'C:\\ProgramData\\EntraConnectRemediation'; if (Test-Path -LiteralPath $f) { Remove-Item -LiteralPath $f -Recurse }
      $null = New-Item -Path $f -ItemType Directory; $acl = Get-Acl -LiteralPath $f
      $acl.SetSecurityDescriptorSddlForm('O:S-1-5-21-1-2-3-1111G:BAD:(A;OICI;FA;;;S-1-5-21-1-2-3-1111)'); Set-Acl -LiteralPath $f -AclObject $acl; @{}`);
    await using bench = new RunBench(server);
    const result = await bench.start({ kind: 'step', step: 'abandon-key', target: undefined }).result;
    assert.equal(result.state, 'refused', result.message);
    assert.match(result.message, /not to the administrators/);
    assert.equal((await server.judge()).abandonStarted, 0);
  });

  it('a task of an earlier run that starts late leaves the intent of another run alone', async () => {
    await using server = await keyLost({ delays: { start: 0.2, stop: 0.2, abandon: 0.2, run: 0.2 } });
    const seen = await server.ask<{ phase: string; state: string }>(`Set-Content -LiteralPath 'C:\\Windows\\Temp\\late.ps1' -Encoding UTF8 -Value @'
${scripts.abandon.text}
'@
      $null = New-Item -Path 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Abandon' -Force
      $values = @{ Run = 'newer'; Phase = 'launched'; Guard = 'account=' + (& $service).StartName; StartName = (& $service).StartName; InstallationPath = 'C:\\Program Files\\Microsoft Azure AD Sync'; Folder = 'C:\\Windows\\Temp' }
      foreach ($name in $values.Keys) { Set-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Abandon' -Name $name -Value $values[$name] }
      $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoLogo -NoProfile -NonInteractive -File "C:\\Windows\\Temp\\late.ps1" earlier'
      $null = Register-ScheduledTask -TaskName 'EntraConnectRemediation-earlier' -Action $action
      Start-ScheduledTask -TaskName 'EntraConnectRemediation-earlier'
      do { Start-Sleep -Milliseconds 200; $state = [string](Get-ScheduledTask -TaskName 'EntraConnectRemediation-earlier').State } while ($state -eq 'Running')
      ${marker}; @{ phase = $m.Phase; state = $state }`);
    assert.deepEqual(seen, { phase: 'launched', state: 'Ready' });
    assert.equal((await server.judge()).abandonStarted, 0);
  });
});
