import assert from 'node:assert/strict';
import { PlainSecret } from '../../src/remote/clixml/values.ts';
import { TestListener } from './support/test-listener.ts';
import { TestRealm } from './support/test-realm.ts';
import { output, WinRmClient } from './support/winrm-client.ts';
import { WinRmRelay } from './support/winrm-relay.ts';

describe('Kerberos over WinRM, with a private KDC', function () {
  this.timeout(60_000);
  let realm: TestRealm;
  let listener: TestListener;
  let client: WinRmClient;
  const outside = new Map<string, string | undefined>();
  before(async () => {
    realm = await TestRealm.start();
    listener = await TestListener.start([{ name: 'bare' }], realm.environment);
    for (const [name, value] of Object.entries(realm.environment)) {
      outside.set(name, process.env[name]);
      process.env[name] = value;
    }
  });
  after(async () => {
    for (const [name, value] of outside) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await listener[Symbol.asyncDispose]();
    await realm[Symbol.asyncDispose]();
  });
  beforeEach(async () => { client = await WinRmClient.create(listener); });
  afterEach(async () => { await client.dispose(); });

  for (const [scheme, auth, name] of [['http', 'kerberos', 'Kerberos'], ['http', 'negotiate', 'Negotiate (Kerberos)'], ['https', 'kerberos', 'Kerberos'], ['https', 'negotiate', 'Negotiate (Kerberos)']] as const) {
    it(`signs on with the ticket that is there over ${scheme} by ${auth}: nobody is asked for a password`, async () => {
      const connection = await client.connect({ scheme, auth, host: 'localhost', user: undefined });
      const session = await connection.openSession();
      const text = 'ä€😀'.repeat(100_000);
      assert.deepEqual(await output(session, 'param($text, $secret) $text; $secret.Length', { parameters: { text, secret: new PlainSecret('abc') } }), [text, 3]);
      assert.equal(session.peer.authentication, name);
      if (scheme === 'http') assert.equal(session.peer.encryption, `${name} message encryption`);
      assert.deepEqual(client.asked.passwords, []);
    });
  }

  it('asks for output again on a connection of its own authentication, when the old one is cut', async () => {
    await using relay = await WinRmRelay.start(listener.server('bare').httpPort);
    const connection = await client.connect({ auth: 'kerberos', host: 'localhost', port: relay.port, user: undefined });
    const values: unknown[] = [];
    for await (const record of (await connection.openSession()).invoke('foreach ($i in 1..60) { $i; [Threading.Thread]::Sleep(10) }')) {
      values.push(record.value);
      if (values.length === 20) relay.cutAll();
    }
    assert.deepEqual(values, Array.from({ length: 60 }, (_, i) => i + 1));
    assert.ok(relay.connections >= 2);
    assert.ok(!Buffer.concat(relay.seen).includes('Envelope'));
  });

  it('tells a server that has no ticket to be had, by its name', async () => {
    const told = await client.refused({ auth: 'kerberos', host: '127.0.0.1', user: undefined }, 'authentication-failed');
    assert.ok(told.message.length > 20 && told.remedy.length > 10, told.message);
  });
});
