import { readFile, stat } from 'node:fs/promises';
import { RemoteError } from '../error.ts';
import { fingerprint, keyType, recordedName, sameKey } from './host-key.ts';
import { parseKnownHosts } from './known-hosts.ts';
import type { HostKeyPins } from './pins.ts';

/** A key that is recorded for the host, and where. */
interface RecordedKey {
  readonly type: string;
  readonly key: Uint8Array;
  /** `file:line`, or the file of our own store. */
  readonly where: string;
  /** What a person does to accept another key deliberately. */
  readonly toReplace: string;
}

/** Everything recorded about one host's keys, before it is contacted. */
export interface HostTrust {
  /** Types of the trusted keys. */
  readonly knownTypes: readonly string[];
  /** What a person who is asked about a key should know besides, one sentence. */
  readonly note: string | undefined;
  /** `trusted`, `unknown` (a person must be asked), or the error to refuse with. */
  judge(key: Uint8Array): 'trusted' | 'unknown' | RemoteError;
}

/** Largest known_hosts file that is read, in bytes. */
const largestFile = 8 * 1024 * 1024;

/** Under which host and port keys are recorded: HostKeyAlias stands alone, as OpenSSH has it. */
export function trustName(host: string, port: number, alias: string | undefined): { host: string; port: number } {
  return alias === undefined ? { host, port } : { host: alias, port: 22 };
}

/**
 * Reads what known_hosts files and our own store say about a host. A file that is there but cannot be read is an
 * error, never an empty file: a changed key would look like a new one.
 */
export async function readHostTrust(options: {
  server: string; host: string; port: number; knownHostsFiles: readonly string[]; pins: HostKeyPins;
}): Promise<HostTrust> {
  const { server, host, port } = options;
  const name = recordedName(host, port);
  const trusted: RecordedKey[] = [];
  const revoked: RecordedKey[] = [];
  let authority: string | undefined;
  for (const file of options.knownHostsFiles) {
    for (const line of parseKnownHosts(await readKnownHosts(server, file))) {
      if (!line.matches(name)) continue;
      // A certificate authority's key is not a host's key; host certificates cannot be checked here.
      if (line.marker === 'cert-authority') {
        authority ??= `${file}:${line.line}`;
        continue;
      }
      const toReplace = `remove line ${line.line} of ${file} (\`ssh-keygen -R "${name}" -f "${file}"\`)`;
      (line.marker === 'revoked' ? revoked : trusted).push({ type: line.type, key: line.key, where: `${file}:${line.line}`, toReplace });
    }
  }
  for (const pin of await readPins(server, host, port, options.pins)) {
    trusted.push({ type: keyType(pin.key) ?? '', key: pin.key, where: pin.where, toReplace: `forget it (in the editor "Forget Identity" on this server, else delete ${pin.where})` });
  }
  return {
    knownTypes: trusted.filter((known) => !revoked.some((bad) => sameKey(bad.key, known.key))).map((known) => known.type),
    note: authority === undefined ? undefined : `${authority} trusts a certificate authority for this host; host certificates are not supported here, so its plain key is asked about and pinned.`,
    judge: (key) => {
      const bad = revoked.find((known) => sameKey(known.key, key));
      if (bad !== undefined) return revokedKey(server, key, bad);
      if (trusted.some((known) => sameKey(known.key, key))) return 'trusted';
      return trusted.length === 0 ? 'unknown' : changedKey(server, key, trusted);
    },
  };
}

async function readKnownHosts(server: string, file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) throw new Error(`it has ${size} bytes, at most ${largestFile} are read`);
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw cannotVerify(server, file, error);
  }
}

async function readPins(server: string, host: string, port: number, pins: HostKeyPins): Promise<Awaited<ReturnType<HostKeyPins['find']>>> {
  try {
    return await pins.find(host, port);
  } catch (error) {
    throw cannotVerify(server, 'the store of trusted host keys', error);
  }
}

function cannotVerify(server: string, what: string, error: unknown): RemoteError {
  const why = error instanceof Error ? error.message : String(error);
  return new RemoteError({
    reason: 'host-key-unknown', server,
    message: `The host key cannot be verified: ${what} could not be read (${why}).`,
    remedy: 'Make it readable or move it away, then connect again.',
  }, { cause: error });
}

function changedKey(server: string, key: Uint8Array, trusted: readonly RecordedKey[]): RemoteError {
  const type = keyType(key) ?? 'unknown type';
  const shown = trusted.slice(0, 5).map((known) => `${known.type} ${fingerprint(known.key)} (recorded in ${known.where})`);
  const steps = [...new Set(trusted.slice(0, 5).map((known) => known.toReplace))];
  return new RemoteError({
    reason: 'host-key-changed', server,
    message: `The host key has changed. The server presented ${type} ${fingerprint(key)}; trusted so far: ${shown.join(', ')}. Somebody may be between you and the server, or it was reinstalled.`,
    remedy: `Compare the new fingerprint with the server's own (at its console: ssh-keygen -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub). Only if they are equal, ${steps.join(' and ')}, then connect again.`,
  });
}

function revokedKey(server: string, key: Uint8Array, bad: RecordedKey): RemoteError {
  return new RemoteError({
    reason: 'host-key-changed', server,
    message: `The server presented the host key ${keyType(key) ?? 'unknown type'} ${fingerprint(key)}, which ${bad.where} marks as revoked.`,
    remedy: 'Do not connect. Ask who revoked it; the server needs a new host key.',
  });
}
