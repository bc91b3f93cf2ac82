import assert from 'node:assert/strict';
import { difference, withServer, withServerMoved } from '../../../src/inventory/edit.ts';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { secretAt } from '../../../src/inventory/secret.ts';

const estate = `# The estate
version: 1
defaults: { transport: ssh, user: u } # everywhere
groups:
  - name: One # first
    servers:
      # about A
      - name: A
        host: a # here

      - { name: B, host: b }
  - name: Two
    servers:
    - name: C
      host: c
  - name: Empty
# the others
servers:
  - name: D
    host: d
# the end
`;
const where = (text: string): [string, string | undefined][] => parseServersFile(text, { home: '/' }).servers.map(({ name, group }) => [name, group]);
const comments = ['# The estate', '# everywhere', '# first', '# about A', '# here', '# the others', '# the end'];

describe('adding a server to a servers file', () => {
  const entry = { name: 'New', host: 'new.example', port: 2222, notes: 'a: #1' };
  for (const group of [undefined, 'One', 'Two', 'Empty', 'Brand new']) {
    it(`at the end of ${group ?? 'the file'}, keeping everything else`, () => {
      const made = withServer(estate, group, entry);
      assert.deepEqual(where(made!).filter(([name]) => name === 'New'), [['New', group]]);
      assert.equal(where(made!).length, 5);
      for (const comment of comments) assert.ok(made!.includes(comment), `${comment} in ${made!}`);
      const [target] = parseServersFile(made!, { home: '/' }).servers.filter(({ name }) => name === 'New').map((one) => one.target);
      assert.deepEqual([target?.host, target?.port, target?.notes], ['new.example', 2222, 'a: #1']);
    });
  }

  it('touches no other line where the list is written with marks', () => {
    assert.equal(withServer(estate, 'Two', { name: 'New', host: 'n' }), estate.replace('      host: c\n', '      host: c\n    - name: New\n      host: n\n'));
  });

  it('begins a file, and fills what is empty', () => {
    for (const text of ['', 'version: 1\n', 'version: 1\nservers:\n', 'version: 1\nservers: []\n', 'version: 1\nservers: [{name: Z, host: z}]\n', 'version: 1\r\nservers:\r\n  - name: Z\r\n    host: z']) {
      for (const group of [undefined, 'G']) {
        const made = withServer(text, group, { name: 'New', host: 'n', transport: 'local' });
        assert.deepEqual(where(made ?? '').find(([name]) => name === 'New'), ['New', group], text);
        assert.ok(!/(?<!\r)\n/.test(made!) || !text.includes('\r\n') || group !== undefined, JSON.stringify(made));
      }
    }
  });

  it('is refused where the file cannot be read', () => {
    for (const text of ['version: [', '- a\n', 'a: 1\n---\nb: 2\n', '['.repeat(1000)]) assert.equal(withServer(text, undefined, { name: 'New', host: 'n' }), undefined);
  });
});

describe('moving a server to another group', () => {
  it('takes the comments above it along and changes nothing else', () => {
    const made = withServerMoved(estate, 'A', undefined);
    assert.equal(made, estate.replace('      # about A\n      - name: A\n        host: a # here\n', '').replace('    host: d\n', '    host: d\n  # about A\n  - name: A\n    host: a # here\n'));
  });

  for (const [name, group] of [['D', 'One'], ['A', 'Two'], ['B', 'Empty'], ['C', 'One'], ['C', undefined], ['D', 'Brand new']] as const) {
    it(`${name} to ${group ?? 'outside of groups'}`, () => {
      const made = withServerMoved(estate, name, group);
      assert.deepEqual(where(made!).find(([moved]) => moved === name), [name, group]);
      assert.deepEqual(where(made!).map(([one]) => one).sort(), ['A', 'B', 'C', 'D']);
      for (const comment of comments) assert.ok(made!.includes(comment), `${comment} in ${made!}`);
    });
  }

  it('is refused where an alias would come to stand above its anchor', () => {
    const anchored = 'version: 1\ndefaults: {transport: ssh}\nservers:\n  - {name: A, host: a, user: &u me}\ngroups:\n  - name: G\n    servers:\n      - {name: B, host: b, user: *u}\n';
    assert.equal(withServerMoved(anchored, 'A', 'G'), undefined);
  });

  it('is nothing where the server is there already, or is nowhere', () => {
    assert.equal(withServerMoved(estate, 'A', 'One'), undefined);
    assert.equal(withServerMoved(estate, 'X', 'One'), undefined);
  });

  it('comes down to one small replacement', () => {
    assert.deepEqual(difference('abc', 'abXc'), { start: 2, end: 2, text: 'X' });
    assert.deepEqual(difference('aXa', 'aa'), { start: 1, end: 2, text: '' });
    assert.deepEqual(difference('same', 'same'), { start: 4, end: 4, text: '' });
  });
});

