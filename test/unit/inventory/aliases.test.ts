import assert from 'node:assert/strict';
import { mostMerged } from '../../../src/inventory/aliases.ts';
import { parseServersFile, type ServersFile } from '../../../src/inventory/parse.ts';

const read = (text: string): ServersFile => parseServersFile(text, { home: '/home/me' });
const clean = (text: string): ServersFile => {
  const file = read(text);
  assert.deepEqual(file.problems, []);
  return file;
};

describe('anchors, aliases and merge keys of a servers file', () => {
  it('give the anchored value, wherever a value may stand', () => {
    const { servers } = clean('version: 1\ndefaults: {transport: ssh, user: &u CONTOSO\\me}\nservers:\n  - {name: A, host: &h a.example}\n  - {name: B, host: *h, port: &p 2222, notes: *u}\n  - {name: C, host: *h, port: *p}\n');
    assert.deepEqual(servers.map(({ target }) => [target?.host, target?.user, target?.port, target?.notes]), [
      ['a.example', 'CONTOSO\\me', undefined, undefined], ['a.example', 'CONTOSO\\me', 2222, 'CONTOSO\\me'], ['a.example', 'CONTOSO\\me', 2222, undefined],
    ]);
  });

  it('mean the last anchor of a name above them', () => {
    const { servers } = clean('version: 1\ndefaults: {transport: ssh, user: &u one}\nservers:\n  - {name: A, host: a, user: *u}\n  - {name: B, host: b, user: &u two}\n  - {name: C, host: c, user: *u}\n');
    assert.deepEqual(servers.map(({ target }) => target?.user), ['one', 'two', 'two']);
  });

  it('inherit: own keys, then what is merged, then the group\'s defaults, then the file\'s', () => {
    const { servers } = clean(`version: 1
x-staging: &staging {role: staging, port: 3, user: template}
defaults: &all {transport: ssh, user: file, port: 1, role: active, identityFile: ~/file}
groups:
  - name: One
    defaults: {<<: *all, user: group, port: 2}
    servers:
      - {<<: *staging, name: A, host: a, port: 4}
      - {name: B, host: b}
`);
    assert.deepEqual(servers.map(({ target }) => [target?.role, target?.port, target?.user, target?.identityFile]), [['staging', 4, 'template', '/home/me/file'], ['active', 2, 'group', '/home/me/file']]);
  });

  it('merge lists of mappings, the first one first, and what those merge themselves', () => {
    const { servers } = clean('version: 1\nx-a: &a {port: 1, transport: ssh}\nx-b: &b {<<: *a, port: 2, user: b}\nx-c: &c {user: c, role: staging}\nservers:\n  - {<<: [*b, *c], name: A, host: a}\n');
    assert.deepEqual(servers.map(({ target }) => [target?.port, target?.user, target?.role]), [[2, 'b', 'staging']]);
  });

  it('copy another entry into one with a name of its own', () => {
    const { servers } = clean('version: 1\nservers:\n  - &a\n    name: A\n    host: a\n    user: u\n    transport: ssh\n  - <<: *a\n    name: B\n    host: b\n');
    assert.deepEqual(servers.map(({ name, target }) => [name, target?.host, target?.user]), [['A', 'a', 'u'], ['B', 'b', 'u']]);
  });

  it('leave << in quotes an unknown key', () => {
    assert.deepEqual(read('version: 1\nx-a: &a {port: 1}\ndefaults: {"<<": *a}\n').problems.map(({ code }) => code), ['unknown-key']);
  });

  it('never multiply without end', () => {
    const wide = Array.from({ length: 1000 }, (_, at) => `k${at}: 1`).join(', ');
    const merging = Array.from({ length: 400 }, (_, at) => `  - {<<: *w, name: S${at}, host: h, transport: ssh, user: u}`).join('\n');
    assert.ok(1000 * 400 > mostMerged);
    const { servers } = read(`version: 1\nx-w: &w {${wide}}\nservers:\n${merging}\n`);
    assert.ok(servers.every((entry) => entry.target === undefined));
    const doubling = Array.from({ length: 25 }, (_, at) => `x-${at + 1}: &a${at + 1} {<<: [*a${at}, *a${at}, *a${at}, *a${at}]}`).join('\n');
    assert.ok(read(`version: 1\nx-0: &a0 {port: 1}\n${doubling}\ndefaults: {<<: *a25}\n`).problems.length > 0);
  });
});

describe('jump hosts of a servers file', () => {
  const cycles = (text: string): number[] => read(text).problems.filter(({ code }) => code === 'jump-cycle').map(({ range }) => range.start.line);

  it('may not lead back to where they began', () => {
    assert.deepEqual(cycles('version: 1\ndefaults: {transport: ssh, user: u}\nservers:\n  - {name: A, host: a, jump: b}\n  - {name: B, host: b, jump: "x.example,C"}\n  - {name: C, host: c, jump: a}\n  - {name: D, host: d, jump: A}\n'), [3, 4, 5, 6]);
    assert.deepEqual(cycles('version: 1\ndefaults: {transport: ssh, user: u}\nservers:\n  - {name: A, host: a, jump: A}\n'), [3]);
  });

  it('may be one bastion for all, itself reached directly', () => {
    assert.deepEqual(cycles('version: 1\ndefaults: {transport: ssh, user: u, jump: B}\nservers:\n  - {name: A, host: a}\n  - {name: B, host: b}\n'), []);
  });
});
