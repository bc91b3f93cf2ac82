import { readFile, stat } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { RemoteError } from '../error.ts';
import type { ConnectPrompts } from '../../session.ts';
import { answerOf } from '../asking.ts';

/** How often a passphrase is asked. */
const mostPassphrases = 3;
/** Largest private key file that is read, in bytes. */
const largestKey = 64 * 1024;

/** Reads a private key file's bytes. Rejects with a RemoteError that names the file. */
export async function readKeyFile(server: string, file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > largestKey) throw new Error(`it has ${size} bytes, more than any private key`);
    return await readFile(file);
  } catch (error) {
    throw unusable(server, `The private key ${file} could not be read (${error instanceof Error ? error.message : String(error)}).`, 'Correct identityFile in the servers file.', error);
  }
}

/**
 * Turns the bytes of a locked key file into a key, asking for its passphrase at most three times. Rejects with a RemoteError.
 * @param parse ssh2's utils.parseKey
 */
export async function unlockKey(options: {
  /** As errors and as prompts name the server. */
  server: string; asks: string; file: string; bytes: Buffer; prompts: ConnectPrompts;
  parse: (data: Buffer, passphrase?: string) => ParsedKey | Error | (ParsedKey | Error)[];
}): Promise<ParsedKey> {
  const { server, asks, file, bytes, prompts, parse } = options;
  for (let attempt = 0; attempt < mostPassphrases; attempt += 1) {
    const passphrase = await answerOf(server, 'passphrase', () => prompts.passphrase({ server: asks, keyFile: file, retry: attempt > 0 }));
    const parsed = parse(bytes, passphrase.reveal());
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    if (key !== undefined && !(key instanceof Error)) return key;
  }
  throw unusable(server, `The passphrase of ${file} was wrong ${mostPassphrases} times.`, 'Connect again once the passphrase is known.');
}

function unusable(server: string, message: string, remedy: string, cause?: unknown): RemoteError {
  return new RemoteError({ reason: 'authentication-failed', server, message, remedy }, { cause });
}
