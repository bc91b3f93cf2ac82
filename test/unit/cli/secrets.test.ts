import assert from 'node:assert/strict';
import { Secrets } from '../../../src/cli/secrets.ts';
import { CliBench, Person } from './cli-bench.ts';

describe('questions for secrets', () => {
  it('show no control character of a server that suggests an account, and give back its name as it is', async () => {
    using bench = new CliBench();
    const person = new Person([/^User name|\nUser name/, ''], [/^Password of/, 'pw']);
    const secrets = new Secrets({ out: () => undefined, err: () => undefined, terminal: person, readInput: () => Promise.resolve(''), environment: {}, folder: bench.folder, home: bench.folder, onInterruption: () => () => undefined });
    const given = await secrets.credential({ purpose: 'administrator', server: 'a', account: 'x\u001b[2J', retry: false }, 'Who?', new AbortController().signal);
    assert.equal(given?.userName, 'x\u001b[2J');
    assert.equal(person.asked.length, 2);
    assert.doesNotMatch(person.asked.join('').replaceAll('\n', ''), /[\u0000-\u001f]/);
  });
});
