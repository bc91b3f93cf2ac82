import { readFile } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { RemoteError } from '../error.ts';
import { keyType } from './host-key.ts';
import { readKeyFile } from './private-key.ts';

/** ssh2's utils.parseKey. */
export type ParseKey = (data: Buffer | string, passphrase?: string) => ParsedKey | Error | (ParsedKey | Error)[];

/** A key file: what is known of it before its passphrase is. */
export interface Identity {
  readonly file: string;
  readonly bytes: Buffer;
  /** Undefined where only the passphrase opens it: old PEM files without a .pub beside them. */
  readonly publicKey: ParsedKey | undefined;
  /** The private key, where it needs no passphrase. */
  readonly open: ParsedKey | undefined;
  /** There is no private key in it: an agent has to hold it. */
  readonly publicOnly: boolean;
}

/** Reads a key file. Rejects with a RemoteError where it is not there or no key. */
export async function readIdentity(server: string, file: string, parseKey: ParseKey): Promise<Identity> {
  const bytes = await readKeyFile(server, file);
  const parsed = one(parseKey(bytes));
  if (!(parsed instanceof Error)) return { file, bytes, publicKey: parsed, open: parsed.isPrivateKey() ? parsed : undefined, publicOnly: !parsed.isPrivateKey() };
  if (!/encrypted/i.test(parsed.message)) {
    throw new RemoteError({ reason: 'authentication-failed', server, message: `The private key ${file} is not one that can be used (${parsed.message}).`, remedy: 'Use an OpenSSH or PEM private key of type Ed25519, ECDSA or RSA.' });
  }
  const blob = publicPart(bytes);
  const text = blob === undefined ? await readFile(`${file}.pub`, 'utf8').catch(() => '') : `${keyType(blob) ?? ''} ${Buffer.from(blob).toString('base64')}`;
  const publicKey = text === '' ? new Error('none') : one(parseKey(text));
  return { file, bytes, publicKey: publicKey instanceof Error ? undefined : publicKey, open: undefined, publicOnly: false };
}

function one(parsed: ReturnType<ParseKey>): ParsedKey | Error {
  return Array.isArray(parsed) ? parsed[0] ?? new Error('no key in it') : parsed;
}

/** The public key that an OpenSSH private key file states in the clear, also an encrypted one (OpenSSH, PROTOCOL.key). */
export function publicPart(bytes: Buffer): Uint8Array | undefined {
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(bytes.toString('latin1')) ?? [];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0';
  if (data.toString('latin1', 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  const field = (): Buffer | undefined => {
    if (at + 4 > data.length) return undefined;
    const length = data.readUInt32BE(at);
    const end = at + 4 + length;
    if (end > data.length) return undefined;
    const value = data.subarray(at + 4, end);
    at = end;
    return value;
  };
  // Cipher, key derivation and its options, then how many keys there are.
  for (let skipped = 0; skipped < 3; skipped += 1) if (field() === undefined) return undefined;
  at += 4;
  const key = field();
  return key === undefined || keyType(key) === undefined ? undefined : key;
}
