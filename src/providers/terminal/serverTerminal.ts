import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import { Screen } from './screen.ts';
import { Transcript } from './transcript.ts';
import { ansi, paint } from './ansi.ts';

/** Milliseconds that output is collected before it goes to the terminal as one write. */
const batchDelay = 12;
/** Characters kept for a terminal that is opened later, or again. */
const replayLimit = 512 * 1024;
/** Lines kept for the transcript. */
const transcriptLimit = 20_000;

/**
 * The one terminal of a server: made when something has to be shown, reused, closed by the user without losing what it
 * showed. Ctrl+C goes to `interrupt`; nothing else that is typed goes anywhere.
 */
export class ServerTerminal implements vscode.Pseudoterminal, vscode.Disposable {
  readonly screen: Screen;
  readonly transcript: Transcript;
  readonly #server: string;
  readonly #interrupt: () => void;
  readonly #store = new DisposableStore();
  readonly #written = this.#store.add(new vscode.EventEmitter<string>());
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly #renamed = this.#store.add(new vscode.EventEmitter<string>());
  readonly onDidWrite = this.#written.event;
  readonly onDidChangeName = this.#renamed.event;
  /** Fires when the transcript grew, at most once a batch. */
  readonly onDidChangeTranscript = this.#changed.event;
  #terminal: vscode.Terminal | undefined;
  #opened = false;
  #replay: string[] = [];
  #replaySize = 0;
  #pending: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(server: string, interrupt: () => void) {
    this.#server = server;
    this.#interrupt = interrupt;
    this.transcript = new Transcript(transcriptLimit, () => { this.#schedule(); });
    this.screen = new Screen((text) => { this.#push(text); }, this.transcript);
  }

  /** Reveals the terminal without taking the focus, making it where there is none. */
  show(preserveFocus = true): void {
    this.#terminal ??= vscode.window.createTerminal({
      name: this.#server, pty: this, isTransient: true, iconPath: new vscode.ThemeIcon('server-environment'),
    });
    this.#terminal.show(preserveFocus);
  }

  /** Shows the server's state in the terminal's title. */
  title(state: string | undefined): void {
    this.#renamed.fire(state === undefined ? this.#server : `${this.#server} (${state})`);
  }

  /** A line of ours about the connection, between steps. */
  note(text: string, ...codes: readonly string[]): void {
    this.screen.print(paint(`${text}\n`, ...(codes.length === 0 ? [ansi.dim] : codes)));
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions !== undefined) this.screen.resize(dimensions.columns);
    this.#flush();
    this.#opened = true;
    if (this.#replay.length > 0) this.#written.fire(this.#replay.join(''));
  }

  close(): void {
    this.#opened = false;
    this.#terminal = undefined;
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.screen.resize(dimensions.columns);
  }

  handleInput(data: string): void {
    if (data.includes('\u0003')) this.#interrupt();
  }

  dispose(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#terminal?.dispose();
    this.#store.dispose();
  }

  #push(text: string): void {
    this.#pending.push(text);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => { this.#flush(); }, batchDelay);
  }

  #flush(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.fire();
    if (this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#keep(text);
    if (this.#opened) this.#written.fire(text);
  }

  #keep(text: string): void {
    this.#replay.push(text);
    this.#replaySize += text.length;
    while (this.#replaySize > replayLimit && this.#replay.length > 1) this.#replaySize -= this.#replay.shift()?.length ?? 0;
  }
}
