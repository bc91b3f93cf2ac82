import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A server's certificate that a person trusted. */
export interface CertificatePin {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the DER certificate, upper-case hexadecimal with colons. */
  readonly fingerprint: string;
}

/** A pin and where it is recorded, in words that help a person to find it. */
export interface RecordedCertificatePin extends CertificatePin {
  readonly where: string;
}

/** Our own store of trusted certificates, for servers that no certificate authority vouches for. */
export interface CertificatePins {
  /** Every certificate pinned for this host and port. Throws where the store cannot be read: the caller then refuses the server. */
  find(host: string, port: number): Promise<readonly RecordedCertificatePin[]>;
  /** Pins one more certificate. */
  add(pin: CertificatePin): Promise<void>;
  /** Drops every pin of this host and port, readable or not: the deliberate way to accept a new certificate. Returns how many there were. */
  forget(host: string, port: number): Promise<number>;
}

/** Largest pin file that is read, in bytes. */
const largestPin = 4 * 1024;
/** Most files looked through. */
const mostFiles = 20_000;
const fingerprintText = /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/;

/**
 * Pins as files, one a certificate, named by host and fingerprint: adding is one rename, so any number of processes can
 * share the directory. Files are 0600, the directory 0700.
 */
export function createFileCertificatePins(directory: string): CertificatePins {
  return {
    async find(host, port) {
      const found: RecordedCertificatePin[] = [];
      for (const name of await filesOf(directory, host, port)) {
        const where = join(directory, name);
        found.push({ host, port, fingerprint: readPin(await readFile(where, 'utf8'), host, port, where), where });
      }
      return found;
    },

    async add({ host, port, fingerprint }) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const record = { v: 1, host: host.toLowerCase(), port, sha256: fingerprint, pinnedAt: new Date().toISOString() };
      const temporary = join(directory, `.${randomUUID()}.tmp`);
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(`${JSON.stringify(record)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, join(directory, `${prefixOf(host, port)}${digest(fingerprint)}.json`));
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
  return `${readable}-${port}-${digest(`${host.toLowerCase()} ${port}`)}-`;
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

/** The fingerprint in a pin's file. */
function readPin(text: string, host: string, port: number, path: string): string {
  let record: unknown;
  try {
    record = text.length > largestPin ? undefined : JSON.parse(text);
  } catch {
    record = undefined;
  }
  const fields = (typeof record === 'object' && record !== null ? record : {}) as Record<string, unknown>;
  const { sha256 } = fields;
  if (fields['v'] !== 1 || fields['host'] !== host.toLowerCase() || fields['port'] !== port || typeof sha256 !== 'string' || !fingerprintText.test(sha256)) {
    throw new Error(`${path} is not a certificate's record; delete it to be asked again`);
  }
  return sha256;
}
