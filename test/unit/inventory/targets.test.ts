import assert from 'node:assert/strict';
import { parseServersFile } from '../../../src/inventory/parse.ts';
import { expandHome, toSessionTarget, type Target } from '../../../src/inventory/target.ts';

const home = '/home/me';

/** The targets of a file that must have no problem. */
function targets(text: string): Target[] {
  const { servers, problems } = parseServersFile(text, { home });
  assert.deepEqual(problems, []);
  return servers.map((entry) => {
    assert.notEqual(entry.target, undefined);
    return entry.target!;
  });
}

describe('targets of a servers file', () => {
  it('take an entry\'s own keys, then its group\'s defaults, then the file\'s', () => {
    const [a, b, c] = targets(`
version: 1
defaults: {transport: ssh, user: file, port: 1, role: active, identityFile: ~/file}
groups:
  - name: One
    defaults: {user: group, port: 2}
    servers:
      - {name: A, host: a, user: own}
      - {name: B, host: b}
servers:
  - {name: C, host: c}
`).sort((one, other) => one.name.localeCompare(other.name));
    assert.deepEqual([a, b, c].map((target) => [target!.user, target!.port, target!.role, target!.identityFile]), [
      ['own', 2, 'active', '/home/me/file'], ['group', 2, 'active', '/home/me/file'], ['file', 1, 'active', '/home/me/file'],
    ]);
  });

  it('carry everything that an entry says', () => {
    const [target] = targets(`
version: 1
servers:
  - name: Staging server
    host: aadc02.contoso.example
    computerName: AADC02
    serviceAccount: CONTOSO\\svc-aadc
    role: staging
    transport: ssh
    port: 2222
    user: CONTOSO\\admin
    auth: key
    identityFile: '\\\\nas\\keys\\id'
    notes: |
      Rack 7
      ask Kim
`);
    assert.deepEqual(target, {
      name: 'Staging server', host: 'aadc02.contoso.example', computerName: 'AADC02', serviceAccount: 'CONTOSO\\svc-aadc', role: 'staging', transport: 'ssh', port: 2222,
      user: 'CONTOSO\\admin', auth: 'key', identityFile: '\\\\nas\\keys\\id', winrm: undefined, jump: undefined, notes: 'Rack 7\nask Kim\n',
    });
    assert.deepEqual(toSessionTarget(target), { name: 'Staging server', host: 'aadc02.contoso.example', transport: 'ssh', port: 2222, user: 'CONTOSO\\admin', identityFile: '\\\\nas\\keys\\id', winrm: undefined, auth: 'key' });
  });

  it('say how WinRM is reached, encrypted by messages unless the log-on needs TLS', () => {
    const found = targets(`
version: 1
defaults: {transport: winrm, caFile: ~/ca.pem}
servers:
  - {name: A, host: a}
  - {name: B, host: b, scheme: https, auth: ntlm, user: u}
  - {name: C, host: c, auth: basic, user: u}
  - {name: D, host: d, certificateFile: ~/c.pem, keyFile: /k.pem}
  - {name: E, host: e, auth: kerberos, port: 15985}
`).map(({ port, winrm }) => [port, winrm]);
    const caFile = '/home/me/ca.pem';
    const none = { caFile, certificateFile: undefined, keyFile: undefined };
    assert.deepEqual(found, [
      [undefined, { scheme: 'http', auth: 'negotiate', ...none }],
      [undefined, { scheme: 'https', auth: 'ntlm', ...none }],
      [undefined, { scheme: 'https', auth: 'basic', ...none }],
      [undefined, { scheme: 'https', auth: 'certificate', caFile, certificateFile: '/home/me/c.pem', keyFile: '/k.pem' }],
      [15985, { scheme: 'http', auth: 'kerberos', ...none }],
    ]);
  });

  it('ask for a password where no key is given, or where the entry says so', () => {
    const [plain, said] = targets('version: 1\ndefaults: {transport: ssh, user: u}\nservers:\n  - {name: A, host: a}\n  - {name: B, host: b, auth: password, identityFile: ~/id}\n');
    assert.deepEqual([plain?.auth, plain?.identityFile, said?.auth, said?.identityFile], [undefined, undefined, 'password', undefined]);
  });

  it('need neither host nor user on this machine', () => {
    const [target] = targets('version: 1\nservers: [{name: Here, transport: local}]\n');
    assert.deepEqual([target?.host, target?.user, target?.transport], ['localhost', undefined, 'local']);
  });

  for (const host of ['a', 'aadc01.contoso.example', '10.0.0.1', '::1', 'fe80::1%eth0', 'bücher.example', 'under_score']) {
    it(`take the host ${host}`, () => { assert.equal(targets(`version: 1\nservers: [{name: A, host: "${host}", user: u, transport: ssh}]\n`)[0]?.host, host); });
  }

  it('are not made where a jump host is inherited: another machine would be reached', () => {
    const { servers } = parseServersFile('version: 1\ndefaults: {transport: ssh, user: u, jump: [b]}\nservers:\n  - {name: A, host: a}\n', { home });
    assert.deepEqual(servers.map((entry) => entry.target), [undefined]);
  });

  for (const [what, text] of [
    ['defaults of the file', 'version: 1\ndefaults: {transport: ssh, user: u, port: 99999}\nservers:\n  - {name: A, host: a}\n'],
    ['defaults of the group', 'version: 1\ngroups:\n  - name: G\n    defaults: {transport: ssh, user: u, prot: 2222}\n    servers:\n      - {name: A, host: a}\n'],
    ['the file\'s syntax', 'version: 1\nservers:\n  - {name: A, host: a, user: u, transport: ssh}\n  - {name: B, host: "b}\n'],
  ] as const) {
    it(`are not made where ${what} has an error: what was meant is unknown`, () => {
      const { servers, problems } = parseServersFile(text, { home });
      assert.notEqual(problems.length, 0);
      assert.equal(servers[0]?.name, 'A');
      assert.equal(servers[0].target, undefined);
    });
  }

  it('stand in groups and in the file\'s order', () => {
    const file = parseServersFile('version: 1\ngroups:\n  - name: One\n    servers: [{name: B, transport: local}]\n  - name: Two\n  - {name: Three, servers: }\nservers: [{name: A, transport: local}]\n', { home });
    assert.deepEqual(file.problems, []);
    assert.deepEqual(file.groups.map((group) => [group.name, group.servers.map((entry) => entry.name)]), [['One', ['B']], ['Two', []], ['Three', []]]);
    assert.deepEqual(file.servers.map((entry) => [entry.name, entry.group]), [['B', 'One'], ['A', undefined]]);
  });

  it('know where their entry and its name stand', () => {
    const text = 'version: 1\nservers:\n  - name: "A"\n    transport: local\n';
    const [entry] = parseServersFile(text, { home }).servers;
    assert.equal(text.slice(entry!.nameRange.start.offset, entry!.nameRange.end.offset), '"A"');
    assert.equal(text.slice(entry!.range.start.offset, entry!.range.end.offset), 'name: "A"\n    transport: local\n');
  });

  it('expand ~ only where it is the home folder', () => {
    assert.deepEqual(['~', '~/id', '~\\id', '~me/id', '/a/~/b'].map((path) => expandHome(path, home)), ['/home/me', '/home/me/id', '/home/me\\id', '~me/id', '/a/~/b']);
  });

  it('has the way to a server: named entries with their own way, and hosts of the network', () => {
    const [a, gate, outer] = targets('version: 1\ndefaults: {transport: ssh, user: u}\nservers:\n  - {name: A, host: a, jump: "Gate, kim@[fe80::1]:2200"}\n  - {name: gate, host: g, port: 2222, identityFile: ~/g, jump: outer}\n  - {name: outer, host: o, jump: none}\n');
    assert.deepEqual(a?.jump, [
      { name: 'outer', host: 'o', port: undefined, user: 'u', identityFile: undefined, direct: true },
      { name: 'gate', host: 'g', port: 2222, user: 'u', identityFile: `${home}/g`, auth: 'key' },
      { name: 'fe80::1', host: 'fe80::1', port: 2200, user: 'kim', identityFile: undefined },
    ]);
    assert.deepEqual(gate?.jump?.map((hop) => hop.name), ['outer']);
    assert.deepEqual(outer?.jump, []);
  });

  it('needs no exception for the jump host that the defaults name', () => {
    const [a, gate] = targets('version: 1\ndefaults: {transport: ssh, jump: gate}\nservers:\n  - {name: A, host: a}\n  - {name: gate, host: g}\n');
    assert.deepEqual([a?.jump?.map((hop) => hop.host), gate?.jump], [['g'], undefined]);
  });

  it('may leave the user to ssh_config', () => {
    assert.equal(targets('version: 1\nservers:\n  - {name: A, host: alias, transport: ssh, auth: agent}\n')[0]?.auth, 'agent');
  });
});
