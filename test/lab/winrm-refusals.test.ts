import assert from 'node:assert/strict';
import type { PowerShellSession, ServerConnection } from '../../src/session.ts';
import { TestListener } from './support/test-listener.ts';
import { failure, output, WinRmClient } from './support/winrm-client.ts';
import { WinRmRelay } from './support/winrm-relay.ts';

describe('What a WinRM server refuses', function () {
  this.timeout(60_000);
  let listener: TestListener;
  let client: WinRmClient;
  before(async () => { listener = await TestListener.start([{ name: 'bare', limits: { maxShellsPerUser: 2 } }]); });
  after(async () => { await listener[Symbol.asyncDispose](); });
  beforeEach(async () => { client = await WinRmClient.create(listener); });
  afterEach(async () => { await client.dispose(); });

  for (const [scheme, auth] of [['http', 'ntlm'], ['http', 'negotiate'], ['https', 'ntlm'], ['https', 'basic']] as const) {
    it(`a wrong password, each typed one tried once, over ${scheme} by ${auth}`, async () => {
      const told = await client.refused({ scheme, auth, passwords: ['wrong1', 'wrong2', 'wrong3', 'never asked'] }, 'authentication-failed');
      assert.deepEqual(client.asked.passwords.map(({ retry }) => retry), [false, true, true]);
      assert.match(told.message, /refused 3 times/);
      assert.match(told.remedy, /lock the account/);
      assert.ok(!/wrong\d/.test(JSON.stringify(told)));
    });

    it(`a wrong password, and then takes the right one, over ${scheme} by ${auth}`, async () => {
      const connection = await client.connect({ scheme, auth, passwords: ['wrong', listener.passwords.labadmin] });
      assert.deepEqual(await output(await connection.openSession(), '1'), [1]);
    });
  }

  it('sends two requests for each wrong password by NTLM, and no third attempt of its own', async () => {
    await using relay = await WinRmRelay.start(listener.server('bare').httpPort);
    await client.refused({ port: relay.port, passwords: ['wrong'] }, 'cancelled');
    assert.equal(relay.requests, 2);
  });

  it('an account that may not use remoting: named as that, and not asked for its password again', async () => {
    const told = await client.refused({ user: 'CONTOSO\\guest', passwords: [listener.passwords.guest, 'never asked'] }, 'access-denied');
    assert.equal(client.asked.passwords.length, 1);
    assert.match(told.remedy, /Remote Management Users/);
  });

  it('an account that may use remoting is let in without being an administrator', async () => {
    const connection = await client.connect({ user: 'CONTOSO\\operator', passwords: [listener.passwords.operator] });
    assert.deepEqual(await output(await connection.openSession(), '1'), [1]);
  });

  it('a shell more than the quota allows, in words that help, and the others go on', async () => {
    const connection = await client.connect();
    const sessions = [await connection.openSession(), await connection.openSession()];
    const told = await failure(connection.openSession(), 'quota-exceeded');
    assert.match(told.message, /MaxShellsPerUser/);
    assert.match(told.remedy, /Get-WSManInstance/);
    assert.equal(connection.alive, true);
    await sessions[0]?.[Symbol.asyncDispose]();
    assert.deepEqual(await output(await connection.openSession(), '"room again"'), ['room again']);
    assert.deepEqual(await output(sessions[1] ?? assert.fail(), '1'), [1]);
  });

  it('NTLM without a user, in a sentence', async () => {
    const told = await client.refused({ user: undefined, auth: 'ntlm', passwords: [] }, 'authentication-failed');
    assert.ok(told.remedy.length > 10);
    assert.equal(client.asked.passwords.length, 0);
  });

  it('a certificate that no authority of this machine vouches for, until a person trusts it', async () => {
    const { labadmin } = listener.passwords;
    await client.refused({ scheme: 'https', auth: 'basic', caFile: undefined, trust: false }, 'certificate-refused');
    const connection = await client.connect({ scheme: 'https', auth: 'ntlm', caFile: undefined, trust: true, passwords: [labadmin] });
    assert.deepEqual(await output(await connection.openSession(), '1'), [1]);
    await client.connect({ scheme: 'https', auth: 'basic', caFile: undefined, trust: false });
    assert.equal(client.asked.certificates.length, 2);
  });
});

describe('Many sessions over WinRM', function () {
  this.timeout(240_000);

  it('fifty at once are each right, and leave nothing behind', async () => {
    await using listener = await TestListener.start([{ name: 'bare' }]);
    const client = await WinRmClient.create(listener);
    const connections: ServerConnection[] = [];
    for (const scheme of ['http', 'https'] as const) connections.push(await client.connect({ scheme }));
    const sessions: PowerShellSession[] = await Promise.all(Array.from({ length: 50 }, (_, i) => (connections[i % 2] ?? assert.fail()).openSession()));
    const results = await Promise.all(sessions.map((session, i) => output(session, 'param($i) foreach ($j in 1..20) { $i * 100 + $j }', { parameters: { i } })));
    results.forEach((values, i) => { assert.deepEqual(values, Array.from({ length: 20 }, (_, j) => i * 100 + j + 1)); });
    assert.equal(client.asked.passwords.length, 2);
    await client.dispose();
    assert.ok(sessions.every((session) => !session.alive));
  });
});
