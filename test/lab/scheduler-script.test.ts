import assert from 'node:assert/strict';
import { scripts, type ServerScript } from '../../src/connect/scripts.ts';
import { RunBench } from './support/run-bench.ts';
import { SimulatedServer, scenario } from './support/simulated-server.ts';

// What the scripts themselves do on a server: nothing of the client takes part.
describe('the scheduler, put off and back by the scripts', function () {
  this.timeout(120_000);

  it('on is on, whatever an earlier run remembered', async () => {
    await using server = await SimulatedServer.create(await scenario('healthy'));
    await using bench = new RunBench(server);
    const session = await bench.session();
    const path = 'C:\\Program Files\\Microsoft Azure AD Sync';
    const run = async (script: ServerScript, parameters: Readonly<Record<string, string>> = {}): Promise<void> => {
      const { error } = await session.invoke(script.text, { name: script.name, parameters }).result;
      assert.equal(error, undefined);
    };
    const key = "'HKLM:\\SOFTWARE\\EntraConnectRemediation'";
    const remembers = (value: string): ServerScript => ({ name: 'remembers', text: `if (-not (Test-Path -LiteralPath ${key})) { $null = New-Item -Path ${key} }; Set-ItemProperty -LiteralPath ${key} -Name SchedulerBefore -Value '${value}'` });
    const now = async (): Promise<unknown> => server.ask(`Import-Module -Name '${path}\\Bin\\ADSync\\ADSync.psd1'; @{ on = [string]@((Get-ADSyncGlobalSettings).Parameters | Where-Object { $_.Name -eq 'Microsoft.Synchronize.SynchronizationSchedule' })[0].Value; before = [string](Get-ItemProperty -LiteralPath ${key}).SchedulerBefore }`);
    await run(remembers('False'));
    await run(scripts.restoreScheduler, { InstallationPath: path, Guard: '' });
    assert.deepEqual(await now(), { on: 'True', before: '' });
    await run(remembers('False'));
    await run(scripts.pauseScheduler, { InstallationPath: path, Guard: '' });
    assert.deepEqual(await now(), { on: 'False', before: 'True' });
    await run(scripts.restoreScheduler, { InstallationPath: path, Guard: '' });
    assert.deepEqual(await now(), { on: 'True', before: '' });
  });
});
