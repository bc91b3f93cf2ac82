import assert from 'node:assert/strict';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import type { ProblemCode } from '../../../src/inventory/problem.ts';
import { lineAndColumn, marked } from './marked.ts';

/** A valid file around one server's lines. */
function server(lines: string): string {
  return `version: 1\nservers:\n  - name: A\n    host: a.example\n    user: u\n    transport: ssh\n${lines}`;
}

/** A valid file around further keys of one WinRM server. */
function winrm(keys: string): string {
  return `version: 1\nservers:\n  - {name: A, host: a, user: u, transport: winrm, ${keys}}\n`;
}

/** What is wrong; the file with the place marked; the code; what is suggested; what the message says. */
type Case = readonly [string, string, ProblemCode, (string | undefined)?, RegExp?];

const errors: readonly Case[] = [
  ['an empty file', '«»', 'version'],
  ['a file of comments', '«»# nothing yet\n', 'version'],
  ['a list as the file', '«- a\n»', 'wrong-type'],
  ['text as the file', '«hello»', 'wrong-type'],
  ['no version', '«»servers: []\n', 'version'],
  ['a later version', 'version: «2»\n', 'version'],
  ['a version in quotes', 'version: «"1"»\n', 'version'],
  ['a version without value', '«version»:\nservers: []\n', 'version'],
  ['an unknown key of the file', 'version: 1\n«server»: []\n', 'unknown-key', 'servers', /did you mean servers/],
  ['an unknown key of the file, nothing near', 'version: 1\n«colour»: red\n', 'unknown-key', undefined, /version, defaults, groups, servers/],
  ['a server key on top', 'version: 1\n«host»: a\n', 'misplaced-key'],
  ['an unknown key of a server', server('    «identity_file»: ~/id\n'), 'unknown-key', 'identityFile'],
  ['a key in another case', server('    «Port»: 22\n'), 'unknown-key', 'port'],
  ['a key with two letters swapped', server('    «prot»: 22\n'), 'unknown-key', 'port'],
  ['an unknown key of a group', 'version: 1\ngroups:\n  - name: G\n    «Servers»: []\n', 'unknown-key', 'servers'],
  ['a group in a group', 'version: 1\ngroups:\n  - name: G\n    «groups»: []\n', 'misplaced-key'],
  ['a name in defaults', 'version: 1\ndefaults:\n  «name»: A\n', 'misplaced-key'],
  ['a host in defaults', 'version: 1\ndefaults:\n  «host»: a\n', 'misplaced-key'],
  ['a key that is a list', 'version: 1\n? «[a]»\n: 1\n', 'unknown-key'],
  ['a key that is a number', 'version: 1\n«7»: 1\n', 'unknown-key'],
  ['a key twice', server('    port: 22\n    «port»: 23\n'), 'duplicate-key'],
  ['a password', server('    «password»: hunter2\n'), 'secret-in-file'],
  ['a password in defaults', 'version: 1\ndefaults: {«Password»: hunter2}\n', 'secret-in-file'],
  ['a mistyped password', server('    «passwrd»: hunter2\n'), 'secret-in-file'],
  ['a passphrase', server('    «key-passphrase»: hunter2\n'), 'secret-in-file'],
  ['a client secret on top', 'version: 1\n«clientSecret»: hunter2\n', 'secret-in-file'],
  ['a program', server('    «proxyCommand»: nc %h %p\n'), 'executable-in-file'],
  ['a PowerShell', 'version: 1\ndefaults:\n  «powershellPath»: /tmp/evil\n', 'executable-in-file'],
  ['a missing host', 'version: 1\nservers:\n  - name: «A»\n    user: u\n    transport: ssh\n', 'missing-key', undefined, /host/],
  ['a missing name', 'version: 1\nservers:\n  - «»host: a\n    user: u\n    transport: ssh\n', 'missing-key', undefined, /name/],
  ['a missing transport', 'version: 1\nservers:\n  - {name: «A», host: a, user: u}\n', 'missing-key', undefined, /transport/],
  ['a key log-on without a key', server('    «auth»: key\n'), 'missing-key', undefined, /identityFile/],
  ['a group without name', 'version: 1\ngroups:\n  - «»servers: []\n', 'missing-key'],
  ['a host without value', 'version: 1\nservers:\n  - name: A\n    «host»:\n    user: u\n    transport: ssh\n', 'wrong-type'],
  ['a host that is a list', 'version: 1\nservers:\n  - {name: A, host: «[a]», user: u, transport: ssh}\n', 'wrong-type'],
  ['a host that is a number', 'version: 1\nservers:\n  - {name: A, host: «10», user: u, transport: ssh}\n', 'wrong-type', undefined, /quotes/],
  ['a host with a port', 'version: 1\nservers:\n  - {name: A, host: «"a:22"», user: u, transport: ssh}\n', 'bad-value'],
  ['a host with a user', 'version: 1\nservers:\n  - {name: A, host: «u@a», user: u, transport: ssh}\n', 'bad-value'],
  ['a host that is an option', 'version: 1\nservers:\n  - {name: A, host: «-oProxyCommand=x», user: u, transport: ssh}\n', 'bad-value'],
  ['a user that is true', 'version: 1\nservers:\n  - {name: A, host: a, user: «true», transport: ssh}\n', 'wrong-type'],
  ['a name of spaces', 'version: 1\nservers:\n  - {name: «"  "», host: a, user: u, transport: ssh}\n', 'bad-value'],
  ['a name with a line break', 'version: 1\nservers:\n  - {name: «"a\\nb"», host: a, user: u, transport: ssh}\n', 'bad-value'],
  ['a very long name', `version: 1\nservers:\n  - {name: «${'n'.repeat(101)}», host: a, user: u, transport: ssh}\n`, 'bad-value'],
  ['a port of 0', server('    port: «0»\n'), 'bad-value'],
  ['a port too high', server('    port: «65536»\n'), 'bad-value'],
  ['half a port', server('    port: «22.5»\n'), 'bad-value'],
  ['a port in quotes', server('    port: «"22"»\n'), 'wrong-type'],
  ['an unknown role', server('    role: «activ»\n'), 'bad-value', 'active'],
  ['an unknown transport', 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: «shh»}\n', 'bad-value', 'ssh'],
  ['a log-on of WinRM over SSH', server('    «auth»: kerberos\n'), 'contradiction'],
  ['a log-on of SSH over WinRM', winrm('«auth»: password'), 'contradiction'],
  ['a readable password', winrm('auth: basic, «scheme»: http'), 'basic-over-http', undefined, /https/],
  ['a client certificate without TLS', winrm('auth: certificate, «scheme»: http, certificateFile: /c.pem, keyFile: /k.pem'), 'contradiction', undefined, /https/],
  ['a client certificate without its key', winrm('«auth»: certificate, certificateFile: /c.pem'), 'missing-key', undefined, /keyFile/],
  ['a log-on by NTLM without a user', 'version: 1\nservers:\n  - {name: A, host: a, transport: winrm, «auth»: ntlm}\n', 'missing-key', undefined, /needs user/],
  ['a jump host with an option in it', server('    jump: «-oProxyCommand=x»\n'), 'unknown-jump'],
  ['a jump host with a port that is none', server('    jump: «gate:99999»\n'), 'unknown-jump'],
  ['a jump host that is the server itself', server('    jump: «A»\n'), 'jump-cycle', undefined, /A → A/],
  ['a jump host of a circle', 'version: 1\ndefaults: {transport: ssh, user: u}\nservers:\n  - {name: A, host: a, jump: «B»}\n  - {name: B, host: b, jump: "gate, «B»"}\n', 'jump-cycle', undefined, /A → B → B/],
  ['a jump host over WinRM', 'version: 1\nservers:\n  - {name: A, host: a, transport: ssh, jump: «B»}\n  - {name: B, host: b, transport: winrm}\n', 'contradiction', undefined, /over ssh/],
  ['a relative key file', server('    identityFile: «keys/id»\n'), 'bad-value'],
  ['a key file of another user', server('    identityFile: «~root/id»\n'), 'bad-value'],
  ['servers that are no list', 'version: 1\nservers: «{A: 1}»\n', 'wrong-type'],
  ['a server that is text', 'version: 1\nservers:\n  - «A»\n', 'wrong-type'],
  ['a server that is nothing', 'version: 1\nservers:\n  -«»\n', 'wrong-type'],
  ['a group that is a list', 'version: 1\ngroups:\n  - «[A]»\n', 'wrong-type'],
  ['defaults that are a list', 'version: 1\ndefaults: «[ssh]»\n', 'wrong-type'],
  ['an alias without anchor', 'version: 1\nservers:\n  - {name: A, host: a, transport: ssh, user: «*u»}\n', 'alias'],
  ['an alias of what stands below', 'version: 1\nservers:\n  - {name: A, host: a, transport: ssh, user: «*u»}\n  - {name: B, host: b, transport: ssh, user: &u me}\n', 'alias'],
  ['an alias of a wrong value', 'version: 1\nservers:\n  - {name: A, host: a, transport: ssh, user: u, notes: &n x}\n  - {name: B, host: b, transport: ssh, user: u, role: «*n»}\n', 'bad-value'],
  ['an alias as an entry', 'version: 1\nservers:\n  - &a {name: A, host: a, transport: ssh, user: u}\n  - «*a»\n', 'alias'],
  ['a list of servers twice', 'version: 1\nservers: &s\n  - {name: A, host: a, transport: ssh, user: u}\ngroups:\n  - {name: G, servers: «*s»}\n', 'alias'],
  ['a merge of nothing', 'version: 1\nservers:\n  - {<<: «*x», name: A, host: a, transport: ssh, user: u}\n', 'alias'],
  ['a merge of text', 'version: 1\nservers:\n  - {<<: «hello», name: A, host: a, transport: ssh, user: u}\n', 'alias'],
  ['a merge of itself', 'version: 1\nservers:\n  - &a {<<: «*a», name: A, host: a, transport: ssh, user: u}\n', 'alias'],
  ['what a merge brings that defaults cannot hold', 'version: 1\nx-a: &a {host: a}\ndefaults: {<<: «*a»}\n', 'misplaced-key'],
  ['a secret in a template', 'version: 1\nx-a: {«password»: hunter2}\n', 'secret-in-file'],
  ['a template that is a list', 'version: 1\nx-a: «[]»\n', 'wrong-type'],
  ['an alias as a list', 'version: 1\ngroups:\n  - {name: &s G, servers: «*s»}\n', 'alias'],
  ['a second server of a name', 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: ssh}\n  - {name: «A», host: b, user: u, transport: ssh}\n', 'duplicate-server'],
  ['a second server of a name in another group', 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: ssh}\ngroups:\n  - name: G\n    servers:\n      - {name: «a», host: b, user: u, transport: ssh}\n', 'duplicate-server'],
  ['a second group of a name', 'version: 1\ngroups:\n  - name: G\n  - name: «g»\n', 'duplicate-group'],
  ['a second document', 'version: 1\n«---»\nversion: 1\n', 'several-documents'],
  ['a tab', 'version: 1\nservers:\n«\t»- {name: A, host: a, user: u, transport: ssh}\n', 'syntax', undefined, /Tabs/],
  ['an unknown tag', 'version: 1\nservers: «!!js/function» []\n', 'syntax'],
];

