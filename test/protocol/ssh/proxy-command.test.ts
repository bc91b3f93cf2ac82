import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { failureOf } from '../../lab/support/ssh-client.ts';
import { proxyWords } from '../../../src/remote/ssh/proxy-command.ts';
import { Scene } from './support.ts';

/** What netcat does, and one line that says how it was called and as which process. */
const netcat = `
import { connect } from 'node:net';
import { writeFileSync } from 'node:fs';
writeFileSync(process.argv[2], JSON.stringify({ pid: process.pid, words: process.argv.slice(3) }));
const socket = connect(Number(process.argv[4]), process.argv[3]);
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;

const hop = { host: '10.0.0.5', port: 2222, user: 'CONTOSO\\o\'neil $(id)', original: 'sync', home: '/home/kim' };

describe('ProxyCommand', () => {
  let scene: Scene;
  beforeEach(async () => { scene = await Scene.create(); });
  afterEach(async () => { await scene.dispose(); });

  it('carries the connection, gets its tokens, and ends with the connection', async () => {
    const { client } = scene;
    const target = await scene.serve();
    const script = await client.file('netcat.mjs', netcat);
    const ssh = client.surroundings(`ProxyCommand "${process.execPath}" ${script} ${client.folder}/called %h %p %r %%\n`);
    const connection = await client.connect({ port: target.port }, client.prompts({}), { ssh });
    const called = JSON.parse(await readFile(`${client.folder}/called`, 'utf8')) as { pid: number; words: string[] };
    assert.deepEqual(called.words, ['127.0.0.1', String(target.port), 'engineer', '%']);
    await connection[Symbol.asyncDispose]();
    // A process that was ended is not there to be signalled.
    while (isAlive(called.pid)) await new Promise((resolve) => { setImmediate(resolve); });
  });

  it('tells how it ended and what it wrote where there was no connection', async () => {
    const { client } = scene;
    const script = await client.file('fails.mjs', 'process.stderr.write("no \\u001b[31mroute"); process.exit(3);');
    const failure = await failureOf(client.connect({ port: 22 }, client.prompts({}), { ssh: client.surroundings(`ProxyCommand "${process.execPath}" ${script}\n`) }), 'unreachable');
    assert.match(failure.message, /exit code 3/);
    assert.equal(failure.quoted, 'no \\u001b[31mroute');
  });

  it('names a program that is not there', async () => {
    const { client } = scene;
    const failure = await failureOf(client.connect({ port: 22 }, client.prompts({}), { ssh: client.surroundings('ProxyCommand /nowhere/nc %h\n') }), 'unreachable');
    assert.match(failure.message, /\/nowhere\/nc could not be started \(ENOENT\)/);
  });

  it('makes one word of each, whatever a user is called', () => {
    assert.deepEqual(proxyWords('exec ~/bin/nc -x "a b" %h:%p \'%r\' %n', hop, 'c:1'), ['/home/kim/bin/nc', '-x', 'a b', '10.0.0.5:2222', hop.user, 'sync']);
  });

  for (const [name, change] of [['host', { host: '-e/bin/sh' }], ['host', { original: '-oProxyCommand=id' }], ['user', { user: '-Fsomewhere' }]] as const) {
    it(`never gives the program a ${name} that it would take for an option: ${Object.values(change).join()}`, () => {
      assert.throws(() => proxyWords('nc %h %n %r %p', { ...hop, ...change }, 'c:1'), new RegExp(`the ${name} "-.*begins with a hyphen`));
    });
  }

  for (const text of ['nc %h %p 2>/dev/null', 'a | b', 'a && b', 'a; b', 'echo `id`', 'echo $(id)', 'echo $HOME']) {
    it(`needs no shell: refuses ${text}`, () => {
      assert.throws(() => proxyWords(text, hop, 'c:1'), /without a shell/);
    });
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
