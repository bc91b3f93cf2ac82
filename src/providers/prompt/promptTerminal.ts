import * as vscode from 'vscode';
import { Screen } from '../terminal/screen.ts';
import type { Transcript } from '../terminal/transcript.ts';
import type { PromptPorts } from './promptPorts.ts';
import { RemotePrompt } from './remotePrompt.ts';

/** Milliseconds that output is collected before it goes to the terminal as one write. */
const batchDelay = 8;

/** A remote prompt as a terminal of the editor; its session ends with it. What it shows goes into the server's transcript as well. */
export class PromptTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #prompt: RemotePrompt;
  readonly #gone: () => void;
  #pending: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #opened = false;

  /** `gone`: the terminal was closed. */
  constructor(ports: Omit<PromptPorts, 'left'>, transcript: Transcript, gone: () => void) {
    const write = (text: string): void => { this.#push(text); };
    this.#gone = gone;
    this.#prompt = new RemotePrompt({ ...ports, left: () => { this.#closed.fire(); } }, new Screen(write, transcript), transcript, write);
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions !== undefined) this.#prompt.resize(dimensions.columns, dimensions.rows);
    this.#opened = true;
    this.#flush();
    void this.#prompt.start();
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.#prompt.resize(dimensions.columns, dimensions.rows);
  }

  handleInput(data: string): void {
    this.#prompt.input(data);
  }

  close(): void {
    void this.#prompt.close();
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#written.dispose();
    this.#closed.dispose();
    this.#gone();
  }

  #push(text: string): void {
    this.#pending.push(text);
    if (this.#opened) this.#timer ??= setTimeout(() => { this.#flush(); }, batchDelay);
  }

  #flush(): void {
    this.#timer = undefined;
    const text = this.#pending.join('');
    this.#pending = [];
    if (text !== '') this.#written.fire(text);
  }
}
