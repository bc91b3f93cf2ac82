import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askHelper, helperCommand, type SecretQuestion } from '../../../src/cli/credential-helper.ts';
import { CliBench, Person } from './cli-bench.ts';

const question: SecretQuestion = { purpose: 'sign-in', server: 'AADC01', account: 'CONTOSO\\engineer', retry: false };
const limits = { time: 10_000, size: 1024 };
const never = new AbortController().signal;

describe('the credential helper', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'helper-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  /** A helper written in the shell. */
  function helper(script: string): readonly string[] {
    const path = join(folder, 'helper');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o700);
    return [path];
  }

  it('is asked by one line of JSON on its standard input, never by an argument, and answers with JSON', async () => {
    const command = helper(`cat >'${join(folder, 'asked')}'; echo "$# $*" >'${join(folder, 'words')}'; echo '{"v":1,"password":"pass \\"word\\" \\u00e9","userName":"admin@contoso.com"}'`);
    const answer = await askHelper(command, { ...question, retry: true }, never, limits);
    assert.deepEqual([answer?.password.reveal(), answer?.userName], ['pass "word" é', 'admin@contoso.com']);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'asked'), 'utf8')), { v: 1, purpose: 'sign-in', server: 'AADC01', account: 'CONTOSO\\engineer', retry: true });
    assert.equal(readFileSync(join(folder, 'words'), 'utf8').trim(), '0');
    assert.doesNotMatch(JSON.stringify(answer), /word\\"|é/);
  });

  it('may have no answer', async () => {
    assert.equal(await askHelper(helper('echo \'{"v":1}\''), question, never, limits), undefined);
    assert.equal(await askHelper(helper('echo \'{"v":1,"password":null}\''), question, never, limits), undefined);
  });

  it('need not read the question', async () => {
    assert.equal((await askHelper(helper('exec 0<&-; echo \'{"v":1,"password":"p"}\''), question, never, limits))?.password.reveal(), 'p');
  });

  const bad: readonly (readonly [what: string, script: string, said: RegExp])[] = [
    ['exits with 1', 'echo \'{"v":1,"password":"hunter2"}\'; exit 1', /ended with exit code 1/],
    ['dies', 'kill -9 $$', /was ended by SIGKILL/],
    ['answers garbage', 'echo hunter2', /did not answer with a JSON object/],
    ['answers with a list', 'echo \'["hunter2"]\'', /did not answer with a JSON object/],
    ['answers with nothing', ':', /did not answer with a JSON object/],
    ['answers in another version', 'echo \'{"v":2,"password":"hunter2"}\'', /did not answer with "v": 1/],
    ['answers with a password that is no text', 'echo \'{"v":1,"password":12345}\'', /"password" that is no text/],
    ['answers with an empty password', 'echo \'{"v":1,"password":""}\'', /"password" that is no text/],
    ['answers with a user name that is no text', 'echo \'{"v":1,"userName":["hunter2"],"password":"hunter2"}\'', /"userName" that is no text/],
    ['answers with a flood', 'while :; do echo hunter2hunter2hunter2hunter2hunter2; done', /more than 1024 bytes/],
  ];
  for (const [what, script, said] of bad) {
    it(`that ${what} is told, without what it printed`, async () => {
      await assert.rejects(askHelper(helper(script), question, never, limits), (error: Error) => {
        assert.match(error.message, said);
        assert.match(error.message, /The credential helper .*helper/);
        assert.doesNotMatch(`${error.message}${error.stack ?? ''}`, /hunter2/);
        return true;
      });
    });
  }

  it('that is slow is ended after the time limit, and what it started with it does not hold anything up', async () => {
    const begun = join(folder, 'begun');
    await assert.rejects(askHelper(helper(`echo $$ >'${begun}'; exec sleep 600`), question, never, { time: 300, size: 1024 }), /did not answer within 0.3 seconds/);
  });

  it('is ended when the person cancels', async () => {
    const cancel = new AbortController();
    const asked = askHelper(helper('exec sleep 600'), question, cancel.signal, limits);
    cancel.abort();
    await assert.rejects(asked, /Cancelled/);
  });

  it('that does not exist is told', async () => {
    await assert.rejects(askHelper([join(folder, 'none')], question, never, limits), /could not be started: .*ENOENT/);
  });

  it('is a path or a JSON list of a path and its arguments; anything else is refused', () => {
    assert.equal(helperCommand({}), undefined);
    assert.deepEqual(helperCommand({ ENTRA_CONNECT_CREDENTIAL_HELPER: '/usr/bin/helper' }), ['/usr/bin/helper']);
    assert.deepEqual(helperCommand({ ENTRA_CONNECT_CREDENTIAL_HELPER: '["/usr/bin/python3","/etc/helper.py"]' }), ['/usr/bin/python3', '/etc/helper.py']);
    for (const value of ['helper', 'helper --all', '[]', '[1]', '["helper"]', '[', '{}']) assert.throws(() => helperCommand({ ENTRA_CONNECT_CREDENTIAL_HELPER: value }), /names no program/);
  });
});

describe('secrets on the command line', () => {
  it('are asked for at the terminal, hidden, where no helper is named', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    const person = new Person([/Start\?|Set the password\?|Start the service\?/, 'yes'], [/1 to [34]/, '1'], [/Password of CONTOSO/, 'new-Passw0rd']);
    const { code, out, err } = await bench.call(['run', 'practice'], person);
    assert.equal(code, 0, err);
    assert.deepEqual([bench.server.scmPassword, bench.server.state], ['new-Passw0rd', 'Running']);
    assert.doesNotMatch(out + err, /Passw0rd/);
  });

  it('that nobody has stop the run before it changes anything, and say what would help', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    const { code, err } = await bench.call(['run', 'practice', '--plan', 'service-password', '--confirm', 'SYNC1', '--answer', 'password-change-kind=change']);
    assert.equal(code, 7);
    assert.match(err, /Nobody answered.*Set ENTRA_CONNECT_CREDENTIAL_HELPER, or run this at a terminal/);
    assert.deepEqual([bench.server.scmPassword, bench.server.startAttempts], ['old-Passw0rd', 0]);
  });

  it('of a broken helper end the step, and say so', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = { ENTRA_CONNECT_CREDENTIAL_HELPER: '/bin/false' };
    const { code, out } = await bench.call(['run', 'practice', '--plan', 'service-password', '--confirm', 'SYNC1', '--answer', 'password-change-kind=change']);
    assert.equal(code, 1);
    assert.match(out, /credential helper \/bin\/false ended with exit code 1/);
    assert.equal(bench.server.scmPassword, 'old-Passw0rd');
  });
});
