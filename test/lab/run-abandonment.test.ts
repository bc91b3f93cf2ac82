import assert from 'node:assert/strict';
import { flatRecord, textOf } from '../../src/connect/flat-record.ts';
import { scripts, type ServerScript } from '../../src/connect/scripts.ts';
import type { PSValue, PowerShellSession } from '../../src/session.ts';
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

/** The launch, whose two clients wait for one another once each is past the checks before the claim; a minute at most. */
function meeting({ name, text }: ServerScript, where: string, client: number): ServerScript {
  const mark = '$claim = Join-Path';
  assert.equal(text.split(mark).length, 2);
  const [mine, other] = [client, 1 - client].map((one) => `'C:\\Windows\\Temp\\met-${where}-${one}'`);
  return { name, text: text.replace(mark, () => `$null = New-Item -Path ${mine} -ItemType File\n$until = (Get-Date).AddMinutes(1)\nwhile (-not (Test-Path -LiteralPath ${other}) -and (Get-Date) -lt $until) { }\n${mark}`) };
}

/** Runs a script alone; one value of its first record, as text. Rejects with what it says where it fails. */
async function output(session: PowerShellSession | undefined, script: ServerScript, parameters: Readonly<Record<string, PSValue>>, name: string): Promise<string> {
  assert.ok(session);
  const pipeline = session.invoke(script.text, { name: script.name, parameters });
  let text = '';
  for await (const record of pipeline) {
    if (record.stream !== 'output') continue;
    text ||= textOf(flatRecord(record.value), name);
  }
  const { error } = await pipeline.result;
  if (error !== undefined) throw new Error(error.message);
  return text;
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

  it('two clients past every check in the same moment: one of them launches it, round after round', async () => {
    await using server = await keyLost({ delays: { start: 0.1, stop: 0.1, abandon: 0.3, run: 0.1 } });
    await using first = new RunBench(server);
    await using second = new RunBench(server);
    const sessions = await Promise.all([first.session(), second.session()]);
    const { startName } = await server.ask<{ startName: string }>('@{ startName = [string](& $service).StartName }');
    const rounds = 3;
    for (let round = 1; round <= rounds; round++) {
      const folders: string[] = [];
      for (const [i, session] of sessions.entries()) folders.push(await output(session, scripts.protectFolder, { Run: `client${i}-${round}` }, 'folder'));
      const launched = await Promise.all(sessions.map((session, i) => output(session, meeting(scripts.launchAbandon, `${round}`, i), {
        Run: `client${i}-${round}`, Folder: folders[i] ?? '', TaskScript: scripts.abandon.text, InstallationPath: 'C:\\Program Files\\Microsoft Azure AD Sync', ComputerName: 'c', MachineId: 'm', StartName: startName,
        ApplicationRecord: 0n, TaskGuard: `account=${startName}`, Guard: `account=${startName}`,
      }, 'launched')));
      assert.deepEqual(launched.sort(), ['false', 'true'], `round ${round}`);
      const end = await server.ask<{ exit: string; refusal: string; intent: string }>(`do { Start-Sleep -Milliseconds 200; $busy = @(Get-ScheduledTask -TaskName 'EntraConnectRemediation-*' | Where-Object { $_.State -eq 'Running' }).Count } while ($busy)
        foreach ($task in @(Get-ScheduledTask -TaskName 'EntraConnectRemediation-*')) { Unregister-ScheduledTask -TaskName $task.TaskName -Confirm:$false }
        ${marker}; @{ exit = $m.ExitCode; refusal = $m.Refusal; intent = $m.Intent }`);
      assert.deepEqual([end.exit, end.refusal], ['0', null], `round ${round}`);
      // Until its outcome is settled nobody begins anew; what two clients settle at once is settled once.
      assert.equal(await output(sessions[0], scripts.launchAbandon, { Run: 'late', Folder: folders[0] ?? '', TaskScript: '', InstallationPath: '', ComputerName: '', MachineId: '', StartName: '', ApplicationRecord: 0n, TaskGuard: '', Guard: '' }, 'launched'), 'false');
      await Promise.allSettled(sessions.map((session) => output(session, scripts.settleAbandon, { Intent: end.intent }, 'settled')));
    }
    const verdict = await server.judge();
    assert.deepEqual([verdict.abandonStarted, verdict.abandoned], [rounds, rounds]);
    assert.deepEqual(await server.ask(`@{ begun = @(& $events 'Application' | Where-Object { $_ -eq 1 }).Count; marked = (Test-Path -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Abandon'); claimed = (Test-Path -LiteralPath 'C:\\ProgramData\\EntraConnectRemediation\\abandon.claim') }`), { begun: rounds, marked: false, claimed: false });

    // A client that died right after its claim: nothing is launched, and whoever comes is told of it until a person has decided.
    await server.ask("$null = New-Item -Path 'C:\\ProgramData\\EntraConnectRemediation\\abandon.claim' -ItemType File -Value 'dead|2026-01-01T00:00:00.0000000Z|7'; @{}");
    assert.deepEqual(await Promise.all((['run', 'intent', 'phase', 'applicationRecord', 'task'] as const).map((name) => output(sessions[0], scripts.readAbandon, {}, name))), ['dead', '2026-01-01T00:00:00.0000000Z', 'claimed', '7', 'EntraConnectRemediation-dead']);
    await assert.rejects(output(sessions[0], scripts.settleAbandon, { Intent: 'another' }, 'settled'), /belongs to another abandonment/);
    assert.equal(await output(sessions[0], scripts.settleAbandon, { Intent: '2026-01-01T00:00:00.0000000Z' }, 'settled'), 'true');
    assert.equal((await server.judge()).abandonStarted, rounds);
  });
});
