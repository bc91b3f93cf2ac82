import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What a client took for 100,000 event rows. */
export interface RowsTaken {
  readonly milliseconds: number;
  /** Processor time of the client, in milliseconds. */
  readonly cpu: number;
  readonly rows: number;
}

/** Another WinRM client as a process of its own: its job in one line, then a line to start each part, an answer after each. */
export class Peer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #said = '';

  constructor(program: string, words: readonly string[], job: unknown, environment: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(program, words, { stdio: 'pipe', env: { ...process.env, ...environment } });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.#said += text; });
    this.#child.stdin?.on('error', () => undefined).write(`${JSON.stringify(job)}\n`);
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** Runs the next part. */
  async part<T>(): Promise<T> {
    this.#child.stdin?.write('\n');
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`A client ended: ${this.#said}`);
    return JSON.parse(line.value) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
  }
}