describe('a secret in a servers file', () => {
  const found = (text: string): ReturnType<typeof secretAt> => secretAt(text.replace('|', ''), text.indexOf('|'), '/home/me');
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['on a line of its own', 'version: 1\nservers:\n  - name: A # a\n    |password: hunter2 # old\n    host: a\n', 'version: 1\nservers:\n  - name: A # a\n    host: a\n', ['A']],
    ['on the last line', 'version: 1\nservers:\n  - name: A\n    |password: hunter2', 'version: 1\nservers:\n  - name: A\n', ['A']],
    ['beside the list mark', 'version: 1\nservers:\n  - |password: hunter2\n    name: A\n', 'version: 1\nservers:\n  - name: A\n', ['A']],
    ['inside of braces', 'version: 1\nservers:\n  - {name: A, |password: "hunter2", host: a}\n', 'version: 1\nservers:\n  - {name: A, host: a}\n', ['A']],
    ['at the end of braces', 'version: 1\nservers:\n  - {name: A, |password: hunter2}\n', 'version: 1\nservers:\n  - {name: A}\n', ['A']],
    ['of several lines', 'version: 1\nservers:\n  - name: A\n    |password: |-\n      hunter2\n    host: a\n', 'version: 1\nservers:\n  - name: A\n    host: a\n', ['A']],
    ['in a group\'s defaults', 'version: 1\ngroups:\n  - name: G\n    defaults:\n      |password: hunter2\n      user: u\n    servers: [{name: A}, {name: B}]\nservers: [{name: C}]\n', 'version: 1\ngroups:\n  - name: G\n    defaults:\n      user: u\n    servers: [{name: A}, {name: B}]\nservers: [{name: C}]\n', ['A', 'B']],
    ['in the file\'s defaults', 'version: 1\ndefaults: {|password: hunter2}\nservers: [{name: A}, {name: B}]\n', 'version: 1\ndefaults: {}\nservers: [{name: A}, {name: B}]\n', ['A', 'B']],
    ['behind an alias', 'version: 1\nx-a: {notes: &p hunter2}\nservers:\n  - {name: A, |password: *p}\n', 'version: 1\nx-a: {notes: &p hunter2}\nservers:\n  - {name: A}\n', ['A']],
  ];
  for (const [what, text, rest, servers] of cases) {
    it(`is taken out ${what}`, () => {
      const secret = found(text);
      assert.equal(secret?.value, 'hunter2');
      assert.equal(secret.rest, rest);
      assert.deepEqual(secret.servers.map(({ name }) => name), servers);
    });
  }

  it('that looks like a number keeps its digits; a passphrase is told apart', () => {
    assert.equal(found('version: 1\nservers: [{name: A, |password: 0012}]\n')?.value, '0012');
    assert.equal(found('version: 1\nservers: [{name: A, |passphrase: x}]\n')?.passphrase, true);
  });

  it('is not found where no key stands', () => {
    assert.equal(found('version: 1\n|\n'), undefined);
    assert.equal(found('version: 1\nservers: [{name: A, |password: }]\n'), undefined);
  });
});
