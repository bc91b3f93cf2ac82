import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import { RemoteError } from '../error.ts';
import { SshConfigError } from './config/error.ts';
import { expandTokens } from './config/tokens.ts';
import { splitWords } from './config/words.ts';
import type { Hop } from './route.ts';

/** How much of standard error is kept, in characters. */
const keptErrors = 2048;
/** How long the program may take to end by itself once the connection has, in milliseconds. */
const grace = 1000;

/** Signs that only a shell understands, outside of quotes. */
const shellSigns = /[|&;<>`(){}]|\$[\w({]/;

/**
 * The program and its arguments. No shell: the line is split first and its tokens are replaced word by word, so that no host
 * or user name can become a command. Throws an SshConfigError.
 */
export function proxyWords(template: string, hop: { host: string; port: number; user: string; original: string; home: string }, where: string): string[] {
  const bare = template.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '');
  if (shellSigns.test(bare)) throw new SshConfigError(where, 'ProxyCommand is run without a shell: put pipes, redirections and variables into a script and name that.');
  // They come from a servers file that somebody else may have written: the program must not take them for its options.
  for (const [what, text] of [['host', hop.host], ['host', hop.original], ['user', hop.user]] as const) {
    if (text.startsWith('-')) throw new SshConfigError(where, `the ${what} ${JSON.stringify(text)} begins with a hyphen, and the program would take it for an option.`);
  }
  const tokens = { h: hop.host, n: hop.original, p: String(hop.port), r: hop.user };
  const words = splitWords(template, false).map((word) => expandTokens(word.replace(/^~(?=$|[\\/])/, () => hop.home), tokens, where));
  if (words[0] === 'exec') words.shift();
  if (words[0] === undefined || words[0] === '') throw new SshConfigError(where, 'ProxyCommand names no program.');
  return words;
}

/** Starts the program; its output and input carry the connection, and it is ended with it. */
export function runProxyCommand(words: readonly string[], hop: Hop): ProxyCommandStream {
  const [program = '', ...rest] = words;
  return new ProxyCommandStream(spawn(program, rest, { stdio: 'pipe', windowsHide: true }), program, hop.server);
}

/** A program's standard input and output as one stream; destroying it ends the program. */
export class ProxyCommandStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #errors = '';

  constructor(child: ChildProcessWithoutNullStreams, program: string, server: string) {
    super({ allowHalfOpen: false });
    this.#child = child;
    const fail = (message: string, remedy: string, cause?: unknown): void => {
      this.destroy(new RemoteError({ reason: 'unreachable', server, message, remedy, quoted: this.#errors === '' ? undefined : this.#errors }, { cause }));
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      fail(`ProxyCommand ${program} could not be started (${error.code ?? error.message}).`, 'Check the program that ~/.ssh/config names; a .cmd or .bat file has to be named through cmd /c.', error);
    });
    child.stdout.on('data', (bytes: Buffer) => { if (!this.push(bytes)) child.stdout.pause(); });
    child.stderr.on('data', (bytes: Buffer) => { this.#errors = (this.#errors + bytes.toString('utf8')).slice(-keptErrors); });
    child.stdin.on('error', () => undefined);
    child.once('close', (code, signal) => {
      fail(`ProxyCommand ${program} ended ${signal === null ? `with exit code ${code ?? -1}` : `by ${signal}`}.`, 'Run it by hand with the same host and port to see what is wrong.');
    });
  }

  /** What the program wrote to standard error. */
  get errorText(): string {
    return this.#errors;
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const timer = setTimeout(() => { child.kill('SIGKILL'); }, grace);
      child.once('close', () => { clearTimeout(timer); });
      child.kill();
    }
    done(error);
  }
}
