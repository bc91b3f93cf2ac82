import assert from 'node:assert/strict';
import type { AuthContext } from 'ssh2';
import { fingerprint } from '../../../src/remote/ssh/host-key.ts';
import { failureOf } from '../../lab/support/ssh-client.ts';
import { blobOf, newKey } from '../../lab/support/ssh-bridge.ts';
import { startAgent, type TestAgent } from './agent.ts';
import { keys, Scene } from './support.ts';

/** Asks by keyboard-interactive, round by round; each round has the right answers beside its prompts. */
function rounds(...script: { name?: string; prompts: { prompt: string; echo: boolean }[]; answers: string[] }[]): (context: AuthContext) => void {
  return (context) => {
    if (context.method !== 'keyboard-interactive') {
      context.reject(['keyboard-interactive', 'password']);
      return;
    }
    const ask = (at: number): void => {
      const round = script[at];
      if (round === undefined) {
        context.accept();
        return;
      }
      context.prompt(round.prompts, round.name ?? '', (answers) => {
        if (answers.length === round.answers.length && round.answers.every((answer, n) => answer === answers[n])) ask(at + 1);
        else context.reject(['keyboard-interactive', 'password']);
      });
    };
    ask(0);
  };
}

describe('SSH authentication methods', () => {
  let scene: Scene;
  let agent: TestAgent | undefined;
  beforeEach(async () => { scene = await Scene.create(); });
  afterEach(async () => {
    await scene.dispose();
    await agent?.stop();
    agent = undefined;
  });

  it('use the agent without a question, and log the key by its fingerprint', async () => {
    const { client } = scene;
    const key = newKey();
    agent = await startAgent(client.folder, [newKey('ecdsa').private, key.private]);
    const { port, attempts } = await scene.serve({ authenticate: keys(key.public) });
    await client.connect({ port }, client.prompts({}), { ssh: client.surroundings('IdentityFile none\n', { SSH_AUTH_SOCK: agent.socket }) });
    assert.ok(attempts.every(({ method }) => method === 'none' || method === 'publickey'));
    assert.ok(client.asked.notes.some((line) => line.includes(`trying the agent's key ssh-ed25519 ${fingerprint(blobOf(key.public))}`)), client.asked.notes.join('\n'));
    assert.ok(client.asked.notes.some((line) => line.includes('the server accepts publickey, password')), client.asked.notes.join('\n'));
  });

  it('let the agent sign with a key whose file is locked, without its passphrase', async () => {
    const { client } = scene;
    const key = newKey('ed25519', { passphrase: 'x' });
    agent = await startAgent(client.folder, [key.private], 'x');
    const { port } = await scene.serve({ authenticate: keys(key.public) });
    await client.connect({ port, identityFile: await client.file('id', key.private) }, client.prompts({}), { ssh: client.surroundings('', { SSH_AUTH_SOCK: agent.socket }) });
    assert.deepEqual(client.asked.passphrases, []);
  });

  it('with IdentitiesOnly ask the agent for named keys only', async () => {
    const { client } = scene;
    const [named, other] = [newKey(), newKey()];
    agent = await startAgent(client.folder, [other.private, named.private]);
    const { port, attempts } = await scene.serve({ authenticate: keys(named.public) });
    const id = await client.file('id.pub', named.public);
    await client.connect({ port }, client.prompts({}), { ssh: client.surroundings(`IdentitiesOnly yes\nIdentityFile ${id}\n`, { SSH_AUTH_SOCK: agent.socket }) });
    assert.equal(attempts.filter(({ method }) => method === 'publickey').length, 2, 'one question and one signature');
  });

  it('go on where the agent does not answer, and say so', async () => {
    const { client } = scene;
    const key = newKey();
    const { port } = await scene.serve({ authenticate: keys(key.public) });
    await client.connect({ port }, client.prompts({}), { ssh: client.surroundings(`IdentityFile ${await client.file('id', key.private)}\n`, { SSH_AUTH_SOCK: `${client.folder}/nobody` }) });
    assert.ok(client.asked.notes.some((line) => /agent at .*nobody gave no keys/.test(line)));
  });

  it('try several keys of ssh_config before any password, and a missing one is no error', async () => {
    const { client } = scene;
    const [wrong, right] = [newKey(), newKey('rsa')];
    const { port } = await scene.serve({ authenticate: keys(right.public) });
    const [a, b] = [await client.file('a', wrong.private), await client.file('b', right.private)];
    await client.connect({ port }, client.prompts({ passwords: ['never'] }), { ssh: client.surroundings(`IdentityFile ${a}\nIdentityFile ~/missing\nIdentityFile ${b}\n`) });
    assert.deepEqual(client.asked.passwords, []);
    assert.ok(client.asked.notes.some((line) => line.includes('missing is not offered')));
  });

  it('ask for the passphrase only of a key that the server wants', async () => {
    const { client } = scene;
    const [wrong, right] = [newKey('ed25519', { passphrase: 'w' }), newKey('rsa', { passphrase: 'r' })];
    const { port } = await scene.serve({ authenticate: keys(right.public) });
    const [a, b] = [await client.file('a', wrong.private), await client.file('b', right.private)];
    await client.connect({ port }, client.prompts({ passphrases: ['r'] }), { ssh: client.surroundings(`IdentityFile ${a}\nIdentityFile ${b}\n`) });
    assert.deepEqual(client.asked.passphrases.map(({ keyFile }) => keyFile), [b]);
  });

  it('see that an agent\'s key was only the first of two steps', async () => {
    const { client } = scene;
    const key = newKey();
    agent = await startAgent(client.folder, [key.private]);
    let first = false;
    const { port } = await scene.serve({ authenticate: (context) => {
      if (context.method === 'publickey' && context.signature !== undefined) { first = true; context.reject(['password'], true); }
      else if (context.method === 'publickey') context.accept();
      else if (context.method === 'password' && first && context.password === 'second') context.accept();
      else context.reject(first ? ['password'] : ['publickey']);
    } });
    await client.connect({ port, auth: 'agent' }, client.prompts({ passwords: ['second'] }), { ssh: client.surroundings('', { SSH_AUTH_SOCK: agent.socket }) });
  });

  it('list everything that was tried where nothing helped', async () => {
    const { client } = scene;
    const { port } = await scene.serve({ authenticate: (context) => { context.reject(['publickey', 'password']); } });
    const id = await client.file('id', newKey().private);
    const failure = await failureOf(client.connect({ port }, client.prompts({ passwords: ['p1', 'p2', 'p3'] }), { ssh: client.surroundings(`IdentityFile ${id}\nPreferredAuthentications publickey\n`) }), 'authentication-failed');
    assert.ok(failure.message.includes(`the key ${id}`) && failure.message.includes('accepts publickey, password'), failure.message);
    assert.deepEqual(client.asked.passwords, []);
  });

  it('explain a server that ends the connection after too many keys', async () => {
    const { client } = scene;
    const ids = await Promise.all([0, 1, 2].map((n) => client.file(`id${n}`, newKey().private)));
    let count = 0;
    const { port } = await scene.serve({ authenticate: (context) => {
      if (++count > 2) for (const connection of scene.bridges[0]!.connections) (connection as unknown as { _protocol: { disconnect(reason: number): void } })._protocol.disconnect(2);
      else context.reject(['publickey']);
    } });
    const failure = await failureOf(client.connect({ port }, client.prompts({}), { ssh: client.surroundings(ids.map((id) => `IdentityFile ${id}\n`).join('')) }), 'authentication-failed');
    assert.match(failure.remedy, /IdentitiesOnly/);
  });

  it('answer several rounds: the password, then what only the person knows', async () => {
    const { client } = scene;
    const { port } = await scene.serve({ authenticate: rounds({ prompts: [{ prompt: 'Password: ', echo: false }], answers: ['pw'] }, { name: 'Second \u001b[31mfactor', prompts: [{ prompt: 'Code: ', echo: true }, { prompt: 'PIN: ', echo: false }], answers: ['123', '9'] }) });
    await client.connect({ port }, client.prompts({ passwords: ['pw'], interactive: [['123', '9']] }));
    assert.equal(client.asked.passwords.length, 1);
    assert.deepEqual(client.asked.interactive[0]?.prompts, [{ text: 'Code: ', echo: true }, { text: 'PIN: ', echo: false }]);
    assert.equal(client.asked.interactive[0].name, 'Second \\u001b[31mfactor');
  });

  it('never give the password to a question that is not about one', async () => {
    const { client } = scene;
    const { port } = await scene.serve({ authenticate: rounds({ prompts: [{ prompt: 'Verification code: ', echo: false }], answers: ['123'] }) });
    await client.connect({ port }, client.prompts({ passwords: ['pw'], interactive: [['123']] }));
    assert.deepEqual(client.asked.passwords, []);
  });

  it('go on to a password where keyboard-interactive asks nothing, and send it once', async () => {
    const { client } = scene;
    const { port, attempts } = await scene.serve({ authenticate: (context) => {
      if (context.method === 'password' && context.password === 'right') context.accept();
      else context.reject(['keyboard-interactive', 'password']);
    } });
    await client.connect({ port }, client.prompts({ passwords: ['right'] }));
    assert.deepEqual(attempts.map(({ method }) => method), ['none', 'keyboard-interactive', 'password']);
  });

  it('never send a password by one method that another refused', async () => {
    const { client } = scene;
    const { port, attempts } = await scene.serve({ authenticate: rounds({ prompts: [{ prompt: 'Password: ', echo: false }], answers: ['right'] }) });
    await client.connect({ port }, client.prompts({ passwords: ['wrong', 'right'] }));
    assert.deepEqual(client.asked.passwords.map(({ retry }) => retry), [false, true]);
    assert.ok(attempts.every(({ method }) => method !== 'password'));
  });

  it('ask for nothing but a password where the servers file says so', async () => {
    const { client } = scene;
    const { port, attempts } = await scene.serve({ authenticate: (context) => { if (context.method === 'password') context.accept(); else context.reject(['publickey', 'password']); } });
    await client.connect({ port, auth: 'password' }, client.prompts({ passwords: ['x'] }), { ssh: client.surroundings(`IdentityFile ${await client.file('id', newKey().private)}\n`) });
    assert.ok(attempts.every(({ method }) => method !== 'publickey'));
  });
});

