import assert from 'node:assert/strict';
import { SshConfigError } from '../../../../src/remote/ssh/config/error.ts';
import type { SshSettings, Stated } from '../../../../src/remote/ssh/config/settings.ts';
import { settingsOf, systemConfig, userConfig } from './memory.ts';

/** Text of ssh_config, what the servers file states, and what must come out. */
type Row = readonly [what: string, text: string, stated: Partial<Stated>, expected: Partial<SshSettings>];

const rows: readonly Row[] = [
  ['nothing: OpenSSH\'s defaults', '', {}, { hostName: 'aadc01', port: 22, user: undefined, proxy: { kind: 'none' }, identitiesOnly: false, unknownKeys: 'ask', methods: ['publickey', 'keyboard-interactive', 'password'] }],
  ['an alias', 'Host aadc01\n  HostName 10.0.0.5\n  Port 2222\n  User CONTOSO\\admin\n', {}, { hostName: '10.0.0.5', port: 2222, user: 'CONTOSO\\admin' }],
  ['keywords in any case, = and quotes', 'HOST=aadc01\n\thostname = "10.0.0.6" # the new one\nuser="Kim Vu"\n', {}, { hostName: '10.0.0.6', user: 'Kim Vu' }],
  ['the servers file wins', 'Host *\nPort 2222\nUser other\n', { port: 22, user: 'engineer' }, { port: 22, user: 'engineer' }],
  ['the first value wins', 'Host aadc01\n User first\nHost *\n User second\n Port 2\n', {}, { user: 'first', port: 2 }],
  ['values before any Host', 'User everywhere\nHost aadc01\n User here\n', {}, { user: 'everywhere' }],
  ['host patterns ignore case', 'Host AADC0?\n Port 7\n', {}, { port: 7 }],
  ['a negated pattern overrules', 'Host aadc* !aadc01\n Port 7\n', {}, { port: 22 }],
  ['a negated pattern alone matches nothing', 'Host !other\n Port 7\n', {}, { port: 22 }],
  ['%h in HostName', 'Host aadc01\n HostName %h.corp.example\n', {}, { hostName: 'aadc01.corp.example' }],
  ['Match host sees HostName', 'Host aadc01\n HostName a.corp.example\nMatch host *.corp.example\n Port 7\n', {}, { port: 7 }],
  ['Match originalhost does not', 'Host aadc01\n HostName a.corp.example\nMatch originalhost *.corp.example\n Port 7\n', {}, { port: 22 }],
  ['Match user sees the servers file', 'Match user engineer\n Port 7\n', { user: 'engineer' }, { port: 7 }],
  ['Match user sees an earlier User', 'User other\nMatch user other\n Port 7\n', {}, { port: 7 }],
  ['Match with several conditions', 'Match host aadc01 localuser kim user=engineer\n Port 7\n', { user: 'engineer' }, { port: 7 }],
  ['Match with one that does not hold', 'Match host aadc01 localuser root\n Port 7\n', {}, { port: 22 }],
  ['Match negated', 'Match !host other*\n Port 7\n', {}, { port: 7 }],
  ['Match all', 'Match all\n Port 7\n', {}, { port: 7 }],
  ['Match final in a second reading, which only fills gaps', 'Match final host aadc01\n Port 7\n User late\nHost *\n User early\n', {}, { port: 7, user: 'early' }],
  ['ProxyJump before ProxyCommand', 'ProxyJump gate\nProxyCommand nc %h %p\n', {}, { proxy: { kind: 'jump', hops: [{ host: 'gate', port: undefined, user: undefined }], where: `${userConfig}:1` } }],
  ['ProxyCommand before ProxyJump, as it stands', 'ProxyCommand "my nc" %h %p # no comment\nProxyJump gate\n', {}, { proxy: { kind: 'command', template: '"my nc" %h %p # no comment', where: `${userConfig}:1` } }],
  ['ProxyJump none', 'Host aadc01\n ProxyJump none\nHost *\n ProxyJump gate\n', {}, { proxy: { kind: 'none' } }],
  ['several hops', 'ProxyJump a@b@gate:2200,ssh://[fe80::1]:22\n', {}, { proxy: { kind: 'jump', hops: [{ host: 'gate', port: 2200, user: 'a@b' }, { host: 'fe80::1', port: 22, user: undefined }], where: `${userConfig}:1` } }],
  ['identity files add up, with tokens and variables', 'Host aadc01\n IdentityFile ~/.ssh/%n_%r\n IdentityFile "${KEYS}/my id"\nHost *\n IdentityFile %d/.ssh/all%%\n', { user: 'engineer' },
    { identityFiles: [{ path: '/home/kim/.ssh/aadc01_engineer', given: true }, { path: '/keys/my id', given: true }, { path: '/home/kim/.ssh/all%', given: true }] }],
  ['IdentityFile none', 'IdentityFile none\n', {}, { identityFiles: [] }],
  ['IdentitiesOnly', 'IdentitiesOnly yes\n', {}, { identitiesOnly: true }],
  ['IdentityAgent', 'IdentityAgent ~/.1password/agent.sock\n', {}, { identityAgent: '/home/kim/.1password/agent.sock' }],
  ['IdentityAgent by name', 'IdentityAgent SSH_AUTH_SOCK\n', {}, { identityAgent: '/run/agent' }],
  ['IdentityAgent by variable', 'IdentityAgent $KEYS\n', {}, { identityAgent: '/keys' }],
  ['IdentityAgent none', 'IdentityAgent none\n', {}, { identityAgent: 'none' }],
  ['a Windows pipe', 'IdentityAgent \\\\.\\pipe\\openssh-ssh-agent\n', {}, { identityAgent: '\\\\.\\pipe\\openssh-ssh-agent' }],
  ['a Windows pipe with doubled backslashes', 'IdentityAgent "\\\\\\\\.\\\\pipe\\\\pageant.kim.01"\n', {}, { identityAgent: '\\\\.\\pipe\\pageant.kim.01' }],
  ['known_hosts files', 'UserKnownHostsFile ~/kh1 /kh2\nGlobalKnownHostsFile none\n', {}, { userKnownHostsFiles: ['/home/kim/kh1', '/kh2'], globalKnownHostsFiles: [] }],
  ['StrictHostKeyChecking yes', 'StrictHostKeyChecking yes\n', {}, { unknownKeys: 'refuse' }],
  ['StrictHostKeyChecking accept-new', 'StrictHostKeyChecking accept-new\n', {}, { unknownKeys: 'accept' }],
  ['StrictHostKeyChecking no is ask, and said', 'StrictHostKeyChecking no\n', {}, { unknownKeys: 'ask', notes: [`${userConfig}:1: StrictHostKeyChecking no is taken as ask: a host key is never ignored here`] }],
  ['HostKeyAlias', 'HostKeyAlias cluster\n', {}, { hostKeyAlias: 'cluster' }],
  ['times', 'ConnectTimeout 1m30s\nServerAliveInterval 5\nServerAliveCountMax 2\n', {}, { connectTimeout: 90_000, aliveInterval: 5000, aliveCount: 2 }],
  ['ConnectTimeout 0 is the default', 'ConnectTimeout 0\n', {}, { connectTimeout: undefined }],
  ['methods switched off and ordered', 'PreferredAuthentications gssapi-with-mic,password,publickey\nPubkeyAuthentication no\n', {}, { methods: ['password'] }],
  ['an old name of keyboard-interactive', 'ChallengeResponseAuthentication no\n', {}, { methods: ['publickey', 'password'] }],
  ['Windows line ends and a byte order mark', '\ufeffHost aadc01\r\n\tPort 7\r\n', {}, { port: 7 }],
  ['Match exec is never run', 'Match exec "touch /tmp/ran"\n Port 7\nHost *\n User u\n', {}, { port: 22, user: 'u', notes: [`${userConfig}:1: Match exec is never run here, so this part does not apply`] }],
  ['nor does its negation hold', 'Match !exec "false" host aadc01\n Port 7\n', {}, { port: 22 }],
  ['unknown keywords are left', 'Frobnicate yes\nPort 7\n', {}, { port: 7 }],
];

