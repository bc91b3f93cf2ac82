import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { engine } from './simulated-server.ts';

/** The program, as set-up builds it. */
export const listenerProgram = join(process.cwd(), '.cache', 'listener', 'practice-listener');

/** Where one simulated server of a listener answers. */
export interface ListenerServer {
  readonly name: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly caFile: string;
}

/** A server's part of the listener's configuration; without a `powershell` it is the bare engine. */
export interface ListenedServer {
  readonly name: string;
  readonly computerName?: string;
  readonly powershell?: string;
  readonly limits?: Readonly<Record<string, number>>;
}

interface Listening {
  readonly caFile: string;
  readonly clientCertificateFile: string;
  readonly clientKeyFile: string;
  readonly clientUser: string;
  readonly servers: readonly Omit<ListenerServer, 'caFile'>[];
}

/** A listener of a test's own, with three accounts of the domain CONTOSO: an administrator, a Remote Management User, and neither. */
export class TestListener implements AsyncDisposable {
  readonly passwords: Readonly<Record<'labadmin' | 'operator' | 'guest', string>>;
  readonly listening: Listening;
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(folder: string, passwords: TestListener['passwords'], child: ChildProcess, lines: AsyncIterator<string>, listening: Listening) {
    this.folder = folder;
    this.passwords = passwords;
    this.#child = child;
    this.#lines = lines;
    this.listening = listening;
  }

  /** Starts it; `environment` is for Kerberos. Rejects with what it said where it does not listen. */
  static async start(servers: readonly ListenedServer[], environment: NodeJS.ProcessEnv = {}): Promise<TestListener> {
    const folder = mkdtempSync(join(tmpdir(), 'listener-'));
    const password = (): string => `${randomBytes(9).toString('base64url')}é'"&<`;
    const passwords = { labadmin: password(), operator: password(), guest: password() };
    writeFileSync(join(folder, 'users'), Object.entries(passwords).map(([user, secret]) => `CONTOSO:${user}:${secret}\n`).join(''), { mode: 0o600 });
    writeFileSync(join(folder, 'configuration.json'), JSON.stringify({
      certificateFolder: folder,
      administrators: ['labadmin'],
      remoteUsers: ['operator'],
      servers: servers.map((server) => ({ computerName: 'SYNC02', powershell: engine, ...server })),
    }));
    const child = spawn(listenerProgram, [join(folder, 'configuration.json')], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NTLM_USER_FILE: join(folder, 'users'), ...environment },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) {
      rmSync(folder, { recursive: true });
      throw new Error(`The listener did not start: ${said}`);
    }
    return new TestListener(folder, passwords, child, lines, JSON.parse(first.value) as Listening);
  }

  get pid(): number { return this.#child.pid ?? 0; }

  server(name: string): ListenerServer {
    const found = this.listening.servers.find((server) => server.name === name);
    if (found === undefined) throw new Error(`The listener has no server ${name}.`);
    return { ...found, caFile: this.listening.caFile };
  }

  /** User and password as Basic authentication takes them. */
  credentials(user: keyof TestListener['passwords']): string {
    return `CONTOSO\\${user}:${this.passwords[user]}`;
  }

  /** Breaks every TCP connection of the listener. */
  async drop(): Promise<void> {
    const answer = await this.#tell('drop');
    if (answer !== 'ok') throw new Error(`The listener answered ${answer}.`);
  }

  /** HTTP requests that the listener had so far. */
  async requests(): Promise<number> {
    return Number(await this.#tell('requests'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #tell(line: string): Promise<string> {
    this.#child.stdin?.write(`${line}\n`);
    return String((await this.#lines.next()).value);
  }
}
