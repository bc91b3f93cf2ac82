import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interruption } from '../../../src/cli/exit-codes.ts';
import { main } from '../../../src/cli/main.ts';
import type { Questions } from '../../../src/cli/terminal.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import type { ServerConnection } from '../../../src/session.ts';
import { FakeClock } from '../run/fake-clock.ts';
import { FakeServer } from '../run/fake-server.ts';

/** How a call of the command line ended, and what it printed where. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A person at the terminal who answers by what is asked; whatever is asked beyond that is an error of the test. */
export class Person implements Questions {
  readonly asked: string[] = [];
  readonly #answers: readonly (readonly [RegExp, string | undefined])[];

  constructor(...answers: readonly (readonly [RegExp, string | undefined])[]) {
    this.#answers = answers;
  }

  line(prompt: string, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    this.asked.push(prompt);
    const found = this.#answers.find(([pattern]) => pattern.test(prompt));
    if (found === undefined) throw new Error(`Nobody said what to answer to: ${prompt}`);
    return Promise.resolve(found[1]);
  }

  hidden(prompt: string, signal: AbortSignal): Promise<string | undefined> {
    return this.line(prompt, signal);
  }

  async yes(prompt: string, signal: AbortSignal): Promise<boolean> {
    return (await this.line(prompt, signal)) === 'yes';
  }
}

/** The command line in this process, in front of servers in memory, with a folder of its own. */
export class CliBench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'cli-unit-'));
  readonly clock = new FakeClock();
  readonly servers = new Map<string, FakeServer>();
  /** Names of servers that cannot be reached. */
  readonly dead = new Set<string>();
  /** What stands in the way to a dead one says of itself. */
  said: string | undefined;
  environment: Record<string, string | undefined> = {};
  input = '';
  /** Connections that are being made or in use, and how many there ever were at once. */
  open = 0;
  mostOpen = 0;
  readonly #listeners = new Set<(signal: Interruption) => void>();

  constructor(...names: readonly string[]) {
    for (const name of names.length === 0 ? ['practice'] : names) this.servers.set(name, new FakeServer(this.clock));
    this.serversFile(`version: 1\nservers:\n${[...this.servers.keys()].map((name) => `  - name: ${name}\n    transport: local\n`).join('')}`);
  }

  get server(): FakeServer {
    const [first] = this.servers.values();
    if (first === undefined) throw new Error('There is no server.');
    return first;
  }

  serversFile(text: string): void {
    writeFileSync(join(this.folder, 'lab.connect.yaml'), text);
  }

  /** Ctrl+C or one of its relatives. */
  interrupt(signal: Interruption = 'SIGINT'): void {
    for (const listener of [...this.#listeners]) listener(signal);
  }

  async call(words: readonly string[], person?: Questions): Promise<Called> {
    let [out, err] = ['', ''];
    const code = await main({
      io: {
        out: (text) => { out += text; }, err: (text) => { err += text; }, terminal: person, readInput: () => Promise.resolve(this.input), environment: this.environment, folder: this.folder, home: this.folder,
        onInterruption: (listener) => {
          this.#listeners.add(listener);
          return () => { this.#listeners.delete(listener); };
        },
      },
      connect: () => Promise.resolve(async (target, _prompts, signal) => {
        signal.throwIfAborted();
        this.mostOpen = Math.max(this.mostOpen, ++this.open);
        await new Promise((resolve) => setImmediate(resolve));
        if (this.dead.has(target.name)) {
          this.open--;
          throw new RemoteError({ reason: 'unreachable', server: target.name, message: 'Nothing answers.', remedy: 'Look at the network.', ...(this.said !== undefined && { quoted: this.said }) });
        }
        return this.#connection(target.name);
      }),
      clock: this.clock, user: { who: 'alice', host: 'LAPTOP' }, state: join(this.folder, 'state'), version: '1.2.3', newId: randomUUID,
    }, words);
    return { code, out, err };
  }

  /** The one document that a call printed. */
  async json<T>(words: readonly string[], person?: Questions): Promise<T & Called> {
    const called = await this.call([...words, '--json'], person);
    const lines = called.out.split('\n').filter((line) => line !== '');
    if (lines.length !== 1) throw new Error(`${lines.length} lines on standard output: ${called.out}${called.err}`);
    return { ...JSON.parse(lines[0] ?? '') as T, ...called };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #connection(name: string): ServerConnection {
    const server = this.servers.get(name);
    if (server === undefined) throw new Error(`There is no server ${name}.`);
    let open = true;
    return {
      server: name, get alive() { return open; }, closed: new Promise(() => undefined), openSession: () => server.renew(),
      [Symbol.asyncDispose]: () => {
        if (open) this.open--;
        open = false;
        return Promise.resolve();
      },
    };
  }
}
