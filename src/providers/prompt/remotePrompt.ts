import type { Pipeline, PipelineResult, PowerShellSession, RemoteErrorRecord, StreamRecord } from '../../session.ts';
import { problemOf } from '../server/problem.ts';
import { sanitize, sanitizeLine } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Transcript } from '../terminal/transcript.ts';
import { askCompletions } from './completeScript.ts';
import type { DangerId } from './dangerRules.ts';
import { History } from './history.ts';
import { inspectCommand } from './inspectCommand.ts';
import { KeyReader, type Typed } from './keys.ts';
import { fitting, layOut, type Layout } from './layout.ts';
import { LineEditor, type EditorAction } from './lineEditor.ts';
import { Painter } from './painter.ts';
import { outputEnd, outputStart, promptEnd, promptStart } from './promptMarks.ts';
import type { PromptPorts } from './promptPorts.ts';

/** How long the server may take for its own `prompt`, and for a completion, in milliseconds. */
const promptLimit = 5000;
const completionLimit = 10_000;
/** Keys that are kept while a command runs. */
const mostAhead = 4096;
const continuation = '>> ';
const pasteOn = '\u001b[?2004h';
const pasteOff = '\u001b[?2004l';
const clearAll = '\u001b[2J\u001b[3J\u001b[H';
/** Colours of what the prompt itself says (.NET ConsoleColor). */
const colours = { dim: 8, good: 10, bad: 12, warn: 14 } as const;
/** Dangers that hold no lock: nothing is known of them that a run could meet. */
const unlocked = new Set<DangerId>(['secret', 'cannot-tell']);

/** What runs now, and how it is stopped. */
interface Running {
  readonly controller: AbortController;
  pipeline: Pipeline | undefined;
  stopping: boolean;
}

/**
 * A PowerShell prompt of a server: what a terminal sends comes in, what it has to show goes out. Lines are edited here and run in a
 * session of its own. Knows no editor.
 */
export class RemotePrompt {
  readonly #ports: PromptPorts;
  readonly #screen: Screen;
  readonly #transcript: Transcript;
  readonly #write: (text: string) => void;
  readonly #keys = new KeyReader();
  readonly #history = new History();
  readonly #editor = new LineEditor(this.#history);
  readonly #painter = new Painter();
  #columns = 80;
  #rows = 24;
  #state: 'reading' | 'busy' | 'asking' | 'closed' = 'busy';
  #session: PowerShellSession | undefined;
  #running: Running | undefined;
  #completing: AbortController | undefined;
  #ahead: Typed[] = [];
  #prompt = 'PS> ';
  /** Lines of a command that is not complete yet, and the dangers that were agreed to in them. */
  #held = '';
  #agreed = new Set<DangerId>();

  constructor(ports: PromptPorts, screen: Screen, transcript: Transcript, write: (text: string) => void) {
    this.#ports = ports;
    this.#screen = screen;
    this.#transcript = transcript;
    this.#write = write;
  }

