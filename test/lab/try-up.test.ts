import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseServersFile } from '../../src/inventory/parse.ts';
import type { WinRmAccess } from '../../lab/winrm/start.ts';
import { pywinrm } from './support/judges/judge.ts';
import { callLab, eventually, firstLine, processesNaming, startLab, tryTimeout } from './support/lab-command.ts';

interface UpServer {
  readonly name: string;
  readonly computerName: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  readonly hostKeyFingerprint: string;
  readonly directory: string;
  readonly powershell: string;
  readonly winrm: WinRmAccess;
}
interface Up {
  readonly directory: string;
  readonly secretsFile: string;
  readonly serversFile: string;
  readonly knownHostsFile: string;
  readonly servers: readonly UpServer[];
}

const run = promisify(execFile);

/** The words that a user of OpenSSH's own client types. */
function sshWords(up: Up, server: UpServer): string[] {
  return [
    '-F', 'none', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', `UserKnownHostsFile="${up.knownHostsFile}"`,
    '-o', 'GlobalKnownHostsFile=none', '-p', String(server.port), '-i', server.identityFile, `${server.user}@${server.host}`,
  ];
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return await new Promise((resolve) => child.once('close', resolve));
}

describe('up', function () {
  this.timeout(tryTimeout);

  let child: ChildProcess;
  let up: Up;
  let server: UpServer;

  before(async () => {
    child = startLab(['up', 'healthy', 'key-lost-current', '--json', '--attached']);
    up = JSON.parse(await firstLine(child)) as Up;
    server = up.servers[0]!;
  });

  after(async () => {
    child.stdin?.end();
    assert.equal(await ended(child), 0);
    assert.equal(existsSync(up.directory), false);
    await eventually('no process names the folder', () => processesNaming(up.directory).length === 0);
  });

  it('lists each server with all that a client needs', () => {
    assert.deepEqual(up.servers.map(({ name }) => name), ['healthy', 'key-lost-current']);
    assert.equal(new Set(up.servers.map(({ port }) => port)).size, 2);
    assert.equal(server.host, '127.0.0.1');
    assert.ok(existsSync(server.identityFile));
    assert.ok(existsSync(server.powershell));
    assert.match(server.hostKeyFingerprint, /^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  it('lets OpenSSH\'s own client in, which checks the host key, and reaches the simulated powershell.exe', async () => {
    const { stdout } = await run('ssh', [...sshWords(up, server), 'powershell.exe -NoLogo -NoProfile -Command "$env:COMPUTERNAME; $PSVersionTable.PSEdition"'.replaceAll('$', '\\$')]);
    assert.deepEqual(stdout.trim().split(/\r?\n/), [server.computerName, 'Desktop']);
  });

  it('refuses another key', async () => {
    const other = mkdtempSync(join(tmpdir(), 'other-key-'));
    try {
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(other, 'key')]);
      const words = sshWords(up, { ...server, identityFile: join(other, 'key') });
      await assert.rejects(run('ssh', ['-o', 'IdentitiesOnly=yes', ...words, 'powershell.exe -s']), /Permission denied \(publickey\)/);
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  it('has no shell for whoever asks for one', async () => {
    await assert.rejects(run('ssh', ['-T', ...sshWords(up, server)]), /has no interactive shell/);
  });

  it('writes a servers file that the product reads without a problem', () => {
    const parsed = parseServersFile(readFileSync(up.serversFile, 'utf8'), { home: '/nowhere' });
    assert.deepEqual(parsed.problems, []);
    assert.deepEqual(parsed.servers.map(({ name }) => name), [
      'healthy', 'key-lost-current', 'healthy (WinRM)', 'healthy (WinRM over HTTPS)', 'key-lost-current (WinRM)', 'key-lost-current (WinRM over HTTPS)',
    ]);
  });

  describe('over WinRM', () => {
    const who = '$env:COMPUTERNAME; $PSVersionTable.PSEdition';
    const job = (at: UpServer, port: number): Record<string, unknown> => {
      const store = JSON.parse(readFileSync(up.secretsFile, 'utf8')) as Record<string, Record<string, string>>;
      const scheme = port === at.winrm.httpsPort ? 'https' : 'http';
      return { url: `${scheme}://${at.winrm.host}:${port}/wsman`, user: at.winrm.user, password: store[at.name]?.[at.winrm.secret], script: who, options: { ca_trust_path: at.winrm.caFile } };
    };

    it('lets pywinrm into each server by NTLM, under its own domain', async () => {
      for (const at of up.servers) {
        const judged = await pywinrm({ ...job(at, at.winrm.httpPort), transport: 'ntlm' });
        assert.deepEqual(judged, { status: 0, stdout: `${at.computerName}\r\nDesktop\r\n`, stderr: '' });
      }
      assert.notEqual(up.servers[0]?.winrm.domain, up.servers[1]?.winrm.domain);
    });

    it('lets it in by the account\'s other names, by certificate, and with the ticket that is there', async () => {
      const { winrm } = server;
      for (const user of [`${server.computerName}\\labadmin`, '.\\labadmin', `${winrm.domain.toLowerCase()}\\labadmin`]) {
        assert.equal((await pywinrm({ ...job(server, winrm.httpPort), user, transport: 'ntlm' })).status, 0, user);
      }
      const options = { ca_trust_path: winrm.caFile, cert_pem: winrm.certificateFile, cert_key_pem: winrm.keyFile };
      assert.equal((await pywinrm({ ...job(server, winrm.httpsPort), transport: 'certificate', options })).status, 0);
      const environment = { KRB5_CONFIG: winrm.krb5Config, KRB5CCNAME: winrm.credentialCache };
      assert.equal((await pywinrm({ ...job(server, winrm.httpsPort), user: winrm.principal, password: '', transport: 'kerberos' }, environment)).status, 0);
    });
  });

  it('keeps its secrets in one store that only its owner reads', () => {
    assert.equal(statSync(up.secretsFile).mode & 0o777, 0o600);
    const store = JSON.parse(readFileSync(up.secretsFile, 'utf8')) as Record<string, Record<string, string>>;
    assert.deepEqual(Object.keys(store), ['healthy', 'key-lost-current']);
    assert.equal(store['healthy']?.['labadmin'], store['key-lost-current']?.['labadmin'], 'one domain account for all servers');
    const values = [...new Set(Object.values(store).flatMap((secrets) => Object.values(secrets)))];
    assert.equal(values.length, Object.values(store).flatMap((secrets) => Object.keys(secrets)).length - 1, 'no two other secrets are alike');
    for (const folder of up.servers) {
      const state = readFileSync(join(folder.directory, 'state.json'), 'utf8');
      for (const value of values) assert.equal(state.includes(value.slice(0, 24)), false, 'a secret in the state');
    }
  });

  it('kills what a session started when the session goes, as the real server\'s job does', async () => {
    const before = processesNaming(server.directory).length;
    const client = spawn('ssh', [...sshWords(up, server), 'powershell.exe -NoLogo -NoProfile -s'], { stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      await eventually('the session runs', () => processesNaming(server.directory).length > before + 1);
    } finally {
      client.kill('SIGKILL');
    }
    await eventually('the session\'s processes are gone', () => processesNaming(server.directory).length === before);
  });

  it('lets a person enter a password only where the service runs, and only the right one', async () => {
    const store = JSON.parse(readFileSync(up.secretsFile, 'utf8')) as Record<string, Record<string, string>>;
    const { connectors } = JSON.parse(readFileSync(join(process.cwd(), 'lab', 'scenarios', 'healthy.json'), 'utf8')) as {
      connectors: { name: string; type: string; password: string }[];
    };
    const connector = connectors.find(({ type }) => type === 'AD')!;
    const password = store['healthy']![connector.password]!;
    const words = ['enter-connector-password', '--connector', connector.name];
    const right = await callLab(['person', 'healthy', ...words], { input: `${password}\n` });
    assert.equal(right.code, 0, right.stderr);
    const wrong = await callLab(['person', 'healthy', ...words], { input: 'not the password\n' });
    assert.equal(wrong.code, 1);
    assert.notEqual(wrong.stderr, '');
    const stopped = await callLab(['person', 'key-lost-current', ...words], { input: `${password}\n` });
    assert.equal(stopped.code, 1);
    assert.notEqual(stopped.stderr, '');
    for (const call of [right, wrong, stopped]) assert.equal((call.stdout + call.stderr).includes(password.slice(0, 24)), false);
  });

  it('names the nearest server where a person asks for one that does not run', async () => {
    const call = await callLab(['person', 'helthy', 'enter-connector-password', '--connector', 'x'], { input: 'x\n' });
    assert.equal(call.code, 2);
    assert.match(call.stderr, /^No running server is called "helthy"; the nearest is "healthy"\. Running: /);
  });
});

describe('up, ended roughly', function () {
  this.timeout(tryTimeout);

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`leaves no process and no file behind after ${signal}`, async () => {
      const child = startLab(['up', 'healthy', '--json'], { stdin: 'ignore' });
      const up = JSON.parse(await firstLine(child)) as Up;
      const session = spawn('ssh', [...sshWords(up, up.servers[0]!), 'powershell.exe -NoLogo -NoProfile -s'], { stdio: ['pipe', 'ignore', 'ignore'] });
      try {
        await eventually('a session runs', () => processesNaming(up.servers[0]!.directory).length > 3);
        child.kill(signal);
        assert.equal(await ended(child), signal === 'SIGKILL' ? null : 0);
        await eventually('the folder is gone', () => !existsSync(up.directory));
        await ended(session);
        await eventually('no process names the folder', () => processesNaming(up.directory).length === 0);
      } finally {
        session.kill('SIGKILL');
      }
    });
  }

  it('cleans up when it is interrupted while it starts', async () => {
    const child = startLab(['up', 'healthy', '--json'], { stdin: 'ignore' });
    const folder = (): string | undefined => processFolder(child);
    await eventually('its folder is there', () => folder() !== undefined);
    const made = folder()!;
    child.kill('SIGTERM');
    await ended(child);
    assert.equal(existsSync(made), false);
    await eventually('no process names the folder', () => processesNaming(made).length === 0);
  });

  it('ends with one line and nothing left when one of its scenarios is wrong', async () => {
    const call = await callLab(['up', 'healthy', 'helthy', '--json']);
    assert.equal(call.code, 2);
    assert.match(call.stderr, /^There is no scenario "helthy"/);
    assert.equal(call.stdout, '');
    assert.deepEqual(call.folders, []);
  });
});

function processFolder(child: ChildProcess): string | undefined {
  const cache = join(process.cwd(), '.cache', 'lab');
  if (!existsSync(cache)) return undefined;
  const name = readdirSync(cache).find((candidate) => candidate.startsWith(`servers-${child.pid ?? 0}-`));
  return name === undefined ? undefined : join(cache, name);
}
