import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Somebody who can be asked. */
export interface Questions {
  /** One line; undefined where the person ended the input or the signal aborted. */
  line(prompt: string, signal: AbortSignal): Promise<string | undefined>;
  /** One line that is not shown while it is typed; an empty one counts as declined. */
  hidden(prompt: string, signal: AbortSignal): Promise<string | undefined>;
  /** True for `yes` in full, as OpenSSH asks for it; anything else is a no. */
  yes(prompt: string, signal: AbortSignal): Promise<boolean>;
}

/** A person at a terminal, asked one thing at a time. Questions go to standard error, so that results stay alone on standard output. */
export class Terminal implements Questions {
  readonly #input: NodeJS.ReadableStream;
  readonly #output: NodeJS.WritableStream;
  readonly #interrupt: () => void;
  #last: Promise<unknown> = Promise.resolve();

  /** @param interrupt called for a Ctrl+C that is typed into a question */
  constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, interrupt: () => void) {
    this.#input = input;
    this.#output = output;
    this.#interrupt = interrupt;
  }

  line(prompt: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#next(() => this.#ask(prompt, false, signal));
  }

  async hidden(prompt: string, signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.#next(() => this.#ask(prompt, true, signal));
    return answer === '' ? undefined : answer;
  }

  async yes(prompt: string, signal: AbortSignal): Promise<boolean> {
    return (await this.line(`${prompt} (yes/no) `, signal))?.trim().toLowerCase() === 'yes';
  }

  #next<T>(ask: () => Promise<T>): Promise<T> {
    const next = this.#last.then(ask, ask);
    this.#last = next.catch(() => undefined);
    return next;
  }

  #ask(prompt: string, hidden: boolean, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (hidden) this.#output.write(prompt);
    const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => { done(); } }) : this.#output;
    const reader = createInterface({ input: this.#input, output, terminal: true, historySize: 0 });
    return new Promise((resolve) => {
      let answer: string | undefined;
      const stop = (): void => { reader.close(); };
      signal.addEventListener('abort', stop, { once: true });
      reader.once('line', (line) => {
        answer = line;
        reader.close();
      });
      reader.on('SIGINT', () => {
        reader.close();
        this.#interrupt();
      });
      reader.once('close', () => {
        signal.removeEventListener('abort', stop);
        if (hidden || answer === undefined) this.#output.write('\n');
        resolve(answer);
      });
      if (!hidden) reader.setPrompt(prompt);
      reader.prompt();
    });
  }
}
