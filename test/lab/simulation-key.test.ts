import assert from 'node:assert/strict';
import { scenario, SimulatedServer, type Scenario } from './support/simulated-server.ts';

const part = (base: Scenario, name: string): Scenario => base[name] as Scenario;

describe('the simulated encryption key', function () {
  this.timeout(180_000);

  it('refuses a start on 1.1.443.0 with the service-specific code and drops nothing', async () => {
    await using server = await SimulatedServer.create(await scenario('key-lost-1.1.443'));
    const seen = await server.ask<{ code: number; exit: number; specific: number; state: string; application: number[]; system: number[]; message: string | null; database: number }>(`
      $code = & $start
      $now = & $service
      $fault = Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 7024 } -MaxEvents 1 -ErrorAction SilentlyContinue
      @{ code = $code; exit = $now.ExitCode; specific = $now.ServiceSpecificExitCode; state = $now.State; application = @(& $events 'Application'); system = @(& $events 'System'); message = $fault.Message; database = @(Get-Process -Name sqlservr).Count }`);
    assert.deepEqual(seen, { code: 0, exit: 1066, specific: 0x80231000, state: 'Stopped', application: [6028], system: [7024], message: null, database: 1 });
    assert.equal((await server.judge()).secretsDropped, 0);
  });

  it('makes a new key by itself on a current build, which costs every stored secret', async () => {
    const base = await scenario('key-lost-current');
    part(base, 'key')['selfRepair'] = true;
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ code: number; state: string; application: number[]; level: number }>(`
      $code = & $start
      $made = Get-WinEvent -FilterHashtable @{ LogName = 'Application'; ProviderName = 'ADSync'; Id = 6227 } -MaxEvents 1
      @{ code = $code; state = (& $service).State; application = @(& $events 'Application'); level = [int]$made.Level }`);
    assert.equal(seen.code, 0);
    assert.equal(seen.state, 'Running');
    assert.equal(seen.level, 4, 'the event that tells of the loss is of level Information');
    assert.deepEqual(seen.application.slice(0, 5), [6231, 6227, 6601, 6601, 6601]);
    const verdict = await server.judge();
    assert.equal(verdict.secretsDropped, 3);
    assert.equal(verdict.abandoned, 0);
    assert.equal(verdict.reasons.length, 3);
  });

  it('reads the key of a domain account again once a domain controller answers', async () => {
    const base = await scenario('key-lost-current');
    base['key'] = { state: 'unreadable', selfRepair: false };
    base['dc'] = { reachable: false };
    await using server = await SimulatedServer.create(base);
    const attempt = '$null = & nltest.exe /dsgetdc:adatum.com /writable 2>$null; $code = $LASTEXITCODE; $null = & $start; @{ code = $code; state = (& $service).State }';
    assert.deepEqual(await server.ask(attempt), { code: 1355, state: 'Stopped' });
    assert.equal((await server.person('return-domain-controller')).code, 0);
    assert.deepEqual(await server.ask(attempt), { code: 0, state: 'Running' });
    assert.equal((await server.judge()).healthy, true);
  });

  it('reads the key of a local account again once the old password is back', async () => {
    const base = await scenario('key-lost-1.1.443');
    base['key'] = { state: 'unreadable' };
    part(base, 'account')['password'] = 'old';
    part(base, 'service')['scmPassword'] = 'old';
    await using server = await SimulatedServer.create(base);
    assert.equal(await server.ask<string>('$null = & $start; (& $service).State'), 'Running');
  });

  it('refuses to abandon while the service runs, and without a database', async () => {
    const base = await scenario('healthy');
    base['delays'] = { stop: 0, databaseLinger: 0 };
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ running: { code: number; text: string }; late: { code: number; text: string } }>('$running = & $abandon; $null = & $stop; @{ running = $running; late = & $abandon }');
    assert.equal(seen.running.code, 0x80131600 | 0);
    assert.match(seen.running.text, /server service was started/);
    assert.equal(seen.late.code, 0x8023043E | 0);
    assert.equal((await server.judge()).abandonStarted, 0);
  });

  it('abandons every connector\'s secret, does not start the service, and leads to a new key at the next start', async () => {
    await using server = await SimulatedServer.create(await scenario('key-lost-current'));
    const seen = await server.ask<{ done: { code: number; text: string }; state: string; started: number; application: number[] }>(`
      $null = & $start
      $done = & $abandon
      $state = (& $service).State
      $started = & $start
      @{ done = $done; state = $state; started = $started; application = @(& $events 'Application') }`);
    assert.equal(seen.done.code, 0);
    assert.match(seen.done.text, /has been started/, 'its text claims a start that did not happen');
    assert.equal(seen.state, 'Stopped');
    assert.equal(seen.started, 0);
    assert.deepEqual(seen.application.slice(0, 5), [6208, 6203, 1, 6201, 2001]);
    const verdict = await server.judge();
    assert.equal(verdict.abandoned, 1);
    assert.equal(verdict.reasons.filter((reason) => reason.includes('stored secret')).length, 3);
  });

  it('can die half-way: some secrets are gone, the event is there, no exit code came', async () => {
    const base = await scenario('key-lost-current');
    base['commands'] = { variants: ['abandonDies'] };
    await using server = await SimulatedServer.create(base);
    const ran = await server.run("Start-Service ADSync -ErrorAction SilentlyContinue; & 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiskmu.exe' /a; 'after'");
    assert.equal(ran.code, 137);
    assert.doesNotMatch(ran.stdout, /after/);
    const verdict = await server.judge();
    assert.deepEqual([verdict.abandonStarted, verdict.abandoned], [1, 0]);
    assert.equal(verdict.reasons.filter((reason) => reason.includes('stored secret')).length, 2);
    assert.deepEqual(await server.ask<number[]>(", @(& $events 'Application')"), [6208, 6203, 1]);
  });

  it('shows a window instead of answering when it is called without a switch that it knows', async () => {
    await using server = await SimulatedServer.create(await scenario('healthy'));
    const seen = await server.ask<{ code: number; text: string }>("$lines = @(& 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiskmu.exe' /f 2>&1); @{ code = $LASTEXITCODE; text = \"$lines\" }");
    assert.notEqual(seen.code, 0);
    assert.match(seen.text, /modal dialog/);
  });
});
