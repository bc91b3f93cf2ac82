import assert from 'node:assert/strict';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import { known, missing } from '../../../src/connect/fact.ts';
import type { Finding } from '../../../src/connect/finding.ts';
import { checksAgain, refusals, type GateFacts } from '../../../src/connect/gates.ts';
import { stepIds, type FindingId, type StepId } from '../../../src/connect/ids.ts';
import { finding } from '../../../src/connect/rules/rule.ts';
import type { Snapshot } from '../../../src/connect/snapshot.ts';
import { healthyServer, keyLostServer, logsOnAs, stopped } from '../diagnosis/servers.ts';

const confirmed = { computerName: 'SYNC1', machineId: '8c6f7e3a-1111-4222-8333-444455556666' };
const found = (...ids: readonly FindingId[]): readonly Finding[] => ids.map((id) => finding({ id, severity: 'error', title: id, detail: id, advice: id, evidence: [] }));

/** The key is lost and the database process still runs: the state in which a key may be abandoned. */
const lost: Snapshot = { ...keyLostServer(), database: { ...keyLostServer().database, processAlive: known(true) } };
const down: Snapshot = { ...stopped(healthyServer()), database: lost.database };
const up = healthyServer();

type Change = (server: Snapshot) => Snapshot;
const service = (parts: Partial<Snapshot['service']>): Change => (server) => ({ ...server, service: { ...server.service, ...parts } });
const shell = (parts: Partial<Snapshot['shell']>): Change => (server) => ({ ...server, shell: { ...server.shell, ...parts } });
const database = (parts: Partial<Snapshot['database']>): Change => (server) => ({ ...server, database: { ...server.database, ...parts } });
const programs = (parts: Partial<Snapshot['programs']>): Change => (server) => ({ ...server, programs: { ...server.programs, ...parts } });
const build = (text: string | undefined): Change => (server) => ({ ...server, installation: { ...server.installation, build: text === undefined ? missing('failed') : known(text) } });
const writable = (answers: boolean): Change => (server) => ({ ...server, domainController: { ...server.domainController, writable: known(answers) } });
const named = (name: string): Change => (server) => ({ ...server, server: { ...server.server, computerName: known(name) } });

function gatesOf(step: StepId, snapshot: Snapshot, more: Partial<GateFacts> = {}): readonly string[] {
  return refusals({ step, plan: undefined, snapshot, findings: diagnose(snapshot), confirmed, ...more }).map((refusal) => refusal.gate);
}

const every = stepIds;
const stopping: readonly StepId[] = ['stop-service', 'restart-service', 'abandon-key'];
const starting: readonly StepId[] = ['start-service', 'restart-service'];

interface Case { readonly gate: string; readonly name: string; readonly steps: readonly StepId[]; readonly from: Snapshot; readonly turn: Change; readonly findings?: readonly Finding[]; readonly plan?: GateFacts['plan'] }

