import { after, before, wordAfter, wordBefore } from './graphemes.ts';
import type { History } from './history.ts';
import type { KeyName, Typed } from './keys.ts';

/** What has to be done about something that was typed. */
export type EditorAction =
  /** The line looks different now, or only its cursor stands elsewhere. */
  | { readonly kind: 'redraw' }
  | { readonly kind: 'submit'; readonly text: string }
  /** Several lines were pasted: they are taken by `insert` once somebody agreed. */
  | { readonly kind: 'paste'; readonly text: string; readonly lines: number }
  /** The server is asked what fits at `cursor`; the answer goes to `complete`. */
  | { readonly kind: 'complete'; readonly text: string; readonly cursor: number }
  | { readonly kind: 'interrupt' | 'clear-screen' | 'leave' | 'bell' }
  /** Nothing was put in: half of a command is worse than none. */
  | { readonly kind: 'too-long'; readonly limit: number };

/** What may stand in place of a part of the line. */
export interface Completions {
  readonly index: number;
  readonly length: number;
  readonly texts: readonly string[];
}

/** Texts that Tab goes through, and what stands around them. */
interface Cycle {
  readonly head: string;
  readonly tail: string;
  readonly texts: readonly string[];
  at: number;
}

/** Longest line, in characters. */
const lineLimit = 32 * 1024;

/** A line that is being written: keys in, actions out. Knows no terminal and no server. */
export class LineEditor {
  readonly #history: History;
  #text = '';
  #cursor = 0;
  #cycle: Cycle | undefined;

  constructor(history: History) {
    this.#history = history;
  }

  get text(): string { return this.#text; }
  /** Index into `text`, never inside of a character. */
  get cursor(): number { return this.#cursor; }

  /** Begins an empty line. */
  clear(): void {
    this.#history.reset();
    this.#set('', 0);
  }

  /** What a key, text or a paste does. */
  press(typed: Typed): EditorAction {
    if (typed.kind === 'key') return this.#key(typed.key);
    const lines = typed.text.split('\n').length;
    if (typed.kind === 'paste' && lines > 1) return { kind: 'paste', text: typed.text, lines };
    return this.insert(typed.text);
  }

  /** Puts text in at the cursor. */
  insert(text: string): EditorAction {
    if (this.#text.length + text.length > lineLimit) return { kind: 'too-long', limit: lineLimit };
    return this.#set(this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor), this.#cursor + text.length);
  }

  /** Takes the server's answer to `complete`: the first text comes in, Tab and Shift+Tab go through the others. */
  complete({ index, length, texts }: Completions): EditorAction {
    if (texts.length === 0 || index < 0 || length < 0 || index + length > this.#text.length) return { kind: 'bell' };
    const cycle = { head: this.#text.slice(0, index), tail: this.#text.slice(index + length), texts, at: 0 };
    this.#show(cycle);
    // A single one is taken at once: the next Tab asks about what follows it.
    if (texts.length > 1) this.#cycle = cycle;
    return { kind: 'redraw' };
  }

  #key(key: KeyName): EditorAction {
    if (key === 'tab' || key === 'shift-tab') return this.#tab(key === 'tab' ? 1 : -1);
    const text = this.#text;
    const cursor = this.#cursor;
    switch (key) {
      case 'enter': return { kind: 'submit', text };
      case 'leave': return text === '' ? { kind: 'leave' } : this.#set(text.slice(0, cursor) + text.slice(after(text, cursor)), cursor);
      case 'interrupt': case 'clear-screen': return { kind: key };
      case 'escape': this.clear(); return { kind: 'redraw' };
      case 'left': return this.#set(text, before(text, cursor));
      case 'right': return this.#set(text, after(text, cursor));
      case 'word-left': return this.#set(text, wordBefore(text, cursor));
      case 'word-right': return this.#set(text, wordAfter(text, cursor));
      case 'home': return this.#set(text, lineStart(text, cursor));
      case 'end': return this.#set(text, lineEnd(text, cursor));
      case 'up': return this.#up();
      case 'down': return this.#down();
      case 'backspace': return this.#cut(before(text, cursor), cursor);
      case 'delete': return this.#cut(cursor, after(text, cursor));
      case 'word-backspace': return this.#cut(wordBefore(text, cursor), cursor);
      case 'word-delete': return this.#cut(cursor, wordAfter(text, cursor));
      case 'kill-start': return this.#cut(lineStart(text, cursor), cursor);
      case 'kill-end': return this.#cut(cursor, lineEnd(text, cursor));
    }
  }

  #tab(step: 1 | -1): EditorAction {
    const cycle = this.#cycle;
    if (cycle === undefined) return step === 1 ? { kind: 'complete', text: this.#text, cursor: this.#cursor } : { kind: 'bell' };
    cycle.at = (cycle.at + step + cycle.texts.length) % cycle.texts.length;
    this.#show(cycle);
    this.#cycle = cycle;
    return { kind: 'redraw' };
  }

  #show({ head, tail, texts, at }: Cycle): void {
    const chosen = texts[at] ?? '';
    this.#set(head + chosen + tail, head.length + chosen.length);
  }

  #up(): EditorAction {
    const start = lineStart(this.#text, this.#cursor);
    if (start > 0) return this.#set(this.#text, Math.min(lineStart(this.#text, start - 1) + this.#cursor - start, start - 1));
    return this.#recall(this.#history.older(this.#text));
  }

  #down(): EditorAction {
    const end = lineEnd(this.#text, this.#cursor);
    if (end < this.#text.length) return this.#set(this.#text, Math.min(end + 1 + this.#cursor - lineStart(this.#text, this.#cursor), lineEnd(this.#text, end + 1)));
    return this.#recall(this.#history.newer());
  }

  #recall(text: string | undefined): EditorAction {
    return text === undefined ? { kind: 'bell' } : this.#set(text, text.length);
  }

  #cut(from: number, to: number): EditorAction {
    return this.#set(this.#text.slice(0, from) + this.#text.slice(to), from);
  }

  #set(text: string, cursor: number): EditorAction {
    this.#cycle = undefined;
    this.#text = text;
    this.#cursor = cursor;
    return { kind: 'redraw' };
  }
}

function lineStart(text: string, index: number): number {
  return index === 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1;
}

function lineEnd(text: string, index: number): number {
  const end = text.indexOf('\n', index);
  return end < 0 ? text.length : end;
}
