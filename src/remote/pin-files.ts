import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Most files looked through. */
const mostFiles = 20_000;
/** Longest record, in characters. */
const longestRecord = 16 * 1024;

/** How one kind of pin is written into its record and read back. */
export interface PinFormat<T> {
  /** What a record is, for errors: `host key record`. */
  readonly kind: string;
  /** Names a host and port; digested into the file's name. */
  name(host: string, port: number): string;
  /** What makes two pins of one host differ. */
  identity(pinned: T): string;
  /** The fields that stand beside version, host, port and time. */
  write(pinned: T): Readonly<Record<string, string>>;
  /** Undefined where the fields hold no pin. */
  read(fields: Readonly<Record<string, unknown>>): T | undefined;
}

/**
 * What a person trusted of servers, as files, one a pin, named by host and identity: adding is one rename, so any number of
 * processes can share the directory without losing each other's answers. Files are 0600, the directory 0700.
 */
export class PinFiles<T> {
  readonly #directory: string;
  readonly #format: PinFormat<T>;

  constructor(directory: string, format: PinFormat<T>) {
    this.#directory = directory;
    this.#format = format;
  }

  /** Every pin of a host and port with its file. Throws where one cannot be read: whoever asked then refuses the server. */
  async find(host: string, port: number): Promise<{ pinned: T; where: string }[]> {
    const found: { pinned: T; where: string }[] = [];
    for (const name of await this.#names(host, port)) {
      const where = join(this.#directory, name);
      found.push({ pinned: this.#read(await readFile(where, 'utf8'), host, port, where), where });
    }
    return found;
  }

  async add(host: string, port: number, pinned: T): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const record = { v: 1, host: host.toLowerCase(), port, ...this.#format.write(pinned), pinnedAt: new Date().toISOString() };
    const temporary = join(this.#directory, `.${randomUUID()}.tmp`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(record)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(this.#directory, `${this.#prefix(host, port)}${digest(this.#format.identity(pinned))}.json`));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Drops every pin of a host and port, readable or not. Gives how many there were. */
  async forget(host: string, port: number): Promise<number> {
    const names = await this.#names(host, port);
    for (const name of names) await rm(join(this.#directory, name), { force: true });
    return names.length;
  }

  async #names(host: string, port: number): Promise<string[]> {
    let names: string[];
    try {
      names = await readdir(this.#directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    if (names.length > mostFiles) throw new Error(`${this.#directory} holds ${names.length} files; at most ${mostFiles} are expected there`);
    const prefix = this.#prefix(host, port);
    return names.filter((name) => name.startsWith(prefix) && name.endsWith('.json')).sort();
  }

  /** The readable part is for people; the digest tells hosts apart. */
  #prefix(host: string, port: number): string {
    const readable = host.toLowerCase().replace(/[^a-z0-9.-]/g, '_').replace(/^\.+/, '_').slice(0, 60);
    return `${readable}-${port}-${digest(this.#format.name(host, port))}-`;
  }

  #read(text: string, host: string, port: number, where: string): T {
    if (text.length > longestRecord) throw new Error(`${where} is too large to be a ${this.#format.kind}`);
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch {
      record = undefined;
    }
    const fields = (typeof record === 'object' && record !== null ? record : {}) as Record<string, unknown>;
    const own = fields['v'] === 1 && fields['host'] === host.toLowerCase() && fields['port'] === port;
    const pinned = own ? this.#format.read(fields) : undefined;
    if (pinned === undefined) throw new Error(`${where} is not a ${this.#format.kind} of this host; delete it to be asked again`);
    return pinned;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
