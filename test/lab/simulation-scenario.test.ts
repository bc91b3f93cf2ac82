import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine, run, scenario, secretNames, SimulatedServer, simulation, type Ran, type Scenario, type Verdict } from './support/simulated-server.ts';

describe('scenario files', function () {
  this.timeout(240_000);
  let folder: string;
  before(async () => { folder = await mkdtemp(join(tmpdir(), 'scenarios-')); });
  after(async () => { await rm(folder, { recursive: true, force: true }); });

  const create = async (what: unknown, secrets: string): Promise<Ran> => {
    const file = join(folder, 'scenario.json');
    await writeFile(file, typeof what === 'string' ? what : JSON.stringify(what));
    return run(engine, ['run', join(simulation, 'create.ps1'), '-Scenario', file, '-Directory', join(folder, 'server')], secrets);
  };

  it('are refused with what is wrong, and nothing is made', async () => {
    const healthy = await scenario('healthy');
    const service = healthy['service'] as Scenario;
    for (const [what, why] of [
      [{ ...healthy, extra: 1 }, /unknown key 'extra'/],
      [{ ...healthy, service: { ...service, password: 'x' } }, /unknown key 'password' in 'service'/],
      [{ ...healthy, service: { ...service, state: 'Paused' } }, /'service\.state' is 'Paused'/],
      [{ ...healthy, events: [{ ago: 'yesterday', provider: 'ADSync', id: 1 }] }, /'yesterday' is not a duration/],
      [{ ...healthy, build: 'new' }, /'build'/],
      ['{ not json', /not JSON/],
    ] as const) {
      const ran = await create(what, JSON.stringify({ old: 'a', forest1: 'b', entra: 'c' }));
      assert.equal(ran.code, 2, ran.stdout);
      assert.match(ran.stderr, why);
    }
    await assert.rejects(readdir(join(folder, 'server', 'drive')), { code: 'ENOENT' });
    const missing = await create(healthy, JSON.stringify({ old: 'a', entra: 'c' }));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /secret 'forest1' is missing/);
  });

  it('of a caller need no code: three forests, other names, both faults at once', async () => {
    const own = JSON.parse(await readFile(join(process.cwd(), 'docs', 'scenario-example.json'), 'utf8')) as Scenario;
    await using server = await SimulatedServer.create(own);
    const first = await server.ask<{ name: string; stale: string; lost: string; code: number; message: string }>(`
      $null = & $start
      $stale = (& $service).ExitCode
      $message = (Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 7038 } -MaxEvents 1).Message
      $null = Invoke-CimMethod -InputObject (& $service) -MethodName Change -Arguments @{ StartName = (& $service).StartName; StartPassword = ${server.quoted('after-reset')} }
      $null = & $start
      $lost = (& $service).ExitCode
      $code = (& $abandon).code
      $null = & $start
      @{ name = (Get-CimInstance Win32_ComputerSystem).Name; stale = "$stale"; lost = "$lost"; code = $code; message = $message }`);
    assert.deepEqual({ ...first, message: '' }, { name: 'KONTOR-SYNC', stale: '1069', lost: '1066', code: 0, message: '' });
    assert.match(first.message, /konnte sich nicht als "NORDWIND\\svc-aadc"/);
    for (const forest of ['nordwind', 'suedwind', 'ostwind']) assert.equal((await server.enterPassword(`${forest}.example`, server.secrets[forest] ?? '')).code, 0);
    assert.deepEqual((await server.judge()).reasons, ["The stored secret of connector 'nordwind.onmicrosoft.com - AAD' is not valid."]);
  });

  it('that ship can all be made and judged with one start of the engine each', async () => {
    const names = (await readdir(join(process.cwd(), 'lab', 'scenarios'))).map((file) => file.replace(/\.json$/, ''));
    const places = await Promise.all(names.map(async (name) => {
      const what = await scenario(name);
      const file = join(folder, `${name}.json`);
      await writeFile(file, JSON.stringify(what));
      return { scenario: file, directory: join(folder, 'many', name), secrets: Object.fromEntries(secretNames(what).map((secret) => [secret, `${secret} of ${name}`])) };
    }));
    const made = await run(engine, ['run', join(simulation, 'create.ps1'), '-Several'], JSON.stringify(places));
    assert.equal(made.code, 0, made.stderr);
    assert.equal(made.stdout.trim().split('\n').length, names.length);
    const judged = await run(engine, ['run', join(simulation, 'judge.ps1'), '-Several'], JSON.stringify(places.map(({ directory }) => directory)));
    const verdicts = new Map((JSON.parse(judged.stdout) as Verdict[]).map((verdict, index) => [names[index]!, verdict]));
    assert.equal(verdicts.size, names.length);
    for (const name of names) {
      const { expect } = await scenario(name) as { expect: { plans: string[]; refused: unknown } };
      const verdict = verdicts.get(name)!;
      // What is to be repaired is broken, and what is left alone is not; nothing was harmed by being made.
      if (expect.refused === null) assert.equal(verdict.healthy, expect.plans.length === 0, `${name}: ${verdict.reasons.join(' ')}`);
      assert.deepEqual(verdict.harm, [], name);
    }
  });
});
