import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlainSecret } from '../../../src/remote/clixml/values.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import type { WinRmOptions } from '../../../src/remote/wsman/connection.ts';
import { openWinRm } from '../../../src/remote/wsman/connection.ts';
import type { CertificatePins } from '../../../src/remote/wsman/pins.ts';
import { createFileCertificatePins } from '../../../src/remote/wsman/pins.ts';
import type { CertificateQuestion, InvokeOptions, PipelineResult, PowerShellSession, RemoteFailure, RemoteFailureReason, ServerConnection, StreamRecord, WinRmTarget } from '../../../src/session.ts';
import type { TestListener } from './test-listener.ts';

/** How one connection differs from the ordinary one: NTLM over http as the administrator. */
export interface Wanted extends Partial<WinRmTarget> {
  readonly port?: number;
  readonly host?: string;
  /** Undefined with the key present: nobody is named. */
  readonly user?: string | undefined;
  /** What is typed, one after another; none left is a declined question. */
  readonly passwords?: readonly string[];
  readonly trust?: boolean;
  readonly options?: Partial<WinRmOptions>;
}

/** One person's machine: the store of pins, what they are asked, the connections they opened. */
export class WinRmClient {
  readonly asked: { readonly certificates: CertificateQuestion[]; readonly passwords: { readonly retry: boolean }[] } = { certificates: [], passwords: [] };
  readonly pins: CertificatePins;
  readonly #folder: string;
  readonly #listener: TestListener;
  readonly #connections: ServerConnection[] = [];

  private constructor(folder: string, listener: TestListener) {
    this.#folder = folder;
    this.#listener = listener;
    this.pins = createFileCertificatePins(join(folder, 'certificates'));
  }

  static async create(listener: TestListener): Promise<WinRmClient> {
    return new WinRmClient(await mkdtemp(join(tmpdir(), 'winrm-client-')), listener);
  }

  async connect(wanted: Wanted = {}): Promise<ServerConnection> {
    const { scheme = 'http', auth = 'ntlm' } = wanted;
    const { listening, passwords } = this.#listener;
    const [server] = listening.servers;
    assert.ok(server !== undefined);
    const typed = [...wanted.passwords ?? [passwords.labadmin]];
    const connection = await openWinRm({
      server: 'SYNC02 (test)', signal: new AbortController().signal, pins: this.pins, allowAnyPowerShell: true,
      target: {
        name: 'SYNC02', host: wanted.host ?? '127.0.0.1', transport: 'winrm', identityFile: undefined,
        port: wanted.port ?? (scheme === 'http' ? server.httpPort : server.httpsPort),
        user: 'user' in wanted ? wanted.user : 'CONTOSO\\labadmin',
        winrm: {
          scheme, auth, caFile: 'caFile' in wanted ? wanted.caFile : listening.caFile,
          certificateFile: auth === 'certificate' ? listening.clientCertificateFile : undefined,
          keyFile: auth === 'certificate' ? listening.clientKeyFile : undefined,
        },
      },
      prompts: {
        trustHostKey: () => Promise.reject(new Error('WinRM has no host keys')),
        trustCertificate: (question) => { this.asked.certificates.push(question); return Promise.resolve(wanted.trust ?? false); },
        password: (question) => {
          this.asked.passwords.push(question);
          const next = typed.shift();
          return Promise.resolve(next === undefined ? undefined : new PlainSecret(next));
        },
        passphrase: () => Promise.reject(new Error('nobody asked for a passphrase')),
      },
      ...wanted.options,
    });
    this.#connections.push(connection);
    return connection;
  }

  /** The failure of a connection that must not succeed. */
  async refused(wanted: Wanted, reason: RemoteFailureReason): Promise<RemoteFailure> {
    return await failure(this.connect(wanted), reason);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection[Symbol.asyncDispose]()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The failure that something has to end with. */
export async function failure(action: Promise<unknown>, reason: RemoteFailureReason): Promise<RemoteFailure> {
  const error: unknown = await action.then(() => assert.fail('it succeeded'), (e: unknown) => e);
  assert.ok(error instanceof RemoteError, String(error));
  assert.equal(error.failure.reason, reason, error.message);
  return error.failure;
}

/** Runs a script to its end. */
export async function run(session: PowerShellSession, script: string, options?: InvokeOptions): Promise<{ records: StreamRecord[]; result: PipelineResult }> {
  const pipeline = session.invoke(script, options);
  const records: StreamRecord[] = [];
  for await (const record of pipeline) records.push(record);
  return { records, result: await pipeline.result };
}

/** The values that a script which must complete puts out. */
export async function output(session: PowerShellSession, script: string, options?: InvokeOptions): Promise<unknown[]> {
  const { records, result } = await run(session, script, options);
  assert.equal(result.state, 'completed', result.error?.message);
  return records.filter((record) => record.stream === 'output').map((record) => record.value);
}