describe('problems of a servers file', () => {
  for (const [what, text, code, suggestion, message] of errors) {
    it(`places ${what}`, () => {
      const expected = marked(text);
      const { problems } = parseServersFile(expected.text, { home: '/home/me' });
      assert.deepEqual(problems.map((problem) => [problem.code, problem.range.start.offset, problem.range.end.offset]), expected.places.map(({ start, end }) => [code, start, end]));
      const [problem] = problems;
      for (const end of ['start', 'end'] as const) {
        const { offset, ...position } = problem!.range[end];
        assert.deepEqual(position, lineAndColumn(expected.text, offset));
      }
      assert.equal(problem!.suggestion, suggestion);
      if (message !== undefined) assert.match(problem!.message, message);
      assert.doesNotMatch(JSON.stringify(problem), /hunter2/);
    });
  }

  it('warns of what has no effect over SSH', () => {
    const { text, places } = marked(server('    «scheme»: https\n    «caFile»: /etc/ca.pem\n'));
    const { problems, servers } = parseServersFile(text, { home: '/' });
    assert.deepEqual(problems.map((problem) => [problem.severity, problem.code, problem.range.start.offset]), places.map(({ start }) => ['warning', 'no-effect', start]));
    assert.notEqual(servers[0]?.target, undefined);
  });

  it('warns of what has no effect over WinRM, and not of what is inherited', () => {
    const { text, places } = marked('version: 1\ndefaults: {transport: winrm, auth: password, identityFile: ~/id}\nservers:\n  - {name: A, host: a, «identityFile»: ~/own}\n');
    const { problems, servers } = parseServersFile(text, { home: '/' });
    assert.deepEqual(problems.map((problem) => [problem.severity, problem.code, problem.range.start.offset]), places.map(({ start }) => ['warning', 'no-effect', start]));
    assert.equal(servers[0]?.target?.winrm?.auth, 'negotiate');
  });

  it('reports every problem of a file, in its order, and still shows every server', () => {
    const { text, places } = marked('version: 1\nservers:\n  - name: A\n    host: «1»\n    «usr»: u\n    user: u\n    transport: ssh\n  - {name: B, host: b, user: u, transport: «telnet»}\n  - {name: C, host: c, user: u, transport: ssh}\n');
    const { problems, servers } = parseServersFile(text, { home: '/' });
    assert.deepEqual(problems.map((problem) => problem.range.start.offset), places.map(({ start }) => start));
    assert.deepEqual(servers.map((entry) => [entry.name, entry.target === undefined]), [['A', true], ['B', true], ['C', false]]);
  });

  it('counts columns as editors do behind a byte order mark and with CR LF', () => {
    const [first] = parseServersFile('\ufeffversions: 1\r\n', { home: '/' }).problems;
    assert.deepEqual(first?.range, { start: { offset: 1, line: 0, column: 0 }, end: { offset: 9, line: 0, column: 8 } });
    const text = '\ufeffversion: 1\r\nservers:\r\n  - {name: A, host: a, user: u, transport: ssh, prot: 1}\r\n';
    const { problems: [second] } = parseServersFile(text, { home: '/' });
    assert.deepEqual(second?.range.start, { offset: text.indexOf('prot'), line: 2, column: 48 });
  });

  it('says once where one mistake gives several syntax errors, and never quotes the file', () => {
    const { problems } = parseServersFile('version: 1\nservers:\n  - {name: A, password: |hunter2\n', { home: '/' });
    assert.ok(problems.some((problem) => problem.code === 'syntax'));
    assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
  });
});
