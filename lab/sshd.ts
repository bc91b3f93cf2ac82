import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';
import { freePort } from './free-port.ts';
import type { Guardian } from './guardian.ts';
import { LabError } from './lab-error.ts';
import type { LabLayout } from './layout.ts';
import { endChild } from './processes.ts';

/** A real OpenSSH server in front of one simulated server. */
export interface RunningSshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  /** The user's private key, absolute path. */
  readonly identityFile: string;
  /** The host key as a line of a known_hosts file. */
  readonly knownHostsLine: string;
  /** `SHA256:…` as OpenSSH prints it. */
  readonly hostKeyFingerprint: string;
  stop(): Promise<void>;
}

/** Times a port that somebody else took in between is tried again. */
const portAttempts = 5;
/** Longest wait for the banner, in milliseconds. */
const bannerLimit = 15_000;

/**
 * Starts sshd for the simulated server in `directory`, as whoever runs this (root, or a normal user who then is the only one
 * that can sign in), on a free loopback port, with keys made for this start. Resolves when its banner was read.
 */
export async function startSshd(lab: LabLayout, directory: string, guardian: Guardian, signal?: AbortSignal): Promise<RunningSshd> {
  // sshd starts itself again for each connection and so wants to be called by its absolute path.
  const program = findProgram('sshd', 'install OpenSSH\'s server (Debian: apt-get install openssh-server), or use --transport local.');
  const user = userInfo().username;
  // OpenSSH's privilege separation needs this folder, and no package made it on a machine where sshd never ran as a service.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const folder = join(directory, 'ssh');
  mkdirSync(folder, { mode: 0o700 });
  const hostKey = join(folder, 'host_key');
  const userKey = join(folder, 'user_key');
  await Promise.all([makeKey(hostKey, 'practice server'), makeKey(userKey, 'practice user')]);
  renameSync(`${userKey}.pub`, join(folder, 'authorized_keys'));
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const port = await freePort();
    const config = join(folder, 'sshd_config');
    writeFileSync(config, sshdConfig(lab, directory, folder, port, user), { mode: 0o600 });
    const log = join(folder, 'sshd.log');
    const logFile = openSync(log, 'w', 0o600);
    const child = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', logFile, logFile], detached: true });
    closeSync(logFile);
    if (child.pid !== undefined) guardian.watch(child.pid);
    try {
      await readBanner(child, port, signal);
    } catch (error) {
      await endChild(child);
      if (child.pid !== undefined) guardian.forget(child.pid);
      const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-2000).trim() : '';
      if (attempt < portAttempts && /Address already in use/i.test(said)) continue;
      signal?.throwIfAborted();
      throw new LabError(`${program} did not start on 127.0.0.1:${port}: ${error instanceof Error ? error.message : String(error)}${said === '' ? '' : ` It said: ${said}`}`, 1, { cause: error });
    }
    const publicKey = readFileSync(`${hostKey}.pub`, 'utf8').trim().split(' ').slice(0, 2);
    return {
      host: '127.0.0.1',
      port,
      user,
      identityFile: userKey,
      knownHostsLine: `[127.0.0.1]:${port} ${publicKey.join(' ')}`,
      hostKeyFingerprint: `SHA256:${createHash('sha256').update(Buffer.from(publicKey[1] ?? '', 'base64')).digest('base64').replace(/=+$/, '')}`,
      stop: async () => {
        await endChild(child);
        if (child.pid !== undefined) guardian.forget(child.pid);
      },
    };
  }
}

function sshdConfig(lab: LabLayout, directory: string, folder: string, port: number, user: string): string {
  const quoted = (text: string): string => `'${text.replaceAll('\'', '\'\\\'\'')}'`;
  return [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey "${join(folder, 'host_key')}"`,
    `AuthorizedKeysFile "${join(folder, 'authorized_keys')}"`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PubkeyAuthentication yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    `AllowUsers ${user}`,
    'AllowTcpForwarding no',
    'X11Forwarding no',
    'PermitTTY no',
    'PrintMotd no',
    'PrintLastLog no',
    'PermitUserRC no',
    'MaxSessions 64',
    'MaxStartups 200',
    'UseDNS no',
    'LogLevel VERBOSE',
    `SetEnv "PATH=${join(directory, 'bin')}:/usr/bin:/bin"`,
    `ForceCommand exec setpriv --pdeathsig TERM /bin/sh ${quoted(join(lab.shell, 'job.sh'))}`,
    '',
  ].join('\n');
}

async function makeKey(file: string, comment: string): Promise<void> {
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
}

/** Resolves when the child's port answers with an SSH banner; rejects when the child ended first or nothing came in time. */
async function readBanner(child: ChildProcess, port: number, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + bannerLimit;
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => { reject(new Error(`It ended with exit code ${code ?? -1}.`)); });
  });
  gone.catch(() => undefined);
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    if (await Promise.race([bannerOnce(port), gone])) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`No SSH banner within ${bannerLimit / 1000} s.`);
}

function bannerOnce(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(bannerLimit, () => socket.destroy());
    socket.once('data', (data: Buffer) => {
      resolve(data.toString('latin1').startsWith('SSH-2.0-'));
      socket.destroy();
    });
    socket.once('error', () => { resolve(false); });
    socket.once('close', () => { resolve(false); });
  });
}
