import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliUser, localServer } from './support/cli-command.ts';
import { scenario, SimulatedServer, type Scenario } from './support/simulated-server.ts';

interface Diagnosed {
  readonly v: number;
  readonly command: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly servers: readonly { readonly name: string; readonly state: string; readonly computerName: string; readonly findings: readonly { readonly id: string; readonly evidence: readonly unknown[] }[]; readonly plans: readonly { readonly id: string }[]; readonly error: unknown }[];
}
interface Run {
  readonly run: string;
  readonly state: string;
  readonly message: string;
  readonly steps: readonly { readonly id: string; readonly state: string }[];
  readonly before: readonly string[];
  readonly after: readonly string[] | null;
}

/** One simulated server and one user of the command line, who reaches it by the local transport. */
async function bench(what: Scenario): Promise<{ server: SimulatedServer; user: CliUser } & AsyncDisposable> {
  const server = await SimulatedServer.create(what);
  const user = await CliUser.create(localServer('practice'), { ENTRA_CONNECT_POWERSHELL: server.powershell });
  return { server, user, [Symbol.asyncDispose]: async () => { await user[Symbol.asyncDispose](); await server[Symbol.asyncDispose](); } };
}

/** A credential helper that answers with one of the server's secrets, and keeps what it was asked. */
async function helperFor(user: CliUser, secret: string): Promise<string> {
  const path = join(user.folder, 'helper');
  await writeFile(path, `#!/bin/sh\ncat >>'${path}.asked'\ncat '${path}.answer'\n`);
  await writeFile(`${path}.answer`, JSON.stringify({ v: 1, password: secret }), { mode: 0o600 });
  await chmod(path, 0o700);
  return path;
}

describe('the command line on a simulated server', function () {
  this.timeout(180_000);

  it('diagnoses, plans and repairs a stale password with a credential helper, and exports its record', async () => {
    await using at = await bench(await scenario('stale-scm-password'));
    const { server, user } = at;
    const found = await user.json<Diagnosed>(['diagnose']);
    assert.equal(found.code, 3);
    assert.deepEqual([found.v, found.command, found.summary], [1, 'diagnose', { servers: 1, healthy: 0, attention: 1, unreachable: 0 }]);
    assert.deepEqual(found.servers.map((one) => [one.name, one.state, one.computerName, one.findings[0]?.id, one.plans[0]?.id, one.error]), [['practice', 'attention', 'SYNC01', 'stale-scm-password', 'service-password', null]]);
    assert.ok((found.servers[0]?.findings[0]?.evidence.length ?? 0) > 0);
    const helper = { ENTRA_CONNECT_CREDENTIAL_HELPER: await helperFor(user, server.secrets['new'] ?? '') };
    const run = await user.json<Run>(['run', 'practice', '--plan', 'service-password', '--confirm', 'sync01', '--answer', 'password-change-kind=change', '--ticket', 'CHG0042'], helper);
    assert.deepEqual([run.code, run.state, run.before, run.after], [0, 'done', ['stale-scm-password'], ['healthy']], run.message);
    const verdict = await server.judge();
    assert.deepEqual([verdict.healthy, verdict.starts, verdict.abandoned], [true, 1, 0]);

    const record = await user.call(['report', run.run]);
    assert.equal(record.code, 0);
    for (const said of ['**Ticket**: CHG0042', '**Server**: SYNC01', '**Found before**: stale-scm-password', '**Found after**: healthy', '| set-service-password |']) assert.ok(record.stdout.includes(said), said);
    const everything = [record, await user.call(['report', '--last', '--json'])].map((ran) => ran.stdout + ran.stderr).join('');
    assert.ok(!everything.includes(server.secrets['new'] ?? '?'));
  });

  it('abandons a lost key only with the approval that a person gave at a terminal, and once', async () => {
    await using at = await bench(await scenario('key-lost-current'));
    const { server, user } = at;
    const words = ['run', 'practice', '--plan', 'full-abandonment', '--answer', 'password-change-kind=reset', '--answer', 'old-password-known=gone', '--wait', '0'];
    const without = await user.call([...words, '--confirm', 'SYNC04']);
    assert.equal(without.code, 5);
    assert.match(without.stderr, /neither a terminal to type the server's name at nor an approval/);
    const approved = await user.atTerminal(['plan', 'practice', '--approve'], [[/Type the name that the server reports, SYNC04/, 'SYNC04\r']]);
    assert.equal(approved.code, 0, approved.shown);
    assert.match(approved.shown, /CANNOT BE UNDONE/);
    const token = { ENTRA_CONNECT_APPROVAL: approved.stdout.trim() };

    const run = await user.json<Run>(words, token);
    assert.deepEqual([run.code, run.state], [7, 'cancelled'], run.message);
    assert.deepEqual(run.steps.filter((step) => ['abandon-key', 'enter-connector-password'].includes(step.id)).map((step) => `${step.id} ${step.state}`), ['abandon-key done', 'enter-connector-password cancelled']);
    const again = await user.call(words, token);
    assert.equal(again.code, 5);
    const verdict = await server.judge();
    assert.deepEqual([verdict.abandonStarted, verdict.abandoned], [1, 1]);
    const state = await server.state();
    assert.ok(state.includes(token.ENTRA_CONNECT_APPROVAL.split('.')[1] ?? '?') && !state.includes(token.ENTRA_CONNECT_APPROVAL.split('.')[2] ?? '?'));
  });
});
