import assert from 'node:assert/strict';
import type { AuthContext } from 'ssh2';
import { Client, failureOf } from './support/ssh-client.ts';
import { blobOf, newKey, startBridge, type Bridge } from './support/ssh-bridge.ts';

/** Lets in who knows the password, by the given method. */
function passwordServer(password: string): (context: AuthContext) => void {
  return (context) => {
    if (context.method === 'password' && context.password === password) context.accept();
    else context.reject(['password']);
  };
}

/** Asks by keyboard-interactive. */
function interactiveServer(password: string, prompts: { prompt: string; echo: boolean }[] = [{ prompt: 'Password: ', echo: false }]): (context: AuthContext) => void {
  return (context) => {
    if (context.method !== 'keyboard-interactive') {
      context.reject(['keyboard-interactive']);
      return;
    }
    context.prompt(prompts, (answers) => {
      if (answers[0] === password) context.accept();
      else context.reject(['keyboard-interactive']);
    });
  };
}

/** Lets in who holds the key. */
function keyServer(publicKey: string): (context: AuthContext) => void {
  const blob = blobOf(publicKey);
  return (context) => {
    if (context.method !== 'publickey' || !context.key.data.equals(blob)) context.reject(['publickey']);
    else context.accept();
  };
}

describe('SSH authentication', () => {
  let client: Client;
  let bridge: Bridge | undefined;
  beforeEach(async () => { client = await Client.create(); });
  afterEach(async () => {
    await client.dispose();
    await bridge?.close();
    bridge = undefined;
  });

  async function serve(authenticate: (context: AuthContext) => void): Promise<Bridge> {
    bridge = await startBridge({ authenticate });
    await client.pins.add({ host: '127.0.0.1', port: bridge.port, key: bridge.hostKeys[0]! });
    return bridge;
  }

  it('logs on with a password, asked once', async () => {
    const { port, attempts } = await serve(passwordServer('right é"$'));
    await client.connect({ port }, client.prompts({ passwords: ['right é"$'] }));
    assert.deepEqual(client.asked.passwords, [{ server: `AADC01 (127.0.0.1:${port})`, user: 'engineer', retry: false }]);
    assert.deepEqual(attempts.map((attempt) => attempt.method), ['none', 'password']);
  });

  it('asks again after a wrong password and says so', async () => {
    const { port } = await serve(passwordServer('right'));
    await client.connect({ port }, client.prompts({ passwords: ['wrong', 'right'] }));
    assert.deepEqual(client.asked.passwords.map((question) => question.retry), [false, true]);
  });

  it('stops after three wrong passwords, one attempt for each answer, and names none', async () => {
    const { port, attempts } = await serve(passwordServer('right'));
    const failure = await failureOf(client.connect({ port }, client.prompts({ passwords: ['secret-1', 'secret-2', 'secret-3', 'right'] })), 'authentication-failed');
    assert.deepEqual(attempts.flatMap((attempt) => attempt.password ?? []), ['secret-1', 'secret-2', 'secret-3']);
    assert.doesNotMatch(JSON.stringify(failure), /secret-/);
  });

  it('stops at once when the person declines', async () => {
    const { port, attempts } = await serve(passwordServer('right'));
    await failureOf(client.connect({ port }, client.prompts({ passwords: ['wrong'] })), 'cancelled');
    assert.equal(attempts.filter((attempt) => attempt.method === 'password').length, 1);
  });

  it('takes a prompt that fails as a person who declines', async () => {
    const { port } = await serve(passwordServer('right'));
    const prompts = { ...client.prompts({}), password: () => Promise.reject(new Error('the window was closed')) };
    await failureOf(client.connect({ port }, prompts), 'cancelled');
  });

  it('answers keyboard-interactive with the password', async () => {
    const { port } = await serve(interactiveServer('right'));
    await client.connect({ port }, client.prompts({ passwords: ['wrong', 'right'] }));
    assert.deepEqual(client.asked.passwords.map((question) => question.retry), [false, true]);
  });

  it('stops keyboard-interactive after three wrong passwords', async () => {
    const { port } = await serve(interactiveServer('right'));
    await failureOf(client.connect({ port }, client.prompts({ passwords: ['1', '2', '3', 'right'] })), 'authentication-failed');
    assert.equal(client.asked.passwords.length, 3);
  });

  for (const [what, prompts] of [
    ['a value that is shown', [{ prompt: 'User: ', echo: true }]],
    ['two values', [{ prompt: 'Password: ', echo: false }, { prompt: 'Code: ', echo: false }]],
  ] as const) {
    it(`gives no password to a server that asks for ${what}`, async () => {
      const { port } = await serve(interactiveServer('right', [...prompts]));
      const failure = await failureOf(client.connect({ port }, client.prompts({ passwords: ['right'] })), 'unsupported');
      assert.ok(failure.quoted?.includes(prompts[0].prompt));
      assert.deepEqual(client.asked.passwords, []);
    });
  }

  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
    it(`logs on with a private key: ${type}`, async () => {
      const key = newKey(type);
      const { port } = await serve(keyServer(key.public));
      await client.connect({ port, identityFile: await client.file('id', key.private) }, client.prompts({}));
      assert.deepEqual([client.asked.passwords, client.asked.passphrases], [[], []]);
    });
  }

  it('asks for the passphrase of a key, again when it was wrong', async () => {
    const key = newKey('ed25519', { passphrase: 'open sesame' });
    const { port } = await serve(keyServer(key.public));
    const identityFile = await client.file('id', key.private);
    await client.connect({ port, identityFile }, client.prompts({ passphrases: ['wrong', 'open sesame'] }));
    const server = `AADC01 (127.0.0.1:${port})`;
    assert.deepEqual(client.asked.passphrases, [{ server, keyFile: identityFile, retry: false }, { server, keyFile: identityFile, retry: true }]);
  });

  it('stops after three wrong passphrases; nothing is signed', async () => {
    const key = newKey('ed25519', { passphrase: 'open sesame' });
    const { port, attempts } = await serve(keyServer(key.public));
    await failureOf(client.connect({ port, identityFile: await client.file('id', key.private) }, client.prompts({ passphrases: ['1', '2', '3', 'open sesame'] })), 'authentication-failed');
    assert.equal(client.asked.passphrases.length, 3);
    assert.deepEqual(attempts, [{ method: 'none' }, { method: 'publickey' }]);
  });

  it('stops when no passphrase is given', async () => {
    const key = newKey('ed25519', { passphrase: 'open sesame' });
    const { port } = await serve(keyServer(key.public));
    await failureOf(client.connect({ port, identityFile: await client.file('id', key.private) }, client.prompts({})), 'cancelled');
  });

  it('says that the key was refused, for whom, and asks for no password instead', async () => {
    const { port } = await serve((context) => { context.reject(['publickey', 'password']); });
    const identityFile = await client.file('id', newKey().private);
    const failure = await failureOf(client.connect({ port, identityFile }, client.prompts({ passwords: ['x'] })), 'authentication-failed');
    for (const part of [identityFile, 'engineer', 'publickey, password']) assert.ok(failure.message.includes(part), part);
    assert.deepEqual(client.asked.passwords, []);
  });

  it('gives the password as second factor where the key was accepted', async () => {
    const key = newKey();
    const { port } = await serve((context) => {
      if (context.method === 'publickey') context.reject(['password'], true);
      else if (context.method === 'password' && context.password === 'right') context.accept();
      else context.reject(['publickey']);
    });
    await client.connect({ port, identityFile: await client.file('id', key.private) }, client.prompts({ passwords: ['right'] }));
  });

  for (const [what, text, remedy] of [['no key', 'hello', /Ed25519, ECDSA or RSA/], ['a public key', newKey().public, /without \.pub/], ['nothing', '', /Ed25519, ECDSA or RSA/]] as const) {
    it(`names a key file that holds ${what}`, async () => {
      const { port } = await serve((context) => { context.reject(['publickey']); });
      const identityFile = await client.file('id', text);
      const failure = await failureOf(client.connect({ port, identityFile }, client.prompts({})), 'authentication-failed');
      assert.ok(failure.message.includes(identityFile));
      assert.match(failure.remedy, remedy);
    });
  }

  it('names a key file that is not there, without reaching the server', async () => {
    const { port, attempts } = await serve(passwordServer('x'));
    assert.match((await failureOf(client.connect({ port, identityFile: '/nowhere/id' }, client.prompts({})), 'authentication-failed')).message, /\/nowhere\/id/);
    assert.deepEqual(attempts, []);
  });

  it('says what the server accepts where it takes no password', async () => {
    const { port } = await serve((context) => { context.reject(['publickey', 'hostbased']); });
    assert.match((await failureOf(client.connect({ port }, client.prompts({ passwords: ['x'] })), 'authentication-failed')).message, /publickey, hostbased/);
    assert.deepEqual(client.asked.passwords, []);
  });

  it('needs a user', async () => {
    const { port } = await serve(passwordServer('x'));
    assert.match((await failureOf(client.connect({ port, user: undefined }, client.prompts({})), 'unsupported')).remedy, /user:/);
  });
});
