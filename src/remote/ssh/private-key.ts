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
 * Turns the file's bytes into a key, asking for its passphrase at most three times.
 * @param parse ssh2's utils.parseKey
 */
export async function unlockKey(options: {
  server: string; file: string; bytes: Buffer; prompts: ConnectPrompts;
  parse: (data: Buffer, passphrase?: string) => ParsedKey | Error | (ParsedKey | Error)[];
}): Promise<ParsedKey> {
  const { server, file, bytes, prompts } = options;
  const parse = (passphrase?: string): ParsedKey | Error => {
    const parsed = options.parse(bytes, passphrase);
    const one = Array.isArray(parsed) ? parsed[0] : parsed;
    return one ?? new Error('no key in it');
  };
  let key = parse();
  for (let attempt = 0; key instanceof Error; attempt += 1) {
    if (attempt === 0 && !/encrypted/i.test(key.message)) throw unusable(server, `The private key ${file} is not one that can be used (${key.message}).`, 'Use an OpenSSH or PEM private key of type Ed25519, ECDSA or RSA.');
    if (attempt === mostPassphrases) throw unusable(server, `The passphrase of ${file} was wrong ${mostPassphrases} times.`, 'Connect again once the passphrase is known.');
    const passphrase = await answerOf(server, 'passphrase', () => prompts.passphrase({ server, keyFile: file, retry: attempt > 0 }));
    key = parse(passphrase.reveal());
  }
  if (!key.isPrivateKey()) throw unusable(server, `${file} holds a public key only.`, 'Name the private key (the file without .pub) as identityFile.');
  return key;
}

function unusable(server: string, message: string, remedy: string, cause?: unknown): RemoteError {
  return new RemoteError({ reason: 'authentication-failed', server, message, remedy }, { cause });
}
