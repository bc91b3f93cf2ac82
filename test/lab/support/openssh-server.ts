import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findProgram } from '../../../lab/find-program.ts';
import { freePort } from '../../../lab/free-port.ts';
import { labLayout } from '../../../lab/layout.ts';
import { endChild } from '../../../lab/processes.ts';

/** OpenSSH's own server with an engine behind it, no simulated server. */
export interface OpenSshServer {
  readonly port: number;
  readonly user: string;
  /** The host key as a line of a known_hosts file. */
  readonly knownHostsLine: string;
  stop(): Promise<void>;
}

const run = promisify(execFile);
/** Longest wait for the banner, in milliseconds. */
const bannerLimit = 15_000;

/** Makes an Ed25519 key pair at `file` and `file.pub`. */
export async function makeKeyPair(file: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
}

/** Starts sshd in an empty folder, on a free port of this machine; `key` is the public key file that it lets in, `more` are lines of its sshd_config. */
export async function startOpenSsh(folder: string, key: string, more: readonly string[] = []): Promise<OpenSshServer> {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  mkdirSync(folder, { mode: 0o700 });
  const hostKey = join(folder, 'host_key');
  await makeKeyPair(hostKey);
  const user = userInfo().username;
  const sshd = findProgram('sshd', 'install OpenSSH\'s server.');
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    writeFileSync(join(folder, 'sshd_config'), [
      ...more, 'ListenAddress 127.0.0.1', `Port ${port}`, `HostKey ${hostKey}`, `AuthorizedKeysFile ${key}`, 'PidFile none', 'StrictModes no', 'UsePAM no',
      'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin prohibit-password', `AllowUsers ${user}`, 'UseDNS no',
      `ForceCommand exec ${labLayout(process.cwd()).engine} -NoLogo -NoProfile -s`, '',
    ].join('\n'));
    const child = spawn(sshd, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
    if (await answers(port, () => child.exitCode !== null)) {
      const [type, blob] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
      return { port, user, knownHostsLine: `[127.0.0.1]:${port} ${type} ${blob}\n`, stop: () => endChild(child) };
    }
    await endChild(child);
    if (attempt === 5 || !said.includes('Address already in use')) throw new Error(`sshd did not start: ${said}`);
  }
}

/** Whether something on the port begins to speak SSH before it is over. */
async function answers(port: number, over: () => boolean): Promise<boolean> {
  const end = Date.now() + bannerLimit;
  while (Date.now() < end && !over()) {
    const banner = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', (bytes) => { resolve(bytes.toString('latin1')); socket.destroy(); });
      for (const event of ['error', 'end']) socket.once(event, () => { resolve(''); });
    });
    if (banner.startsWith('SSH-2.0-')) return true;
    await wait(20);
  }
  return false;
}
