import assert from 'node:assert/strict';
import { failureOf } from '../../lab/support/ssh-client.ts';
import { notForwarded } from '../../../src/remote/ssh/failures.ts';
import { newKey } from '../../lab/support/ssh-bridge.ts';
import { keys, password, Scene } from './support.ts';

const anywhere = { forward: (): boolean => true };

describe('SSH jump hosts', () => {
  let scene: Scene;
  beforeEach(async () => { scene = await Scene.create(); });
  afterEach(async () => { await scene.dispose(); });

  /** The servers file's jump to a bridge. */
  function hop(name: string, port: number, user = 'hopper'): { name: string; host: string; port: number; user: string; identityFile: undefined } {
    return { name, host: '127.0.0.1', port, user, identityFile: undefined };
  }

  it('reach the server through each in order, and end with the connection', async () => {
    const { client } = scene;
    const [first, second, target] = [await scene.serve(anywhere), await scene.serve(anywhere), await scene.serve()];
    const connection = await client.connect({ port: target.port, jump: [hop('one', first.port), hop('two', second.port)] }, client.prompts({}));
    assert.deepEqual(first.forwarded, [`127.0.0.1:${second.port}`]);
    assert.deepEqual(second.forwarded, [`127.0.0.1:${target.port}`]);
    assert.equal(connection.server, `AADC01 (127.0.0.1:${target.port})`);
    const gone = scene.bridges.map((bridge) => Promise.all([...bridge.connections].map((one) => new Promise<void>((done) => { one.once('close', () => { done(); }); }))));
    await connection[Symbol.asyncDispose]();
    await Promise.all(gone);
  });

  it('authenticate each by itself, asked by its own name', async () => {
    const { client } = scene;
    const gate = await scene.serve({ ...anywhere, authenticate: password('for the gate') });
    const target = await scene.serve({ authenticate: password('for the server') });
    await client.connect({ port: target.port, jump: [hop('gate', gate.port)] }, client.prompts({ passwords: ['for the gate', 'for the server'] }));
    assert.deepEqual(client.asked.passwords.map(({ server, user }) => [server, user]), [[`gate (127.0.0.1:${gate.port})`, 'hopper'], [`AADC01 (127.0.0.1:${target.port})`, 'engineer']]);
    assert.deepEqual(target.attempts.flatMap((attempt) => attempt.password ?? []), ['for the server']);
  });

  it('verify each host key: a hop\'s unknown one is asked about, and refused names the hop', async () => {
    const { client } = scene;
    const gate = await scene.unknown(anywhere);
    const target = await scene.serve();
    const failure = await failureOf(client.connect({ port: target.port, jump: [hop('gate', gate.port)] }, client.prompts({ trust: [false] })), 'host-key-unknown', 'AADC01, jump host gate');
    assert.equal(client.asked.trust[0]?.server, `gate (127.0.0.1:${gate.port})`);
    assert.equal(failure.server, `AADC01, jump host gate (127.0.0.1:${gate.port})`);
    assert.deepEqual(gate.attempts, []);
  });

  it('never let a hop vouch for the server behind it', async () => {
    const { client } = scene;
    const gate = await scene.serve(anywhere);
    const target = await scene.unknown();
    await failureOf(client.connect({ port: target.port, jump: [hop('gate', gate.port)] }, client.prompts({ trust: [false] })), 'host-key-unknown');
    assert.deepEqual(target.attempts, []);
  });

  it('say which hop was unreachable, and which could not reach the next', async () => {
    const { client } = scene;
    const [gate, target, closed] = [await scene.serve(), await scene.serve(), await scene.serve(anywhere)];
    await closed.close();
    assert.match((await failureOf(client.connect({ port: target.port, jump: [hop('gate', closed.port)] }, client.prompts({})), 'unreachable', 'AADC01, jump host gate')).message, /refused/);
    const refused = await failureOf(client.connect({ port: target.port, jump: [hop('gate', gate.port)] }, client.prompts({})), 'unreachable');
    assert.ok(refused.message.includes(`gate (127.0.0.1:${gate.port}) could not reach 127.0.0.1:${target.port}`), refused.message);
  });

  it('that may not carry connections are told apart from those that cannot', () => {
    const { failure } = notForwarded('AADC01 (a:22)', 'gate (g:22)', 'a:22', Object.assign(new Error('open failed'), { reason: 1 }));
    assert.match(failure.message, /does not carry connections further/);
    assert.match(failure.remedy, /AllowTcpForwarding/);
  });

  it('tell that the way was lost at the hop', async () => {
    const { client } = scene;
    const [gate, target] = [await scene.serve(anywhere), await scene.serve()];
    const connection = await client.connect({ port: target.port, jump: [hop('gate', gate.port)] }, client.prompts({}));
    for (const socket of gate.sockets) socket.destroy();
    const failure = await connection.closed;
    assert.match(failure?.message ?? '', /lost at AADC01, jump host gate/);
  });

  it('follow ProxyJump of ssh_config with each host\'s own settings', async () => {
    const { client } = scene;
    const key = newKey();
    const gate = await scene.serve({ ...anywhere, authenticate: keys(key.public) });
    const target = await scene.serve({ authenticate: keys(key.public) });
    const id = await client.file('id', key.private);
    const ssh = client.surroundings(`Host sync\n HostName 127.0.0.1\n Port ${target.port}\n ProxyJump gate\nHost gate\n HostName 127.0.0.1\n Port ${gate.port}\n User hopper\nHost *\n IdentityFile ${id}\n User engineer\n`);
    const connection = await client.connect({ host: 'sync', port: undefined, user: undefined }, client.prompts({}), { ssh });
    assert.deepEqual(gate.forwarded, [`127.0.0.1:${target.port}`]);
    assert.equal(connection.server, `AADC01 (127.0.0.1:${target.port})`);
    assert.ok(client.asked.notes.some((line) => line.includes('reached by way of gate')), client.asked.notes.join('\n'));
  });

  it('are left out where the servers file says none', async () => {
    const { client } = scene;
    const target = await scene.serve();
    await client.connect({ port: target.port, jump: [] }, client.prompts({}), { ssh: client.surroundings('ProxyJump nowhere.invalid\n') });
  });

  it('of ssh_config in a circle are refused before anything is connected to', async () => {
    const { client } = scene;
    const ssh = client.surroundings('Host a\n ProxyJump b\nHost b\n ProxyJump a\nHost *\n User u\n');
    assert.match((await failureOf(client.connect({ host: 'a', port: 22 }, client.prompts({}), { ssh }), 'unsupported', 'AADC01 (a:22)')).message, /circle/);
  });

  it('stop when the attempt is cancelled on the way', async () => {
    const { client } = scene;
    const controller = new AbortController();
    const gate = await scene.serve({ ...anywhere });
    const target = await scene.serve({ authenticate: () => { controller.abort(); } });
    await failureOf(client.connect({ port: target.port, jump: [hop('gate', gate.port)] }, client.prompts({}), { signal: controller.signal }), 'cancelled');
  });
});