const cases: readonly Case[] = [
  { gate: 'machine', name: 'another name answers', steps: every, from: up, turn: named('SYNC2') },
  { gate: 'machine', name: 'another machine of that name answers', steps: every, from: up, turn: (server) => ({ ...server, machineId: known('00000000-0000-4000-8000-000000000000') }) },
  { gate: 'machine', name: 'nobody says a name', steps: every, from: up, turn: (server) => ({ ...server, server: { ...server.server, computerName: missing('failed') } }) },
  { gate: 'rights', name: 'no elevated token', steps: every, from: up, turn: shell({ elevated: known(false) }) },
  { gate: 'rights', name: 'constrained language', steps: every, from: up, turn: shell({ languageMode: known('ConstrainedLanguage') }) },
  { gate: 'installed', name: 'no service', steps: every, from: up, turn: service({ exists: known(false) }) },
  { gate: 'build', name: 'an old build that runs', steps: ['set-service-password'], from: up, turn: build('1.1.443.0') },
  { gate: 'build', name: 'an unknown build that runs', steps: ['set-service-password'], from: up, turn: build(undefined) },
  ...['NT SERVICE\\ADSync', 'CONTOSO\\gmsa-sync$', 'LocalSystem', 'nobody'].map((name): Case => ({ gate: 'account-kind', name, steps: ['set-service-password'], from: up, turn: (server) => logsOnAs(server, name) })),
  { gate: 'account-kind', name: 'an unknown account', steps: ['set-service-password'], from: up, turn: service({ startName: missing('failed') }) },
  { gate: 'original-account', name: 'another account than the original one', steps: [...starting, 'set-service-password', 'abandon-key', 'enter-connector-password', 'reinitialize-entra-account'], from: down, turn: service({ startName: known('CONTOSO\\other') }) },
  { gate: 'original-unproven', name: 'an account that nothing proves', steps: ['start-service', 'set-service-password'], from: down, turn: (server) => logsOnAs(server, 'CONTOSO\\svc-adsync', 'none') },
  { gate: 'start-mode', name: 'a service that somebody disabled', steps: starting, from: down, turn: service({ startMode: known('Disabled') }) },
  { gate: 'domain-controller', name: 'no writable domain controller', steps: starting, from: down, turn: writable(false) },
  { gate: 'domain-controller', name: 'nobody can tell whether a writable domain controller answers', steps: starting, from: down, turn: (server) => ({ ...server, domainController: { ...server.domainController, writable: missing('failed') } }) },
  { gate: 'domain-controller', name: 'no writable domain controller, on a build that nobody knows', steps: starting, from: build(undefined)(down), turn: writable(false) },
  { gate: 'synchronization-running', name: 'a connector that is busy', steps: stopping, from: up, turn: (server) => ({ ...server, busy: known(['contoso.example']) }) },
  { gate: 'synchronization-running', name: 'a cycle in progress', steps: stopping, from: up, turn: (server) => ({ ...server, scheduler: { ...server.scheduler, inProgress: known(true) } }) },
  { gate: 'database-size', name: 'a database near its limit', steps: stopping, from: up, turn: database({ usedMegabytes: known(9_800) }) },
  { gate: 'programs', name: 'the wizard', steps: [...stopping, 'enter-connector-password', 'reinitialize-entra-account'], from: up, turn: programs({ wizardOpen: known(true) }) },
  { gate: 'programs', name: 'Synchronization Service Manager', steps: stopping, from: up, turn: programs({ serviceManagerOpen: known(true) }) },
  { gate: 'application-authentication', name: 'an application that signs in', steps: ['reinitialize-entra-account'], from: up, turn: (server) => ({ ...server, authenticationMode: known('Application') }) },
  { gate: 'application-authentication', name: 'an unknown way of signing in', steps: ['reinitialize-entra-account'], from: up, turn: (server) => ({ ...server, authenticationMode: missing('failed') }) },
  { gate: 'application-authentication', name: 'an unknown way of signing in, on an unknown build', steps: ['reinitialize-entra-account'], from: build(undefined)(up), turn: (server) => ({ ...server, authenticationMode: missing('failed') }) },
  // The diagnosis of the moment says that the key is lost, and nothing beside it says otherwise.
  { gate: 'key-recreated', name: 'no finding that the key is lost', steps: ['abandon-key'], from: lost, turn: (server) => server, findings: found('connector-password') },
  { gate: 'key-recreated', name: 'no finding at all', steps: ['abandon-key'], from: lost, turn: (server) => server, findings: [] },
  ...(['stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing', 'account-replaced', 'key-unreadable-no-dc', 'key-recreated', 'database-broken', 'database-restored', 'database-nearly-full', 'cannot-tell', 'access-denied'] as const)
    .map((id): Case => ({ gate: 'key-recreated', name: `${id} beside a lost key`, steps: ['abandon-key'], from: lost, turn: (server) => server, findings: found('key-lost', id) })),
  // For a reason of one's own: what does harm whatever the reason.
  ...(['not-installed', 'access-denied', 'stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing', 'account-replaced', 'key-unreadable-no-dc', 'key-recreated', 'database-broken', 'database-nearly-full', 'cannot-tell'] as const)
    .map((id): Case => ({ gate: 'key-recreated', name: `${id}, for a reason of one's own`, steps: ['abandon-key'], from: lost, turn: (server) => server, findings: found(id), plan: 'abandon-any-reason' })),
  { gate: 'key-recreated', name: 'an account that nothing proves, for a reason of one\'s own', steps: ['abandon-key'], from: lost, turn: (server) => logsOnAs(server, 'CONTOSO\\svc-adsync', 'none'), findings: found('cannot-tell'), plan: 'abandon-any-reason' },
  { gate: 'key-recreated', name: 'another account, for a reason of one\'s own', steps: ['abandon-key'], from: lost, turn: service({ startName: known('CONTOSO\\other') }), findings: found('cannot-tell'), plan: 'abandon-any-reason' },
  { gate: 'uncertain', name: 'a service that runs, and nobody can tell whether it synchronizes, for a reason of one\'s own', steps: ['abandon-key'], from: up, turn: (server) => ({ ...server, connectors: missing('failed') }), plan: 'abandon-any-reason' },
  { gate: 'restore-path', name: 'a restored database, for a reason of one\'s own', steps: ['abandon-key'], from: lost, turn: (server) => server, findings: found('database-restored'), plan: 'abandon-any-reason' },
  { gate: 'remote-database', name: 'a SQL server', steps: ['abandon-key'], from: lost, turn: database({ server: known('SQL1') }) },
  { gate: 'remote-database', name: 'nobody knows where the database is', steps: ['abandon-key'], from: lost, turn: database({ server: missing('failed') }) },
  { gate: 'remote-database', name: 'no database process', steps: ['abandon-key'], from: lost, turn: database({ processAlive: known(false) }) },
];

