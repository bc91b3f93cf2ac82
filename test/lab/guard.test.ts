import assert from 'node:assert/strict';
import { scripts, type ServerScript } from '../../src/connect/scripts.ts';
import type { PSValue, PowerShellSession } from '../../src/session.ts';
import { RunBench } from './support/run-bench.ts';
import { SimulatedServer, scenario } from './support/simulated-server.ts';

/** Runs one script; its error's text, or undefined where it ended well. */
async function refusal(session: PowerShellSession, script: ServerScript, parameters: Readonly<Record<string, PSValue>>): Promise<string | undefined> {
  const pipeline = session.invoke(script.text, { name: script.name, parameters });
  // An error comes once everything before it was read.
  for await (const record of pipeline) assert.ok(record.stream !== 'debug');
  const { error } = await pipeline.result;
  return error?.message;
}

// What the scripts themselves say on a server, one engine for all: nothing of the client takes part.
describe('the checks that a script makes again at the moment of acting', function () {
  this.timeout(180_000);
  let server: SimulatedServer;
  let bench: RunBench;
  let session: PowerShellSession;
  const path = 'C:\\Program Files\\Microsoft Azure AD Sync';
  before(async () => {
    const what = await scenario('healthy-application-auth');
    server = await SimulatedServer.create({
      ...what, dc: { reachable: false }, programs: ['miisclient', 'AzureADConnect'], service: { ...(what['service'] as object), startMode: 'Disabled' }, scheduler: { enabled: true, running: '30d' },
    });
    bench = new RunBench(server);
    session = await bench.session();
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const cases: readonly (readonly [line: string, says: RegExp])[] = [
    ['machine=ANOTHER|', /^guard:machine because this server is .+, but ANOTHER was confirmed/],
    ['lock=00000000-0000-4000-8000-000000000000', /^guard:lock because this run does not hold the lock/],
    ['account=CONTOSO\\other', /^guard:account because ADSync runs as /],
    ['enabled=', /^guard:enabled because somebody has disabled/],
    ['not-running=', /^guard:build because ADSync runs now/],
    ['build=9.9.9.9', /^guard:build because the build is \d+\.\d+\.\d+\.\d+ now, but 9\.9\.9\.9/],
    ['wizard=', /^guard:wizard because/],
    ['programs=', /^guard:programs because the program AzureADConnect is open/],
    ['no-newer=0', /^guard:no-newer because since the confirmation the service wrote event 6/],
    ['controller=contoso', /^guard:controller because no writable domain controller of contoso answers now/],
    ['controller=', /^guard:controller-unknown because it cannot be told whether .+ \(nltest 87\)/],
    [`database=${path}\\Data\\ADSync2019\\ADSync.mdf|0`, /^guard:database because the database has grown/],
    [`database-used=${path}|0`, /^guard:database because the database has grown/],
    [`idle=${path}`, /^guard:idle because a synchronization has begun/],
    [`password-mode=${path}`, /^guard:password-mode because this server signs in as 'Application'/],
    ['something-new=1', /^guard:machine because the check 'something-new' is not known/],
  ];
  for (const [line, says] of cases) {
    it(line, async () => {
      assert.match(await refusal(session, scripts.stopService, { Guard: line }) ?? 'nothing', says);
    });
  }

  it('stops every script that acts before it does anything, and the whole list holds where nothing has changed', async () => {
    const folder = 'C:\\ProgramData\\nowhere';
    const acting: readonly (readonly [ServerScript, Readonly<Record<string, PSValue>>])[] = [
      [scripts.startService, { StartName: 'x' }], [scripts.stopService, {}], [scripts.pauseScheduler, { InstallationPath: path }], [scripts.restoreScheduler, { InstallationPath: path }],
      [scripts.startCycle, { InstallationPath: path }], [scripts.backUpConfiguration, { Folder: folder, InstallationPath: path }],
      [scripts.backUpDatabase, { Run: 'r', Folder: folder, Server: 's', Name: 'ADSync', DatabaseFile: 'f' }],
      [scripts.copyDatabase, { Folder: folder, DatabaseFile: 'f' }], [scripts.writeBaseline, { StartName: 's', MachineId: 'm' }],
      [scripts.launchAbandon, { Run: 'r', Folder: folder, TaskScript: '', InstallationPath: path, ComputerName: 'c', MachineId: 'm', StartName: 's', ApplicationRecord: 0n, TaskGuard: '' }],
    ];
    for (const [script, parameters] of acting) assert.match(await refusal(session, script, { ...parameters, Guard: 'machine=ANOTHER|' }) ?? 'nothing', /^guard:machine/, script.name);
    const verdict = await server.judge();
    assert.deepEqual([verdict.stops, verdict.abandonStarted, verdict.starts], [0, 0, 0]);
    assert.deepEqual(await server.ask("@{ written = (Test-Path -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Baseline') }"), { written: false });
    // The empty list forbids nothing: the script goes on to its own work.
    assert.match(await refusal(session, scripts.startService, { StartName: 'somebody', Guard: '' }) ?? 'nothing', /The service now runs as/);
  });

  it('a folder into which somebody put something while it was made is refused, and one of our own is not', async () => {
    const made = { name: 'makes', text: scripts.protectFolder.text };
    assert.equal(await refusal(session, made, { Run: 'r1' }), undefined);
    assert.equal(await refusal(session, made, { Run: 'r1' }), undefined);
    const between = "$acl = Get-Acl -LiteralPath $Path\n";
    assert.equal(made.text.split(between).length, 2);
    const plants = (owner: string): ServerScript => ({ name: 'plants', text: made.text.replace(between, () => `$in = Join-Path -Path $path -ChildPath 'x.txt'; $null = New-Item -Path $in -ItemType File; $a = Get-Acl -LiteralPath $in; $a.SetSecurityDescriptorSddlForm('O:${owner}G:BAD:(A;;FA;;;BA)'); Set-Acl -LiteralPath $in -AclObject $a\n${between}`) });
    assert.match(await refusal(session, plants('S-1-5-21-1-2-3-1111'), { Run: 'r2' }) ?? 'nothing', /x\.txt belongs to somebody else/);
    assert.equal(await refusal(session, plants('BA'), { Run: 'r3' }), undefined);
  });

  it('a folder that a run left open where it died is closed, but not where somebody put something into it', async () => {
    const root = 'C:\\ProgramData\\EntraConnectRemediation';
    const leave = (owner: string, more = ''): Promise<unknown> => server.ask(`if (Test-Path -LiteralPath '${root}') { Remove-Item -LiteralPath '${root}' -Recurse -Force }
      $null = New-Item -Path '${root}' -ItemType Directory; $acl = Get-Acl -LiteralPath '${root}'; $acl.SetSecurityDescriptorSddlForm('O:${owner}G:BAD:AI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)'); Set-Acl -LiteralPath '${root}' -AclObject $acl
      ${more}; @{}`);
    await leave('BA');
    assert.equal(await refusal(session, scripts.protectFolder, { Run: 'r4' }), undefined);
    assert.match(JSON.stringify(await server.ask(`@{ sddl = (Get-Acl -LiteralPath '${root}').Sddl }`)), /D:PAI\(A;OICI;FA;;;BA\)\(A;OICI;FA;;;SY\)"/);
    await leave('BA', `$null = New-Item -Path '${root}\\x.txt' -ItemType File`);
    assert.match(await refusal(session, scripts.protectFolder, { Run: 'r5' }) ?? 'nothing', /can be used by BU, not only by administrators/);
    await leave('S-1-5-21-1-2-3-1111');
    assert.match(await refusal(session, scripts.protectFolder, { Run: 'r6' }) ?? 'nothing', /not to the administrators/);
  });

  it('the record of a run: whoever went on with it last writes it, nobody else', async () => {
    const run = { Run: '11111111-2222-4333-8444-555555555555' };
    assert.equal(await refusal(session, scripts.beginRun, { ...run, Name: ['State', 'Entry'], Value: ['running', 'alice'], Keep: 12, Work: true, Guard: '' }), undefined);
    assert.equal(await refusal(session, scripts.recordStep, { ...run, Entry: 'alice', Name: ['State'], Value: ['failed'], Work: true }), undefined);
    assert.equal(await refusal(session, scripts.beginRun, { ...run, Name: ['State', 'Entry'], Value: ['running', 'bob'], Keep: 12, Work: true, Guard: '' }), undefined);
    assert.match(await refusal(session, scripts.recordStep, { ...run, Entry: 'alice', Name: ['State'], Value: ['refused'], Work: true }) ?? 'nothing', /Another client goes on with this run/);
    assert.match(await refusal(session, scripts.beginRun, { ...run, Name: ['State', 'Entry'], Value: ['failed', 'alice'], Keep: 12, Work: true, Guard: 'lock=00000000-0000-4000-8000-000000000000' }) ?? 'nothing', /^guard:lock/);
    assert.deepEqual(await server.ask(`@{ state = (Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Runs\\${run.Run}').State }`), { state: 'running' });
  });

  it('of more runs than are kept: one that somebody may have to go on with stays, what a later plan has settled goes', async () => {
    const id = (n: number): string => `22222222-2222-4333-8444-${String(n).padStart(12, '0')}`;
    const begin = async (n: number, state: string, plan: string): Promise<void> => {
      assert.equal(await refusal(session, scripts.beginRun, { Run: id(n), Name: ['State', 'Plan'], Value: [state, plan], Keep: 3, Work: true, Guard: '' }), undefined);
    };
    const kept = async (): Promise<unknown> => server.ask("@{ runs = ((Get-ChildItem -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Runs' | ForEach-Object { [string]$_.PSChildName } | Where-Object { $_ -like '22222222*' } | ForEach-Object { [int]$_.Substring(24) } | Sort-Object) -join ' ') }");
    assert.equal(await refusal(session, { name: 'forgets', text: "Remove-Item -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Runs' -Recurse" }, {}), undefined);
    await begin(1, 'failed', 'planned-change');
    for (const n of [2, 3, 4, 5]) await begin(n, 'done', '');
    assert.deepEqual(await kept(), { runs: '1 4 5' });
    await begin(6, 'done', 'service-password');
    for (const n of [7, 8]) await begin(n, 'done', '');
    assert.deepEqual(await kept(), { runs: '6 7 8' });
    await begin(9, 'failed', 'service-password');
    for (const n of [10, 11, 12]) await begin(n, 'done', '');
    assert.deepEqual(await kept(), { runs: '9 11 12' });
  });

  it('the lock: of this run, not taken over, and not run out', async () => {
    const id = '11111111-2222-4333-8444-555555555555';
    const key = `HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock\\${id}`;
    const parameters = { Id: id, Who: 'alice', FromHost: 'A', Client: 'c', Run: 'r', State: 'held', LeaseSeconds: 120 };
    const holds = async (): Promise<string> => await refusal(session, scripts.startService, { StartName: 'somebody', Guard: `lock=${id}` }) ?? 'nothing';
    // Nobody holds it without having waited for it: such an entry was tidied away while its client slept.
    assert.equal(await refusal(session, scripts.lockWrite, parameters), undefined);
    assert.match(await holds(), /^guard:lock because this run does not hold the lock/);
    for (const State of ['waiting', 'held']) assert.equal(await refusal(session, scripts.lockWrite, { ...parameters, State }), undefined);
    assert.match(await holds(), /The service now runs as/);
    assert.equal(await refusal(session, { name: 'ages', text: `Set-ItemProperty -LiteralPath '${key}' -Name Heartbeat -Value ((Get-Date).ToUniversalTime().AddSeconds(-200).ToString('o'))` }, {}), undefined);
    assert.match(await holds(), /^guard:lock because this run does not hold the lock/);
    assert.equal(await refusal(session, scripts.lockWrite, parameters), undefined);
    assert.match(await holds(), /The service now runs as/);
    assert.equal(await refusal(session, scripts.lockTakeOver, { Id: id, By: 'bob' }), undefined);
    assert.match(await holds(), /^guard:lock because this run does not hold the lock/);
  });

  it('the lock: not renewed once another client has held it, nor where that one is gone again', async () => {
    const alice = '33333333-2222-4333-8444-555555555555';
    const bob = '44444444-2222-4333-8444-555555555555';
    const write = async (Id: string, State: string): Promise<void> => {
      assert.equal(await refusal(session, scripts.lockWrite, { Id, Who: 'w', FromHost: 'H', Client: 'c', Run: 'r', State, LeaseSeconds: 120 }), undefined);
    };
    const beat = async (): Promise<unknown> => server.ask(`@{ at = [string](Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock\\${alice}').Heartbeat }`);
    for (const state of ['waiting', 'held', 'held']) await write(alice, state);
    const first = await beat();
    await write(alice, 'held');
    const second = await beat();
    assert.notDeepEqual(second, first);
    for (const state of ['waiting', 'held']) await write(bob, state);
    await write(alice, 'held');
    assert.deepEqual(await beat(), second);
    assert.equal(await refusal(session, scripts.lockRelease, { Id: bob }), undefined);
    await write(alice, 'held');
    assert.deepEqual(await beat(), second);
    // Nor does it write the record of its run.
    const run = { Run: '55555555-2222-4333-8444-555555555555' };
    assert.equal(await refusal(session, scripts.beginRun, { ...run, Name: ['State', 'Entry'], Value: ['running', alice], Keep: 12, Work: true, Guard: '' }), undefined);
    assert.match(await refusal(session, scripts.recordStep, { ...run, Entry: alice, Name: ['State'], Value: ['cancelled'], Work: true }) ?? 'nothing', /Another client has held the lock/);
  });

  it('the lock: not taken by a client that slept between waiting and holding, in whose place another came', async () => {
    const [slept, came] = ['66666666-2222-4333-8444-555555555555', '77777777-2222-4333-8444-555555555555'] as const;
    const write = async (Id: string, State: string): Promise<void> => {
      assert.equal(await refusal(session, scripts.lockWrite, { Id, Who: 'w', FromHost: 'H', Client: 'c', Run: 'r', State, LeaseSeconds: 120 }), undefined);
    };
    const state = async (): Promise<unknown> => server.ask(`@{ slept = [string](Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock\\${slept}').State; last = [string](Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\EntraConnectRemediation\\Lock').LastHeld }`);
    await write(slept, 'waiting');
    for (const one of ['waiting', 'held']) await write(came, one);
    await write(slept, 'held');
    assert.deepEqual(await state(), { slept: 'waiting', last: came });
    for (const id of [slept, came]) assert.equal(await refusal(session, scripts.lockRelease, { Id: id }), undefined);
  });

  it('the database process: the one of the instance that ADSync uses, and of its owner', async () => {
    const holds = async (): Promise<string> => await refusal(session, scripts.startService, { StartName: 'somebody', Guard: 'database-process=\nutility=' }) ?? 'nothing';
    const parameters = "'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\ADSync\\Parameters'";
    const shared = "'HKLM:\\SOFTWARE\\Microsoft\\Microsoft SQL Server Local DB\\Shared Instances\\ADSync2019'";
    const turned = async (key: string, name: string, value: string): Promise<string> => {
      const written = (text: string): ServerScript => ({ name: 'turns', text: `Set-ItemProperty -LiteralPath ${key} -Name ${name} -Value ${text}` });
      assert.equal(await refusal(session, { name: 'keeps', text: `$global:old = [string](Get-ItemProperty -LiteralPath ${key}).${name}` }, {}), undefined);
      assert.equal(await refusal(session, written(`'${value}'`), {}), undefined);
      const says = await holds();
      assert.equal(await refusal(session, written('$global:old'), {}), undefined);
      return says;
    };
    assert.match(await holds(), /The service now runs as/);
    assert.match(await turned(parameters, 'SQLInstance', '.\\Reporting'), /^guard:database-process because the database process of ADSync \(LocalDB instance Reporting\) does not run/);
    assert.match(await turned(shared, 'OwnerSID', 'S-1-5-21-1-2-3-1999'), /^guard:database-process because it cannot be told whether .+ another account than the shared instance/);
    assert.match(await turned(parameters, 'Server', 'SQL1'), /^guard:database-process because the database is on 'SQL1'/);
    assert.match(await holds(), /The service now runs as/);
  });
});
