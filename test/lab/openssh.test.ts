// OpenSSH's own server, agent and jump host: what the tests with a server of our choosing cannot show.
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JumpTarget, ServerConnection } from '../../src/session.ts';
import { endChild } from '../../lab/processes.ts';
import { makeKeyPair, startOpenSsh, type OpenSshServer } from './support/openssh-server.ts';
import { Client, failureOf } from './support/ssh-client.ts';

/** Sends a text there and back in both directions, longer than any window. */
async function carry(connection: ServerConnection): Promise<string> {
  const session = await connection.openSession();
  const text = 'ä€😀<&"\n'.repeat(40_000);
  const pipeline = session.invoke('param($text) $text', { parameters: { text } });
  const values: unknown[] = [];
  for await (const record of pipeline) if (record.stream === 'output') values.push(record.value);
  assert.equal((await pipeline.result).state, 'completed');
  assert.ok(values.length === 1 && values[0] === text, 'the text came back changed');
  return session.peer.encryption ?? '';
}

describe('OpenSSH\'s own server', function () {
  this.timeout(120_000);
  let client: Client;
  let key: string;
  const ends: (() => unknown)[] = [];

  const serve = async (name: string, more: readonly string[] = []): Promise<OpenSshServer> => {
    const server = await startOpenSsh(join(client.folder, name), `${key}.pub`, more);
    ends.push(() => server.stop());
    return server;
  };

  beforeEach(async () => {
    client = await Client.create();
    ends.push(() => client.dispose());
    key = join(client.folder, 'user_key');
    await makeKeyPair(key);
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  for (const cipher of ['chacha20-poly1305@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr']) {
    it(`carries text both ways where it speaks ${cipher} alone`, async () => {
      const server = await serve('server', [`Ciphers ${cipher}`]);
      await client.file('known_hosts', server.knownHostsLine);
      const connection = await client.connect({ port: server.port, user: server.user, identityFile: key }, client.prompts({}));
      assert.ok((await carry(connection)).includes(cipher));
    });
  }

  it('lets in by a key that only the agent holds, and says in words when the agent has none', async () => {
    const server = await serve('server');
    await client.file('known_hosts', server.knownHostsLine);
    const socket = join(client.folder, 'agent');
    const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    ends.push(() => endChild(agent));
    await once(agent.stdout!, 'data');
    const target = { port: server.port, user: server.user, auth: 'agent' } as const;
    const ssh = client.surroundings('', { SSH_AUTH_SOCK: socket });
    await failureOf(client.connect(target, client.prompts({}), { ssh }), 'authentication-failed');

    await promisify(execFile)('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    rmSync(key);
    const connection = await client.connect(target, client.prompts({}), { ssh });
    await carry(connection);
    assert.deepEqual(client.asked.passwords, []);
  });

  it('is reached through another one that forwards, and told apart from one that does not', async () => {
    const server = await serve('server');
    const jump = await serve('jump', ['AllowTcpForwarding yes', `PermitOpen 127.0.0.1:${server.port}`]);
    const closed = await serve('closed', ['AllowTcpForwarding no']);
    await client.file('known_hosts', server.knownHostsLine + jump.knownHostsLine + closed.knownHostsLine);
    const hop = (name: string, { port, user }: OpenSshServer): JumpTarget[] => [{ name, host: '127.0.0.1', port, user, identityFile: key }];
    const target = { port: server.port, user: server.user, identityFile: key };
    await carry(await client.connect({ ...target, jump: hop('JUMP', jump) }, client.prompts({})));
    const failure = await failureOf(client.connect({ ...target, jump: hop('CLOSED', closed) }, client.prompts({})), 'unreachable', '');
    assert.match(failure.message, /CLOSED/);
  });
});
