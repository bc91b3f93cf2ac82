import assert from 'node:assert/strict';
import { callLab, tryTimeout } from './support/lab-command.ts';

describe('list', function () {
  this.timeout(tryTimeout);

  it('prints every scenario with what it expects, as one line of JSON', async () => {
    const call = await callLab(['list', '--json']);
    assert.equal(call.code, 0, call.stderr);
    const listed = JSON.parse(call.stdout) as { name: string; title: string; expect: { before: string[]; plans: string[] } }[];
    assert.equal(call.stdout.trimEnd().split('\n').length, 1);
    const stale = listed.find(({ name }) => name === 'stale-scm-password')!;
    assert.deepEqual(stale.expect.before, ['stale-scm-password']);
    assert.deepEqual(stale.expect.plans, ['service-password']);
    for (const { name, title } of listed) assert.ok(title.length > 0, name);
  });

  it('says the same in words', async () => {
    const call = await callLab(['list']);
    assert.equal(call.code, 0, call.stderr);
    assert.match(call.stdout, /^stale-scm-password: .+\n(?: {4}.+\n)* {4}finds stale-scm-password; plans: service-password; then healthy$/m);
  });

  it('shows its usage and exits 2 without a command, 0 when asked for help', async () => {
    const none = await callLab([]);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /npm run lab -- up/);
    const help = await callLab(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /npm run lab -- try/);
  });
});