  /** Commands of this prompt, oldest first. */
  get history(): readonly string[] { return this.#history.entries; }

  /** Opens the session and shows the first prompt. Never rejects. */
  async start(): Promise<void> {
    await this.#work(async (running) => {
      await this.#open(running);
      return 0;
    });
  }

  /** The terminal's size in cells. */
  resize(columns: number, rows: number): void {
    this.#columns = Math.max(columns, 4);
    this.#rows = Math.max(rows, 2);
    this.#screen.resize(this.#columns);
    if (this.#state === 'reading') this.#draw();
  }

  /** What the terminal sends. */
  input(data: string): void {
    for (const typed of this.#keys.read(data)) this.#press(typed);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#completing?.abort();
    this.#running?.controller.abort();
    const session = this.#session;
    this.#session = undefined;
    try {
      await session?.[Symbol.asyncDispose]();
    } catch {
      // It was gone already.
    }
  }

  #press(typed: Typed): void {
    const interrupts = typed.kind === 'key' && typed.key === 'interrupt';
    if (this.#state === 'reading') {
      const completing = this.#completing;
      this.#completing = undefined;
      completing?.abort();
      if (completing === undefined || !interrupts) this.#act(this.#editor.press(typed));
    } else if (this.#state === 'busy') {
      if (interrupts) this.#interrupt();
      else if (this.#ahead.length < mostAhead) this.#ahead.push(typed);
    }
  }

  #act(action: EditorAction): void {
    switch (action.kind) {
      case 'redraw': this.#draw(); return;
      case 'bell': this.#write('\u0007'); return;
      case 'too-long': this.#aside(this.#ports.texts.tooLong(action.limit)); return;
      case 'submit': void this.#submit(action.text); return;
      case 'paste': void this.#paste(action.text, action.lines); return;
      case 'complete': void this.#complete(action.text, action.cursor); return;
      case 'leave': this.#write(this.#painter.leave()); this.#ports.left(); return;
      case 'clear-screen':
        this.#painter.forget();
        this.#write(clearAll);
        this.#draw();
        return;
      case 'interrupt':
        this.#write(`${this.#painter.leave()}^C\r\n${outputEnd(130)}`);
        this.#held = '';
        this.#agreed.clear();
        this.#read();
        return;
    }
  }

  /** Begins a new line. Keys that came meanwhile are taken first. */
  #read(): void {
    if (this.#state === 'closed') return;
    this.#state = 'reading';
    this.#editor.clear();
    this.#write(`${pasteOn}${promptStart}`);
    this.#draw();
    this.#write(promptEnd);
    const ahead = this.#ahead;
    this.#ahead = [];
    for (const typed of ahead) this.#press(typed);
  }

  #layout(): Layout {
    return layOut({ prompt: this.#held === '' ? this.#prompt : continuation, continuation, text: this.#editor.text, cursor: this.#editor.cursor }, this.#columns);
  }

  #draw(): void {
    this.#write(this.#painter.draw(fitting(this.#layout(), this.#rows)));
  }

  /** Says something above the line that is being written. */
  #aside(text: string): void {
    const reading = this.#state === 'reading';
    if (reading) this.#write(this.#painter.erase());
    this.#note(text, colours.warn);
    if (reading) this.#draw();
  }

  /** A line of the prompt's own, as Write-Host would show it. */
  #note(text: string, colour: number = colours.dim): void {
    this.#screen.record({ stream: 'information', value: { message: text, source: '', tags: [], host: { foreground: colour, background: undefined, noNewLine: false } } });
  }

  async #paste(text: string, lines: number): Promise<void> {
    this.#state = 'asking';
    const agreed = await this.#ports.confirmPaste(text, lines).catch(() => false);
    if (this.#over()) return;
    this.#state = 'reading';
    if (agreed) this.#act(this.#editor.insert(text));
  }

  async #complete(text: string, cursor: number): Promise<void> {
    const session = this.#session;
    if (session?.alive !== true) {
      this.#write('\u0007');
      return;
    }
    const controller = new AbortController();
    this.#completing = controller;
    const held = this.#held.length;
    const found = await askCompletions(session, this.#held + text, held + cursor, AbortSignal.any([controller.signal, AbortSignal.timeout(completionLimit)]));
    // A key that came meanwhile went on with the line as it was.
    if (this.#completing !== controller) return;
    this.#completing = undefined;
    this.#act(this.#editor.complete({ ...found, index: found.index - held }));
  }

  async #submit(text: string): Promise<void> {
    const script = this.#held + text;
    const whole = this.#layout();
    this.#write(`${this.#painter.draw({ ...whole, row: whole.rows.length - 1 })}${this.#painter.leave()}${pasteOff}`);
    const dangers = inspectCommand(script);
    const secret = dangers.includes('secret');
    this.#transcript.append(`${this.#held === '' ? this.#prompt : continuation}${secret ? this.#ports.texts.hidden : sanitize(text)}\n`);
    await this.#work(async (running) => await this.#take(script, text, dangers, secret, running));
  }

  /** Does one thing at a time, tells how it failed, and comes back to the prompt. */
  async #work(task: (running: Running) => Promise<number>): Promise<void> {
    if (this.#over()) return;
    this.#state = 'busy';
    const running: Running = { controller: new AbortController(), pipeline: undefined, stopping: false };
    this.#running = running;
    let code = 1;
    try {
      code = await task(running);
    } catch (error) {
      this.#screen.end(1);
      if (running.controller.signal.aborted) this.#note('^C', colours.warn);
      else {
        const { message, remedy } = problemOf(error);
        this.#note(message, colours.bad);
        if (remedy !== '') this.#note(remedy, colours.warn);
      }
    }
    running.controller.abort();
    this.#running = undefined;
    if (this.#over()) return;
    this.#screen.end(code);
    this.#write(outputEnd(code));
    this.#read();
  }

  async #take(script: string, line: string, dangers: readonly DangerId[], secret: boolean, running: Running): Promise<number> {
    const { texts } = this.#ports;
    const word = script.trim().toLowerCase();
    if (word === '' || word === 'exit') {
      this.#forgetHeld();
      if (word === 'exit') this.#ports.left();
      return 0;
    }
    if (word === 'cls' || word === 'clear' || word === 'clear-host') {
      this.#write(clearAll);
      this.#history.add(script);
      return 0;
    }
    const refused = (): boolean => {
      const refusal = this.#ports.refusal();
      if (refusal === undefined) return false;
      this.#note(refusal, colours.bad);
      this.#finishHeld(script, secret);
      return true;
    };
    // What was agreed to for the lines before says nothing about what this one does by itself.
    const own = this.#agreed.size === 0 ? [] : inspectCommand(line);
    const fresh = dangers.filter((danger) => !this.#agreed.has(danger) || own.includes(danger));
    if (refused()) return 1;
    if (fresh.length > 0 && !await this.#agrees(script, fresh)) {
      this.#note(texts.notRun, colours.warn);
      this.#finishHeld(script, secret);
      return 1;
    }
    const session = await this.#open(running);
    // A run may have begun while the person thought, or the session was opened.
    if (refused()) return 1;
    this.#write(outputStart(secret ? texts.hidden : script));
    const run = async (): Promise<PipelineResult> => await this.#run(session, script, running);
    const locks = dangers.some((danger) => !unlocked.has(danger));
    if (locks) this.#note(texts.locking);
    const result = locks ? await this.#ports.locked(run, running.controller.signal) : await run();
    if (result.state === 'failed' && result.error?.exceptionType.endsWith('IncompleteParseException') === true) {
      // Nothing of it ran: what is missing comes on the next line.
      this.#held = `${script}\n`;
      return 0;
    }
    this.#finishHeld(script, secret);
    if (result.state === 'failed' && result.error !== undefined) this.#fail(result.error);
    if (result.state === 'stopped') this.#screen.end(130);
    if (session.alive) this.#prompt = await this.#askPrompt(session);
    return result.state === 'stopped' ? 130 : result.hadErrors ? 1 : 0;
  }

  async #agrees(script: string, dangers: readonly DangerId[]): Promise<boolean> {
    this.#state = 'asking';
    const agreed = await this.#ports.confirm(script, dangers).catch(() => false);
    if (this.#over()) return false;
    this.#state = 'busy';
    if (agreed) for (const danger of dangers) this.#agreed.add(danger);
    return agreed;
  }

  #finishHeld(script: string, secret: boolean): void {
    this.#forgetHeld();
    if (!secret) this.#history.add(script);
  }

  #forgetHeld(): void {
    this.#held = '';
    this.#agreed.clear();
  }

  #over(): boolean {
    return this.#state === 'closed';
  }

  async #run(session: PowerShellSession, script: string, running: Running): Promise<PipelineResult> {
    const questions = new AbortController();
    const pipeline = session.invoke(script, {
      scope: 'runspace', name: 'a command of the prompt',
      pipedTo: { command: 'Out-String', parameters: { Stream: true, Width: Math.max(this.#columns - 1, 20) } },
      host: this.#ports.host({ signal: AbortSignal.any([questions.signal, running.controller.signal]), decline: () => this.#decline(running) }),
      signal: running.controller.signal,
    });
    running.pipeline = pipeline;
    try {
      for await (const record of pipeline) this.#show(record);
      return await pipeline.result;
    } finally {
      running.pipeline = undefined;
      questions.abort();
    }
  }

  #show(record: StreamRecord): void {
    if (record.stream === 'output' && typeof record.value === 'string') this.#screen.print(`${sanitize(record.value.trimEnd())}\n`);
    else this.#screen.record(record);
  }

  #fail(error: RemoteErrorRecord): void {
    this.#screen.record({ stream: 'error', value: error });
  }

  /** Nobody answers: the script is stopped, and only where the server does not hear of it in time does it get an error. */
  async #decline(running: Running): Promise<never> {
    const { pipeline } = running;
    if (pipeline !== undefined && !running.stopping) {
      running.stopping = true;
      await Promise.race([pipeline.stop().catch(() => undefined), new Promise((resolve) => { setTimeout(resolve, 2000).unref(); })]);
    }
    throw new Error('The question was not answered.');
  }

  #interrupt(): void {
    this.#ahead = [];
    const running = this.#running;
    if (running === undefined) return;
    if (running.pipeline === undefined) {
      running.controller.abort();
      return;
    }
    this.#note(running.stopping ? this.#ports.texts.dropping : this.#ports.texts.stopping, colours.warn);
    running.stopping = true;
    running.pipeline.stop().catch(() => undefined);
  }

  /** The session in use, or a new one. */
  async #open(running: Running): Promise<PowerShellSession> {
    if (this.#session?.alive === true) return this.#session;
    const { texts } = this.#ports;
    this.#note(texts.opening);
    const session = await this.#ports.open(running.controller.signal);
    if (this.#over()) {
      await session[Symbol.asyncDispose]();
      throw new DOMException('The prompt was closed.', 'AbortError');
    }
    this.#session = session;
    const { psVersion, computerName, transport } = session.peer;
    this.#note(texts.opened(sanitizeLine(`Windows PowerShell ${psVersion}, ${transport}${computerName === '' ? '' : `, ${computerName}`}`)), colours.good);
    void session.closed.then((failure) => {
      if (this.#session !== session) return;
      this.#session = undefined;
      this.#aside(texts.lost(failure?.message ?? ''));
    });
    this.#prompt = await this.#askPrompt(session);
    return session;
  }

  /** `[SERVER]: ` and what the server's own `prompt` gives, on one line. */
  async #askPrompt(session: PowerShellSession): Promise<string> {
    let text = '';
    try {
      const pipeline = session.invoke('prompt', { scope: 'runspace', signal: AbortSignal.timeout(promptLimit), name: 'the prompt' });
      for await (const record of pipeline) if (record.stream === 'output' && typeof record.value === 'string') text = record.value;
      await pipeline.result;
    } catch {
      // The session's end is told by itself.
    }
    const line = sanitizeLine(text, 120);
    return `[${sanitizeLine(this.#ports.server, 40)}]: ${line === '' ? 'PS>' : line} `;
  }
}
