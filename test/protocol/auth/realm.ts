import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const realm = 'LAB.EXAMPLE';
/** Debian keeps the KDC's programs beyond an ordinary user's path. */
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
/** How long each program may take, in milliseconds. */
const limit = 20_000;

/** Encryption types, the one that both sides prefer first. */
const encryptions = ['aes256-cts-hmac-sha1-96', 'aes128-cts-hmac-sha1-96', 'aes256-cts-hmac-sha384-192', 'aes128-cts-hmac-sha256-128', 'arcfour-hmac'];

/** A private Kerberos realm: a KDC on a free loopback port, everything in one folder, no file of the system touched. */
export class Realm {
  readonly #folder: string;
  readonly #kdc: ChildProcess;
  readonly #port: number;
  readonly #before = new Map<string, string | undefined>();

  private constructor(folder: string, kdc: ChildProcess, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.#kdc = kdc;
  }

  static async start(options: { users: Readonly<Record<string, string>>; services: readonly string[] }): Promise<Realm> {
    const folder = mkdtempSync(join(tmpdir(), 'realm-'));
    try {
      mkdirSync(join(folder, 'rcache'));
      const port = await freePort();
      writeFileSync(join(folder, 'krb5.conf'), configuration(port, encryptions));
      writeFileSync(join(folder, 'kdc.conf'), `[realms]\n${realm} = {\n kdc_listen = 127.0.0.1:${port}\n kdc_tcp_listen = 127.0.0.1:${port}\n database_name = ${folder}/principal\n key_stash_file = ${folder}/stash\n acl_file = ${folder}/acl\n supported_enctypes = ${encryptions.map((type) => `${type}:normal`).join(' ')}\n}\n`);
      const env = { PATH: path, ...environment(folder) };
      await run('kdb5_util', ['create', '-s', '-r', realm, '-P', 'throw-away master key'], { env, timeout: limit });
      const commands = [
        ...Object.entries(options.users).map(([user, password]) => `addprinc +requires_preauth -pw "${password}" ${user}`),
        ...options.services.flatMap((name) => [`addprinc -randkey ${name}`, `ktadd -norandkey -k ${folder}/keytab ${name}`]),
      ];
      await feed('kadmin.local', ['-r', realm], commands.join('\n'), env);
      const kdc = spawn('krb5kdc', ['-n', '-r', realm], { env, stdio: 'ignore' });
      kdc.once('error', () => undefined);
      const started = new Realm(folder, kdc, port);
      await started.#answers();
      return started;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Lets this process's Kerberos library use the realm. */
  enter(): void {
    for (const [name, value] of Object.entries(environment(this.#folder))) {
      this.#before.set(name, process.env[name]);
      process.env[name] = value;
    }
  }

  /** Lets this process's Kerberos library use one encryption type only, or all. A file of its own, since the library may keep what it read. */
  permit(encryption?: string): void {
    const file = join(this.#folder, `krb5-${encryption ?? 'all'}.conf`);
    writeFileSync(file, configuration(this.#port, encryption === undefined ? encryptions : [encryption]));
    process.env['KRB5_CONFIG'] = file;
  }

  /** Gets a ticket into the cache, as a person does. */
  async kinit(user: string, password: string): Promise<void> {
    await feed('kinit', [`${user}@${realm}`], password, { PATH: path, ...environment(this.#folder) });
  }

  /** Empties the ticket cache. */
  forget(): void {
    rmSync(join(this.#folder, 'tickets'), { force: true });
  }

  async stop(): Promise<void> {
    for (const [name, value] of this.#before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    if (this.#kdc.exitCode === null && this.#kdc.signalCode === null && this.#kdc.pid !== undefined) {
      const gone = once(this.#kdc, 'exit');
      this.#kdc.kill('SIGTERM');
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    const end = Date.now() + limit;
    while (!await reachable(this.#port)) {
      if (this.#kdc.exitCode !== null) throw new Error(`krb5kdc ended with ${this.#kdc.exitCode}`);
      if (Date.now() > end) throw new Error(`krb5kdc did not listen within ${limit} ms`);
      await pause(10);
    }
  }
}

function environment(folder: string): Readonly<Record<string, string>> {
  return {
    KRB5_CONFIG: join(folder, 'krb5.conf'),
    KRB5_KDC_PROFILE: join(folder, 'kdc.conf'),
    KRB5_KTNAME: join(folder, 'keytab'),
    KRB5_CLIENT_KTNAME: join(folder, 'no-client-keytab'),
    KRB5CCNAME: `FILE:${join(folder, 'tickets')}`,
    KRB5RCACHEDIR: join(folder, 'rcache'),
  };
}

function configuration(port: number, permitted: readonly string[]): string {
  return `[libdefaults]
 default_realm = ${realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
 allow_rc4 = true
 permitted_enctypes = ${permitted.join(' ')}
[realms]
 ${realm} = {
  kdc = 127.0.0.1:${port}
 }
[domain_realm]
 localhost = ${realm}
 .lab.example = ${realm}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function reachable(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Runs a program with a text on its standard input; rejects with what it said where it fails. */
async function feed(program: string, args: readonly string[], text: string, env: NodeJS.ProcessEnv): Promise<void> {
  const running = run(program, args, { env, timeout: limit });
  running.child.stdin?.end(`${text}\n`);
  const { stderr } = await running;
  if (/error|cannot|fail/i.test(stderr)) throw new Error(`${program}: ${stderr}`);
}
