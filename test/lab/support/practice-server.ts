import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPracticeLab } from '../../../scripts/build/practice-lab.mjs';
import type { ConnectServer } from '../../../src/connect/server.ts';
import { openPracticeLab, type PracticeLab } from '../../../src/providers/lab/practiceLab.ts';
import { readPracticeData } from '../../../src/providers/lab/practiceData.ts';
import { practiceScenarios } from '../../../src/providers/lab/scenario.ts';
import { createConnect } from '../../../src/remote/connect.ts';
import type { PowerShellSession, ServerConnection, SessionProgram } from '../../../src/session.ts';

/** The PowerShell that set-up brings: somebody's own. */
export const pwsh = join(process.cwd(), '.cache', 'pwsh', 'pwsh');

/** The practice lab as it ships, opened in a folder of its own. */
export async function openShippedLab(ids: readonly string[]): Promise<PracticeLab & AsyncDisposable> {
  const top = await mkdtemp(join(tmpdir(), 'practice-'));
  const packed = join(top, 'lab.br');
  await writeFile(packed, packPracticeLab(process.cwd()));
  const data = await readPracticeData(packed);
  const scenarios = practiceScenarios(data).filter(({ id }) => ids.includes(id));
  const lab = await openPracticeLab({ pwsh, data, folder: join(top, 'lab'), scenarios, signal: new AbortController().signal });
  return { ...lab, [Symbol.asyncDispose]: async () => { await lab.close(); await rm(top, { recursive: true, force: true, maxRetries: 5 }); } };
}

/** A program over the local transport, through the product's own code. */
export async function connectTo(program: SessionProgram, name: string, allowAnyPowerShell = false): Promise<ServerConnection> {
  const none = { find: () => Promise.resolve([]), add: () => Promise.resolve(), forget: () => Promise.resolve(0) };
  const connect = createConnect({ hostKeyPins: none, certificatePins: none, knownHostsFiles: [], localPowerShell: program, allowAnyPowerShell });
  const nobody = (): Promise<never> => Promise.reject(new Error('nothing is asked for this machine'));
  return await connect({ name, host: 'localhost', transport: 'local', port: undefined, user: undefined, identityFile: undefined }, { trustHostKey: nobody, trustCertificate: nobody, password: nobody, passphrase: nobody }, new AbortController().signal);
}

/** A practice server as the domain reaches it. */
export class PracticeConnection implements ConnectServer, AsyncDisposable {
  readonly claims = {};
  readonly name: string;
  readonly #program: SessionProgram;
  #connection: ServerConnection | undefined;
  #session: PowerShellSession | undefined;

  constructor(name: string, program: SessionProgram) {
    this.name = name;
    this.#program = program;
  }

  async session(): Promise<PowerShellSession> {
    this.#connection ??= await connectTo(this.#program, this.name);
    if (this.#session?.alive !== true) this.#session = await this.#connection.openSession();
    return this.#session;
  }

  async renew(): Promise<PowerShellSession> {
    await this.#session?.[Symbol.asyncDispose]();
    this.#session = undefined;
    return await this.session();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.[Symbol.asyncDispose]();
  }
}
