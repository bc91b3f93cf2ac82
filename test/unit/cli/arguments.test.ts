import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandHelp } from '../../../src/cli/help.ts';
import { CliBench } from './cli-bench.ts';

/** Wrong calls, and a part of what is said about each. */
const wrong: readonly (readonly [words: readonly string[], said: RegExp])[] = [
  [['daignose'], /no command "daignose"; the nearest is "diagnose"/],
  [['diagnose', '--sevrers', 'x'], /Unknown option '--sevrers'/],
  [['diagnose', '--parallel', '0'], /--parallel needs a whole number from 1 to 32/],
  [['diagnose', 'practise'], /no server "practise".*the nearest is "practice"/],
  [['diagnose', '--group', 'none'], /no group "none"/],
  [['plan'], /plan needs the name of a server/],
  [['plan', 'practice', '--plan', 'abandon'], /--plan must be one of: service-password/],
  [['plan', 'practice', '--minutes', '30'], /--minutes is for --approve/],
  [['run', 'practice', 'another', '--plan', 'service-password'], /never runs on more than one server/],
  [['run', 'practice', '--plan', 'service-password', '--step', 'verify'], /exclude each other/],
  [['run', 'practice'], /Without a terminal run needs --plan, --step or --resume/],
  [['run', 'practice', '--plan', 'service-password', '--answer', 'password-change-kind'], /QUESTION=ANSWER/],
  [['run', 'practice', '--plan', 'service-password', '--answer', 'made-up=1'], /--answer must be one of/],
  [['report', 'one', '--last'], /exclude each other/],
  [['runbook'], /needs --plan/],
  [['runbook', '--plan', 'planned-change', '--build', 'newest'], /four numbers/],
  [['runbook', 'practice', '--plan', 'planned-change', '--build', '2.6.84.0'], /--build is for a server that is not reached/],
];

describe('calls of the command line', () => {
  for (const [words, said] of wrong) {
    it(`refuses: ${words.join(' ')}`, async () => {
      using bench = new CliBench();
      const { code, out, err } = await bench.call(words);
      assert.deepEqual([code, out, bench.server.calls], [2, '', []]);
      assert.match(err, said);
      assert.match(err, /--help/);
    });
  }

  for (const word of ['--password=hunter2', '--password', '--secret=hunter2', '--token=hunter2', '-password=hunter2', '--credential']) {
    it(`takes no secret as ${word.split('=')[0] ?? ''}, and does not repeat it`, async () => {
      using bench = new CliBench();
      const { code, out, err } = await bench.call(['run', 'practice', '--plan', 'service-password', word, 'hunter2', '--json']);
      assert.equal(code, 2);
      assert.match(err, /A secret never stands in arguments/);
      assert.doesNotMatch(out + err, /hunter2/);
    });
  }

  for (const word of ['--yes', '-y', '--force', '--assume-yes']) {
    it(`has no ${word}`, async () => {
      using bench = new CliBench();
      const { code, err } = await bench.call(['run', 'practice', '--plan', 'full-abandonment', word]);
      assert.equal(code, 2);
      assert.match(err, /no option that agrees to everything/);
    });
  }

  it('tells every command and its options, and its version, on standard output', async () => {
    using bench = new CliBench();
    for (const name of Object.keys(commandHelp)) {
      const { code, out, err } = await bench.call([name, '--help']);
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, new RegExp(`^entra-connect ${name}`));
    }
    assert.deepEqual(await bench.call(['--version']), { code: 0, out: '1.2.3\n', err: '' });
    assert.equal((await bench.call([])).code, 2);
  });

  it('says with --json what was wrong, too, as one document', async () => {
    using bench = new CliBench();
    const { v, command, error, err } = await bench.json<{ v: number; command: string; error: { exitCode: number; message: string } }>(['plan']);
    assert.deepEqual([v, command, error.exitCode], [1, 'plan', 2]);
    assert.ok(err.includes(error.message));
  });
});

describe('the servers file of the command line', () => {
  it('is the only one here, the one that the environment names, or the one that is given', async () => {
    using bench = new CliBench();
    assert.equal((await bench.call(['diagnose'])).code, 0);
    const other = 'version: 1\nservers:\n  - name: another\n    transport: local\n';
    writeFileSync(join(bench.folder, 'b.connect.yaml'), other);
    const { code, err } = await bench.call(['diagnose']);
    assert.equal(code, 2);
    assert.match(err, /several \*\.connect\.yaml/);
    bench.environment = { ENTRA_CONNECT_SERVERS: join(bench.folder, 'lab.connect.yaml') };
    assert.equal((await bench.call(['diagnose'])).code, 0);
    assert.equal((await bench.call(['diagnose', '--servers', 'lab.connect.yaml'])).code, 0);
    assert.equal((await bench.call(['diagnose', 'practice', '--servers', 'b.connect.yaml'])).code, 2);
  });

  it('with an error is not used at all; each place is told', async () => {
    using bench = new CliBench();
    bench.serversFile('version: 1\nservers:\n  - name: practice\n    transport: local\n  - name: other\n    transport: carrier-pigeon\n');
    const { code, out, err } = await bench.call(['diagnose', 'practice']);
    assert.deepEqual([code, out, bench.server.calls], [2, '', []]);
    assert.match(err, /lab\.connect\.yaml:6:16: error: transport must be one of/);
  });

  it('that is missing, a folder or empty is told', async () => {
    using bench = new CliBench();
    mkdirSync(join(bench.folder, 'folder'));
    for (const [file, said] of [['none.yaml', /cannot be read/], ['folder', /it is not a file/]] as const) {
      const { code, err } = await bench.call(['diagnose', '--servers', file]);
      assert.equal(code, 2);
      assert.match(err, said);
    }
    bench.serversFile('version: 1\nservers: []\n');
    assert.match((await bench.call(['diagnose'])).err, /has no server/);
  });
});
