import assert from 'node:assert/strict';
import { failureOf } from '../../lab/support/ssh-client.ts';
import { Scene, password } from './support.ts';

describe('the first contact with an SSH server', () => {
  let scene: Scene;
  beforeEach(async () => { scene = await Scene.create(); });
  afterEach(async () => { await scene.dispose(); });

  it('is its host key: no password is asked for, and none is sent, before that is trusted', async () => {
    const { client } = scene;
    let tried = 0;
    const { port } = await scene.unknown({ authenticate: (context) => { tried++; password('right')(context); } });
    const failure = await failureOf(client.connect({ port }, client.prompts({ trust: [false], passwords: ['right'] })), 'host-key-unknown');
    assert.match(failure.message, /SHA256:[\w+/]{43} is not known and was not trusted/);
    assert.deepEqual([client.asked.trust.length, client.asked.passwords.length, tried], [1, 0, 0]);
    await client.connect({ port }, client.prompts({ trust: [true], passwords: ['right'] }));
    assert.deepEqual([client.asked.trust.length, client.asked.passwords.length], [2, 1]);
  });

  it('a server with another key than before is refused in words that help: both fingerprints, where the old one is, what to do', async () => {
    const { client } = scene;
    const before = await scene.serve();
    const now = await scene.unknown({ authenticate: password('right') });
    await client.pins.add({ host: '127.0.0.1', port: now.port, key: before.hostKeys[0]! });
    const failure = await failureOf(client.connect({ port: now.port }, client.prompts({ trust: [true], passwords: ['right'] })), 'host-key-changed');
    assert.equal(new Set(failure.message.match(/SHA256:[\w+/]{43}/g)).size, 2);
    assert.match(failure.message, /recorded in .*pins/);
    assert.match(failure.remedy, /Compare the new fingerprint.*ssh-keygen -lf.*Only if they are equal/);
    assert.deepEqual([client.asked.trust.length, client.asked.passwords.length], [0, 0]);
  });
});
