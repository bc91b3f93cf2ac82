import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import type { SecureString } from '../session.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { secureText } from './secure-text.ts';

/** Names the program that is asked for secrets: an absolute path, or a JSON list of the path and its arguments. */
export const helperVariable = 'ENTRA_CONNECT_CREDENTIAL_HELPER';

/** What a secret is asked for. Written to the helper's standard input as one line of JSON, with `v: 1`. */
export interface SecretQuestion {
  /** The way in to a server, a private key's passphrase, an account that a step asks for, or an administrator of the tenant or of a forest. */
  readonly purpose: 'sign-in' | 'passphrase' | 'account' | 'administrator' | 'enterprise-admin';
  /** The server's name in the servers file. */
  readonly server: string;
  /** Whose password; a key file's path where the purpose is `passphrase`; empty where the helper is to say who. */
  readonly account: string;
  /** Which forest's, where the purpose is `enterprise-admin`. */
  readonly forest?: string;
  /** The last answer was refused. */
  readonly retry: boolean;
}

/** What the helper answers on standard output: one JSON object. */
export interface SecretAnswer {
  /** The account, where the question left it open. */
  readonly userName: string | undefined;
  readonly password: SecureString;
}

export interface HelperLimits {
  /** Milliseconds for one answer. */
  readonly time: number;
  /** Bytes of one answer. */
  readonly size: number;
}

const usualLimits: HelperLimits = { time: 60_000, size: 64 * 1024 };

/** The helper that the environment names; undefined: none. Throws a CliError where it cannot be one. */
export function helperCommand(environment: Readonly<Record<string, string | undefined>>): readonly string[] | undefined {
  const value = environment[helperVariable];
  if (value === undefined || value === '') return undefined;
  const words: unknown = value.startsWith('[') ? parsed(value) : [value];
  if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === 'string') || !isAbsolute(words[0] ?? '')) {
    throw new CliError(exitCodes.wrongCall, `${helperVariable} names no program.`, 'Give the absolute path of a program, or a JSON list of the path and its arguments.');
  }
  return words;
}

/**
 * Asks the helper for one secret; undefined: it has none (`{"v":1}`), so that a person may be asked. Never a shell, never an
 * argument with what is asked. Throws a CliError where it fails, is too slow, or answers with something else; what it printed is
 * never repeated.
 */
export async function askHelper(command: readonly string[], question: SecretQuestion, signal: AbortSignal, limits: HelperLimits = usualLimits): Promise<SecretAnswer | undefined> {
  const [program = '', ...words] = command;
  const failed = (what: string): CliError => new CliError(exitCodes.failed, `The credential helper ${program} ${what}.`, 'Run it by hand with the question of docs/command-line.md on its standard input.');
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    const give = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      settle();
    };
    // A helper's own children may hold its output open: what it left behind is not waited for.
    const end = (error: CliError): void => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      give(() => { reject(error); });
    };
    const timer = setTimeout(() => { end(failed(`did not answer within ${limits.time / 1000} seconds`)); }, limits.time);
    const cancel = (): void => { end(new CliError(exitCodes.cancelled, 'Cancelled while the credential helper was asked.')); };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.size) end(failed(`answered with more than ${limits.size} bytes`));
      else chunks.push(chunk);
    });
    // One that does not read the question closes the pipe early: its answer tells whether that was meant.
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => { give(() => { reject(failed(`could not be started: ${error.message}`)); }); });
    child.once('close', (code, killed) => {
      if (code === 0) give(() => { resolve(Buffer.concat(chunks).toString('utf8')); });
      else give(() => { reject(failed(code === null ? `was ended by ${String(killed)}` : `ended with exit code ${code}`)); });
    });
    child.stdin.end(`${JSON.stringify({ v: 1, ...question })}\n`);
  });
  return answerOf(parsed(output), failed);
}

function answerOf(value: unknown, failed: (what: string) => CliError): SecretAnswer | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw failed('did not answer with a JSON object');
  const { v, userName, password } = value as Record<string, unknown>;
  if (v !== 1) throw failed('did not answer with "v": 1');
  if (password === undefined || password === null) return undefined;
  if (typeof password !== 'string' || password === '' || password.includes('\0')) throw failed('answered with a "password" that is no text');
  if (userName !== undefined && userName !== null && (typeof userName !== 'string' || userName.trim() === '')) throw failed('answered with a "userName" that is no text');
  return { userName: typeof userName === 'string' ? userName : undefined, password: secureText(password) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes what it could not read, which may be a secret.
    return undefined;
  }
}