/** Text that must be refused, at which line, and what the message has to say. */
const refused: readonly (readonly [what: string, text: string, line: number, says: RegExp])[] = [
  ['a port that is none', '\nPort ssh\n', 2, /Port must be/],
  ['an unclosed quote', 'Host "aadc01\n', 1, /quote is not closed/],
  ['a jump host with an option in it', 'ProxyJump -oProxyCommand=x\n', 1, /ProxyJump needs/],
  ['an unknown token', 'IdentityFile ~/%X\n', 1, /token %X/],
  ['a variable that is not set', 'IdentityFile ${NOPE}/id\n', 1, /NOPE is not set/],
  ['neither yes nor no', 'IdentitiesOnly perhaps\n', 1, /yes or no/],
  ['Match without a value', 'Match host\n', 1, /needs a value/],
  ['a file that includes itself', 'Include config\n', 1, /16 files deep/],
];

describe('ssh_config', () => {
  for (const [what, text, stated, expected] of rows) {
    it(`follows ${what}`, async () => {
      const settings = await settingsOf(text, stated);
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(settings[key as keyof SshSettings], value, key);
    });
  }

  for (const [what, text, line, says] of refused) {
    it(`refuses ${what}, and says where`, async () => {
      await assert.rejects(settingsOf(text), (error) => error instanceof SshConfigError && error.where.endsWith(`${userConfig}:${line}`) && says.test(error.message));
    });
  }

  it('does not look at values of parts that do not apply', async () => {
    assert.equal((await settingsOf('Host other\n Port ssh\n ProxyJump -x\nHost *\n Port 7\n')).port, 7);
  });

  it('reads the system\'s configuration after the user\'s', async () => {
    const { port, user } = await settingsOf({ [userConfig]: 'Host aadc01\n User mine\n', [systemConfig]: 'Host *\n User theirs\n Port 7\n' });
    assert.deepEqual([user, port], ['mine', 7]);
  });

  it('includes files by pattern, in order, from the folder of the first file', async () => {
    const { user, port, hostName } = await settingsOf({
      [userConfig]: 'Include conf.d/* ~/more\nUser last\n',
      '/home/kim/.ssh/conf.d/10': 'Host aadc01\n User ten\n',
      '/home/kim/.ssh/conf.d/20': 'User twenty\nInclude deep\n',
      '/home/kim/.ssh/deep': 'HostName deep.example\n',
      '/home/kim/more': 'Port 7\n',
    });
    assert.deepEqual([user, port, hostName], ['ten', 7, 'deep.example']);
  });

  it('applies an Include only where it stands, whatever its own Host lines say', async () => {
    const inner = { '/home/kim/.ssh/inner': 'Port 1\nHost *\n Port 2\n' };
    assert.equal((await settingsOf({ [userConfig]: 'Host other\n Include inner\nHost *\n Port 7\n', ...inner })).port, 7);
    assert.equal((await settingsOf({ [userConfig]: 'Host aadc01\n Include inner\n', ...inner })).port, 1);
  });

  it('goes back to the part that the Include stands in', async () => {
    const { user } = await settingsOf({ [userConfig]: 'Host aadc01\n Include inner\n User u\n', '/home/kim/.ssh/inner': 'Host other\n Port 1\n' });
    assert.equal(user, 'u');
  });

  it('takes the default keys of types that can be used, where none is named', async () => {
    assert.deepEqual((await settingsOf('')).identityFiles, ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => ({ path: `/home/kim/.ssh/${name}`, given: false })));
  });
});
