import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keyType, recordedName } from './host-key.ts';

/** A host key that a person trusted. */
export interface HostKeyPin {
  readonly host: string;
  readonly port: number;
  /** The public key blob. */
  readonly key: Uint8Array;
}

/** A pin and where it is recorded, in words that help a person to find it. */
export interface RecordedPin extends HostKeyPin {
  readonly where: string;
}

/** Our own store of trusted host keys; known_hosts stays the person's. */
export interface HostKeyPins {
  /** Every key pinned for this host and port. Throws where the store cannot be read: the caller then refuses the host. */
  find(host: string, port: number): Promise<readonly RecordedPin[]>;
  /** Pins one more key. */
  add(pin: HostKeyPin): Promise<void>;
  /** Drops every pin of this host and port, readable or not: the deliberate way to accept a new key. Returns how many there were. */
  forget(host: string, port: number): Promise<number>;
}

/** Largest pin file that is read, in bytes. */
const largestPin = 16 * 1024;
/** Most files looked through. */
const mostFiles = 20_000;

/**
 * Pins as files, one a key, named by host and key: adding is one rename, so any number of processes can share the
 * directory without losing each other's answers. Files are 0600, the directory 0700.
 */
export function createFileHostKeyPins(directory: string): HostKeyPins {
  return {
    async find(host, port) {
      const found: RecordedPin[] = [];
      for (const name of await filesOf(directory, host, port)) {
        const path = join(directory, name);
        found.push({ ...readPin(await readBounded(path), host, port, path), where: path });
      }
      return found;
    },

    async add({ host, port, key }) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const record = { v: 1, host: host.toLowerCase(), port, type: keyType(key), key: Buffer.from(key).toString('base64'), pinnedAt: new Date().toISOString() };
      const temporary = join(directory, `.${randomUUID()}.tmp`);
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(`${JSON.stringify(record)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, join(directory, `${prefixOf(host, port)}${digest(Buffer.from(key).toString('base64'))}.json`));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },

    async forget(host, port) {
      const names = await filesOf(directory, host, port);
      for (const name of names) await rm(join(directory, name), { force: true });
      return names.length;
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** The readable part is for people; the digest tells hosts apart. */
function prefixOf(host: string, port: number): string {
  const readable = host.toLowerCase().replace(/[^a-z0-9.-]/g, '_').replace(/^\.+/, '_').slice(0, 60);
  return `${readable}-${port}-${digest(recordedName(host, port))}-`;
}

async function filesOf(directory: string, host: string, port: number): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  if (names.length > mostFiles) throw new Error(`${directory} holds ${names.length} files; at most ${mostFiles} are expected there`);
  const prefix = prefixOf(host, port);
  return names.filter((name) => name.startsWith(prefix) && name.endsWith('.json')).sort();
}

async function readBounded(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  if (text.length > largestPin) throw new Error(`${path} is too large to be a host key`);
  return text;
}

function readPin(text: string, host: string, port: number, path: string): HostKeyPin {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    throw new Error(`${path} is not a host key record; delete it to be asked again`);
  }
  const fields = (typeof record === 'object' && record !== null ? record : {}) as Record<string, unknown>;
  const key = typeof fields['key'] === 'string' ? Buffer.from(fields['key'], 'base64') : Buffer.alloc(0);
  if (fields['v'] !== 1 || fields['host'] !== host.toLowerCase() || fields['port'] !== port || keyType(key) === undefined) {
    throw new Error(`${path} is not a host key record of this host; delete it to be asked again`);
  }
  return { host, port, key };
}
