import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { scenario, SimulatedServer } from './support/simulated-server.ts';

const task = (script: string): string => `
  Set-Content -LiteralPath C:\\Windows\\Temp\\task.ps1 -Value @'
${script}
'@ -Encoding UTF8
  $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "C:\\Windows\\Temp\\task.ps1"'
  $principal = New-ScheduledTaskPrincipal -UserId 'NT AUTHORITY\\SYSTEM' -LogonType ServiceAccount -RunLevel Highest
  $null = Register-ScheduledTask -TaskName 'one-shot' -Action $action -Principal $principal`;

/** Waits until a file is there; the test's own time limit ends it. */
async function appears(file: string): Promise<void> {
  for (;;) {
    try { await access(file); return; } catch { await wait(50); }
  }
}

/** Runs a script in an engine and kills that engine's whole process group as soon as the file is there, as sshd's job does. */
async function killedAt(server: SimulatedServer, script: string, file: string): Promise<void> {
  const child = spawn(server.powershell, ['-NoProfile', '-EncodedCommand', Buffer.from(script, 'utf16le').toString('base64')], { stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => { child.on('close', () => { resolve(); }); });
  await appears(file);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
}

describe('simulated scheduled tasks and children', function () {
  this.timeout(180_000);

  it('run in a process of their own, which outlives the session that started them', async () => {
    await using server = await SimulatedServer.create(await scenario('healthy'));
    const begun = join(server.directory, 'drive', 'Windows', 'Temp', 'begun');
    const done = join(server.directory, 'drive', 'Windows', 'Temp', 'done');
    await killedAt(server, `${task("Set-Content C:\\Windows\\Temp\\begun -Value $PID; while (-not (Test-Path C:\\Windows\\Temp\\go)) { Start-Sleep -Milliseconds 50 }; Set-Content C:\\Windows\\Temp\\done -Value 'alive'; exit 42")}
      Start-ScheduledTask -TaskName 'one-shot'
      while ($true) { Start-Sleep -Milliseconds 200 }`, begun);
    const running = await server.ask<{ state: string; result: number; found: number }>("@{ state = \"$((Get-ScheduledTask -TaskName 'one-shot').State)\"; result = (Get-ScheduledTaskInfo -TaskName 'one-shot').LastTaskResult; found = @(Get-Process -Id (Get-Content C:\\Windows\\Temp\\begun)).Count }");
    assert.deepEqual(running, { state: 'Running', result: 267009, found: 1 });
    const ended = await server.ask<{ state: string; result: number; left: number }>(`
      Set-Content C:\\Windows\\Temp\\go -Value 1
      while ("$((Get-ScheduledTask -TaskName 'one-shot').State)" -eq 'Running') { Start-Sleep -Milliseconds 50 }
      $result = (Get-ScheduledTaskInfo -TaskName 'one-shot').LastTaskResult
      $state = "$((Get-ScheduledTask -TaskName 'one-shot').State)"
      Unregister-ScheduledTask -TaskName 'one-shot' -Confirm:$false
      @{ state = $state; result = $result; left = @(Get-ScheduledTask -TaskName 'one-shot' -ErrorAction SilentlyContinue).Count }`);
    assert.deepEqual(ended, { state: 'Ready', result: 42, left: 0 });
    assert.equal((await readFile(done, 'utf8')).trim(), 'alive');
  });

  it('outlive the session, a child of the session does not', async () => {
    await using server = await SimulatedServer.create(await scenario('healthy'));
    const begun = join(server.directory, 'drive', 'Windows', 'Temp', 'begun');
    await killedAt(server, `Set-Content C:\\Windows\\Temp\\child.ps1 -Value 'Set-Content C:\\Windows\\Temp\\begun -Value $PID; while ($true) { Start-Sleep -Milliseconds 100 }'
      Start-Process powershell.exe -ArgumentList '-NoProfile', '-File', 'C:\\Windows\\Temp\\child.ps1' -Wait`, begun);
    const seen = await server.ask<number>("$id = [int](Get-Content C:\\Windows\\Temp\\begun); while (@(Get-Process -Id $id -ErrorAction SilentlyContinue).Count) { Start-Sleep -Milliseconds 50 }; 0");
    assert.equal(seen, 0);
  });

  it('can be refused by the server, and a process by its rules', async () => {
    const base = await scenario('healthy');
    base['commands'] = { variants: ['taskRefused', 'asr'] };
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ task: string; process: number }>(`
      @{ task = $(try { ${task("'x'")} } catch { $_.FullyQualifiedErrorId }); process = (Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ CommandLine = 'powershell.exe -NoProfile -Command 1' }).ReturnValue }`);
    assert.match(seen.task, /^HRESULT 0x80070005/);
    assert.equal(seen.process, 2);
  });
});
