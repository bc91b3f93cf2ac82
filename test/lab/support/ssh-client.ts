import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnect, type ConnectOptions } from '../../../src/remote/connect.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import { createFileHostKeyPins, type HostKeyPins } from '../../../src/remote/ssh/pins.ts';
import type { SshSurroundings } from '../../../src/remote/ssh/surroundings.ts';
import { createFileCertificatePins } from '../../../src/remote/wsman/pins.ts';
import type { ConnectPrompts, InteractiveQuestion, RemoteFailure, RemoteFailureReason, SecureString, ServerConnection, SessionTarget } from '../../../src/session.ts';

/** A person's answers, used up in order; none left is a declined question. */
export interface Answers {
  trust?: boolean[];
  passwords?: string[];
  passphrases?: string[];
  /** One list a round. Absent: whoever answers has no way to. */
  interactive?: string[][];
}

export interface Asked {
  readonly trust: Parameters<ConnectPrompts['trustHostKey']>[0][];
  readonly passwords: Parameters<ConnectPrompts['password']>[0][];
  readonly passphrases: Parameters<ConnectPrompts['passphrase']>[0][];
  readonly interactive: InteractiveQuestion[];
  /** What the log heard. */
  readonly notes: string[];
}

/** One person's machine: their known_hosts, our store of pins, what they are asked. */
export class Client {
  readonly folder: string;
  readonly knownHosts: string;
  readonly pins: HostKeyPins;
  readonly asked: Asked = { trust: [], passwords: [], passphrases: [], interactive: [], notes: [] };
  readonly connections: ServerConnection[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.knownHosts = join(folder, 'known_hosts');
    this.pins = createFileHostKeyPins(join(folder, 'pins'));
  }

  static async create(): Promise<Client> {
    return new Client(await mkdtemp(join(tmpdir(), 'ssh-client-')));
  }

  async dispose(): Promise<void> {
    for (const connection of this.connections) await connection[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Writes a file into the client's folder and returns its path. */
  async file(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  prompts(answers: Answers): ConnectPrompts {
    const { asked } = this;
    return {
      trustHostKey: (question) => { asked.trust.push(question); return Promise.resolve(answers.trust?.shift() ?? false); },
      trustCertificate: () => Promise.reject(new Error('SSH has no certificates to ask about')),
      password: (question) => { asked.passwords.push(question); return Promise.resolve(secret(answers.passwords?.shift())); },
      passphrase: (question) => { asked.passphrases.push(question); return Promise.resolve(secret(answers.passphrases?.shift())); },
      note: (line) => { asked.notes.push(line); },
      ...answers.interactive === undefined ? {} : {
        interactive: (question) => { asked.interactive.push(question); return Promise.resolve(answers.interactive?.shift()?.map((text) => secret(text)!)); },
      },
    };
  }

  /** This person's own SSH: the text of their ssh_config, their environment, the keys of their home. */
  surroundings(config: string, environment: Readonly<Record<string, string>> = {}): SshSurroundings {
    return {
      home: this.folder, localUser: 'kim', localHost: 'laptop', environment, platform: 'linux', pipes: () => Promise.resolve([]), configPaths: ['config'],
      files: { home: this.folder, read: () => Promise.resolve(config), glob: () => Promise.resolve([]), folderOf: () => this.folder },
    };
  }

  async connect(target: Partial<SessionTarget> & { port: number | undefined }, prompts: ConnectPrompts, options: Partial<ConnectOptions> & { signal?: AbortSignal } = {}): Promise<ServerConnection> {
    const { signal, ...rest } = options;
    const connect = createConnect({ hostKeyPins: this.pins, certificatePins: createFileCertificatePins(join(this.folder, 'certificates')), knownHostsFiles: [this.knownHosts], localPowerShell: '', allowAnyPowerShell: true, ...rest });
    const full: SessionTarget = { name: 'AADC01', host: '127.0.0.1', transport: 'ssh', user: 'engineer', identityFile: undefined, ...target };
    const connection = await connect(full, prompts, signal ?? new AbortController().signal);
    this.connections.push(connection);
    return connection;
  }
}

/** Runs what must fail with a RemoteError of this reason, at the server or hop of this name; returns its failure. */
export async function failureOf(running: Promise<unknown>, reason: RemoteFailureReason, at = 'AADC01 (127.0.0.1:'): Promise<RemoteFailure> {
  let error: unknown;
  try {
    await running;
  } catch (caught) {
    error = caught;
  }
  assert.ok(error instanceof RemoteError, `expected a RemoteError, got ${String(error)}`);
  assert.equal(error.failure.reason, reason, error.message);
  assert.ok(error.failure.server.startsWith(at), error.failure.server);
  assert.notEqual(error.failure.remedy, '');
  return error.failure;
}

function secret(text: string | undefined): SecureString | undefined {
  return text === undefined ? undefined : { kind: 'secure-string', reveal: () => text };
}
