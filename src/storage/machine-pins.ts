import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineIdentity, MachinePins } from '../connect/machine-pin.ts';

/** Longest file that is read, in characters. */
const longest = 4096;

/**
 * Which machine each name of one servers file stood for when it was first worked on, as files, one a name: the same ones for the
 * extension and the command line.
 */
export class MachinePinFiles implements MachinePins {
  readonly #folder: string;
  readonly #serversFile: string;

  /** @param serversFile absolute path of the servers file: the same name in another file is another server */
  constructor(folder: string, serversFile: string) {
    this.#folder = folder;
    this.#serversFile = serversFile;
  }

  /** Rejects where a pin is there and cannot be read: a server is never taken for a new one because of that. */
  async get(server: string): Promise<MachineIdentity | undefined> {
    const { path } = await this.#place(server);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const pin = text.length > longest ? undefined : parsed(text);
    if (pin === undefined) throw new Error(`${path} is not a machine's identity; delete it to pin the server anew at its next run`);
    return pin;
  }

  /** Forgets one, so that the next run pins anew; true where there was one, readable or not. */
  async forget(server: string): Promise<boolean> {
    const { path } = await this.#place(server);
    return await rm(path).then(() => true, (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    });
  }

  async set(server: string, identity: MachineIdentity): Promise<void> {
    const { path, serversFile } = await this.#place(server);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const temporary = join(this.#folder, `.${randomUUID()}.tmp`);
    try {
      await writeFile(temporary, `${JSON.stringify({ v: 1, serversFile, server, ...identity, pinnedAt: new Date().toISOString() })}\n`, { mode: 0o600, flag: 'wx' });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** One servers file is one place, whatever link or spelling of its drive it is opened by. */
  async #place(server: string): Promise<{ path: string; serversFile: string }> {
    const real = await realpath(this.#serversFile).catch(() => this.#serversFile);
    const serversFile = real.replace(/^[A-Z](?=:[\\/])/, (drive) => drive.toLowerCase());
    const digest = createHash('sha256').update(JSON.stringify([serversFile, server])).digest('hex').slice(0, 24);
    return { path: join(this.#folder, `${server.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 60)}-${digest}.json`), serversFile };
  }
}

function parsed(text: string): MachineIdentity | undefined {
  try {
    const { v, computerName, machineId } = JSON.parse(text) as Record<string, unknown>;
    return v === 1 && typeof computerName === 'string' && computerName !== '' && typeof machineId === 'string' ? { computerName, machineId } : undefined;
  } catch {
    return undefined;
  }
}