describe('ssh_config and host keys', () => {
  let scene: Scene;
  beforeEach(async () => { scene = await Scene.create(); });
  afterEach(async () => { await scene.dispose(); });

  it('accept-new pins without a question, yes refuses without one', async () => {
    const { client } = scene;
    const { port, hostKeys } = await scene.unknown();
    const refused = await failureOf(client.connect({ port }, client.prompts({ trust: [true] }), { ssh: client.surroundings('StrictHostKeyChecking yes\n') }), 'host-key-unknown');
    assert.match(refused.message, /StrictHostKeyChecking yes/);
    await client.connect({ port }, client.prompts({}), { ssh: client.surroundings('StrictHostKeyChecking accept-new\n') });
    assert.deepEqual(client.asked.trust, []);
    assert.ok(Buffer.from((await client.pins.find('127.0.0.1', port))[0]!.key).equals(hostKeys[0]!));
  });

  it('HostKeyAlias is the name that keys are known by, and known_hosts files come from ssh_config', async () => {
    const { client } = scene;
    const { port, hostKeys } = await scene.unknown();
    const file = await client.file('kh', `cluster ssh-ed25519 ${hostKeys[0]!.toString('base64')}\n`);
    await client.connect({ port }, client.prompts({}), { ssh: client.surroundings(`HostKeyAlias cluster\nUserKnownHostsFile ${file}\n`) });
    assert.deepEqual(client.asked.trust, []);
  });

  it('a certificate authority of known_hosts is no trust in a key: it is asked about, and the reason is told', async () => {
    const { client } = scene;
    const { port, hostKeys } = await scene.unknown();
    await client.file('known_hosts', `@cert-authority *:* ssh-ed25519 ${hostKeys[0]!.toString('base64')}\n@cert-authority [127.0.0.1]:${port} ssh-ed25519 ${hostKeys[0]!.toString('base64')}\n`);
    await client.connect({ port }, client.prompts({ trust: [true] }));
    assert.match(client.asked.trust[0]?.note ?? '', /host certificates are not supported/);
  });

  it('a revoked key is refused in words, also where it was pinned', async () => {
    const { client } = scene;
    const { port, hostKeys } = await scene.serve();
    await client.file('known_hosts', `@revoked * ssh-ed25519 ${hostKeys[0]!.toString('base64')}\n`);
    assert.match((await failureOf(client.connect({ port }, client.prompts({})), 'host-key-changed')).message, /marks as revoked/);
  });
});