describe('each gate, by a server that differs in just its condition', () => {
  for (const { gate, name, steps, from, turn, findings, plan } of cases) {
    it(`${gate}: ${name}`, () => {
      const before = turn(from) === from ? { findings: plan === 'abandon-any-reason' ? [] : found('key-lost'), plan } : { plan };
      const after = { plan, ...(findings === undefined ? {} : { findings }) };
      for (const step of every) {
        assert.equal(gatesOf(step, turn(from), after).includes(gate), steps.includes(step), step);
        if (steps.includes(step)) assert.ok(!gatesOf(step, from, { ...before, ...(findings !== undefined && before.findings === undefined ? { findings: [] } : {}) }).includes(gate), `${step} is refused without it`);
      }
    });
  }

  it('nothing is refused where nothing is wrong, and a lost key may be abandoned', () => {
    assert.deepEqual(gatesOf('abandon-key', lost), []);
    assert.deepEqual(gatesOf('abandon-key', up, { plan: 'abandon-any-reason' }), []);
    for (const step of every) if (step !== 'abandon-key') assert.deepEqual(gatesOf(step, up), [], step);
    for (const step of starting) assert.deepEqual(gatesOf(step, down), [], step);
    assert.deepEqual(gatesOf('set-service-password', build('1.1.443.0')(down)), []);
    assert.deepEqual(gatesOf('start-service', build('1.1.443.0')(logsOnAs(writable(false)(down), 'CONTOSO\\svc-adsync', 'none'))), []);
  });

  it('a controller of which nothing is known is told as unknown, not as one that is away', () => {
    const told = (server: Snapshot): readonly (string | undefined)[] => starting.map((step) => refusals({ step, plan: undefined, snapshot: server, findings: [], confirmed }).find((refusal) => refusal.gate === 'domain-controller')?.finding);
    assert.deepEqual(told({ ...down, domainController: { ...down.domainController, writable: missing('failed') } }), starting.map(() => 'cannot-tell'));
    assert.deepEqual(told(writable(false)(down)), starting.map(() => 'key-unreadable-no-dc'));
  });

  it('only three of them are a person\'s to overrule', () => {
    const overridable = new Set<string>();
    for (const { steps, from, turn, findings, plan } of cases) {for (const step of steps) {
      for (const refusal of refusals({ step, plan, snapshot: turn(from), findings: findings ?? diagnose(turn(from)), confirmed })) if (refusal.overridable) overridable.add(refusal.gate);
    }}
    assert.deepEqual([...overridable].sort(), ['original-unproven', 'restore-path', 'uncertain']);
  });
});

describe('what the server checks again while it acts', () => {
  const names = (step: StepId, snapshot: Snapshot = up): readonly string[] => checksAgain(step, snapshot, confirmed, 'run').map((line) => line.slice(0, line.indexOf('='))).sort();

  it('for every step', () => {
    const both = ['lock', 'machine'];
    assert.deepEqual(names('abandon-key', lost), [...both, 'account', 'build', 'controller', 'database', 'database-process', 'idle', 'programs', 'utility'].sort());
    assert.deepEqual(names('start-service', down), [...both, 'account', 'build', 'controller', 'enabled', 'utility'].sort());
    assert.deepEqual(names('restart-service'), [...both, 'account', 'build', 'controller', 'database-used', 'enabled', 'idle', 'programs', 'utility'].sort());
    assert.deepEqual(names('stop-service'), [...both, 'database-used', 'idle', 'programs'].sort());
    assert.deepEqual(names('set-service-password'), [...both, 'account', 'build'].sort());
    assert.deepEqual(names('set-service-password', build('1.1.443.0')(down)), [...both, 'account', 'build', 'not-running'].sort());
    assert.deepEqual(names('enter-connector-password'), [...both, 'account', 'wizard'].sort());
    assert.deepEqual(names('reinitialize-entra-account'), [...both, 'account', 'password-mode', 'wizard'].sort());
    for (const step of ['back-up-configuration', 'back-up-database', 'pause-scheduler', 'verify', 'restore-scheduler'] as const) assert.deepEqual(names(step), both, step);
  });

  it('a domain controller only for an account of a domain, and before a start only where a start can cost the secrets', () => {
    assert.ok(!names('start-service', logsOnAs(down, '.\\AAD_1')).includes('controller'));
    assert.ok(!names('start-service', build('1.1.443.0')(down)).includes('controller'));
    assert.ok(names('abandon-key', build('1.1.443.0')(lost)).includes('controller'));
    assert.ok(!names('abandon-key', logsOnAs(lost, '.\\AAD_1')).includes('controller'));
  });

  it('a name with a line break makes no check of its own', () => {
    for (const line of checksAgain('stop-service', named('SYNC1\nlock=x')(up), { ...confirmed, computerName: 'SYNC1\nenabled=' }, 'run')) assert.ok(!line.includes('\n'));
  });
});
