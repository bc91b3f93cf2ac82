import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findProgram } from '../find-program.ts';
import { freePort } from '../free-port.ts';
import type { Guardian } from '../guardian.ts';
import { LabError } from '../lab-error.ts';
import { endChild } from '../processes.ts';
import { runTool } from './run-tool.ts';

/** A private Kerberos realm with a domain controller of its own: MIT's KDC on a loopback port, nothing of the system touched. */
export interface RunningRealm {
  readonly realm: string;
  /** Service principals that the listener answers to. */
  readonly principals: readonly string[];
  /** For KRB5_CONFIG of whoever uses the realm. */
  readonly krb5Config: string;
  /** For KRB5CCNAME: a ticket cache that holds the user's ticket. */
  readonly credentialCache: string;
  /** What the listener's process needs. */
  readonly serviceEnvironment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const remedy = 'install the Kerberos programs (Debian: apt-get install krb5-kdc krb5-admin-server krb5-user).';
/** Times a port that somebody else took in between is tried again. */
const portAttempts = 5;
/** Longest wait for the KDC, in milliseconds. */
const startLimit = 15_000;

/** Makes the realm in a new folder, with one user, whose ticket is fetched at once. Rejects with a LabError. */
export async function startRealm(folder: string, realm: string, user: string, password: string, guardian: Guardian, signal?: AbortSignal): Promise<RunningRealm> {
  const programs = Object.fromEntries((['krb5kdc', 'kdb5_util', 'kadmin.local', 'kinit'] as const).map((name) => [name, findProgram(name, remedy)]));
  const program = (name: string): string => programs[name] ?? name;
  mkdirSync(folder, { mode: 0o700 });
  mkdirSync(join(folder, 'replay'), { mode: 0o700 });
  const files = { krb5Config: join(folder, 'krb5.conf'), profile: join(folder, 'kdc.conf'), keytab: join(folder, 'keytab'), cache: `FILE:${join(folder, 'tickets')}` };
  const environment = { KRB5_CONFIG: files.krb5Config, KRB5_KDC_PROFILE: files.profile, KRB5_KTNAME: files.keytab, KRB5CCNAME: files.cache, KRB5RCACHEDIR: join(folder, 'replay') };
  const principals = ['HTTP/localhost', 'host/localhost'];
  const master = randomBytes(18).toString('base64url');
  // The programs read their configuration before the port is known to be free.
  const configure = (port: number): void => {
    writeFileSync(files.krb5Config, clientConfiguration(realm, port));
    writeFileSync(files.profile, kdcConfiguration(folder, realm, port));
  };
  configure(0);
  await runTool(program('kdb5_util'), ['create', '-s', '-r', realm], `${master}\n${master}\n`, environment, guardian);
  await runTool(program('kadmin.local'), ['-r', realm], [
    `addprinc +requires_preauth ${user}`, password, password,
    ...principals.flatMap((name) => [`addprinc -randkey ${name}`, `ktadd -norandkey -k ${files.keytab} ${name}`]),
    '',
  ].join('\n'), environment, guardian);
  const log = join(folder, 'kdc.out');
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const port = await freePort();
    configure(port);
    const output = openSync(log, 'w', 0o600);
    const kdc = spawn(program('krb5kdc'), ['-n', '-r', realm], { stdio: ['ignore', output, output], detached: true, env: { ...process.env, ...environment } });
    closeSync(output);
    if (kdc.pid !== undefined) guardian.watch(kdc.pid);
    const stop = async (): Promise<void> => {
      await endChild(kdc);
      if (kdc.pid !== undefined) guardian.forget(kdc.pid);
    };
    try {
      await answers(port, () => kdc.exitCode !== null || kdc.signalCode !== null, signal);
      await runTool(program('kinit'), [`${user}@${realm}`], `${password}\n`, environment, guardian);
      return { realm, principals, krb5Config: files.krb5Config, credentialCache: files.cache, serviceEnvironment: environment, stop };
    } catch (error) {
      await stop();
      const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-2000).trim() : '';
      if (attempt < portAttempts && /in use/i.test(said)) continue;
      signal?.throwIfAborted();
      throw new LabError(`The domain controller of ${realm} did not start on 127.0.0.1:${port}: ${error instanceof Error ? error.message : String(error)}${said === '' ? '' : ` It said: ${said}`}`, 1, { cause: error });
    }
  }
}

function clientConfiguration(realm: string, port: number): string {
  return [
    '[libdefaults]',
    `  default_realm = ${realm}`,
    '  dns_lookup_kdc = false',
    '  dns_lookup_realm = false',
    '  dns_canonicalize_hostname = false',
    '  rdns = false',
    '  udp_preference_limit = 1',
    '[realms]',
    `  ${realm} = {`,
    `    kdc = 127.0.0.1:${port}`,
    '  }',
    '[domain_realm]',
    `  localhost = ${realm}`,
    '',
  ].join('\n');
}

function kdcConfiguration(folder: string, realm: string, port: number): string {
  return [
    '[realms]',
    `  ${realm} = {`,
    `    kdc_listen = 127.0.0.1:${port}`,
    `    kdc_tcp_listen = 127.0.0.1:${port}`,
    `    database_name = ${join(folder, 'principal')}`,
    `    key_stash_file = ${join(folder, 'stash')}`,
    `    acl_file = ${join(folder, 'acl')}`,
    '  }',
    '[logging]',
    `  kdc = FILE:${join(folder, 'kdc.log')}`,
    '',
  ].join('\n');
}

/** Resolves when something listens on the port; rejects when the process has ended, or nothing listens in time. */
async function answers(port: number, ended: () => boolean, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + startLimit;
  for (;;) {
    signal?.throwIfAborted();
    if (ended()) throw new Error('It ended.');
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => { resolve(true); socket.destroy(); });
      socket.once('error', () => { resolve(false); });
    });
    if (there) return;
    if (Date.now() > deadline) throw new Error(`Nothing listened within ${startLimit / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
