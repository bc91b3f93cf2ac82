/** A key that a prompt knows. */
export type KeyName =
  | 'enter' | 'tab' | 'shift-tab' | 'escape' | 'interrupt' | 'leave' | 'clear-screen'
  | 'left' | 'right' | 'word-left' | 'word-right' | 'home' | 'end' | 'up' | 'down'
  | 'backspace' | 'delete' | 'word-backspace' | 'word-delete' | 'kill-start' | 'kill-end';

/** What was typed: text, a key, or a piece of text that was pasted in one go. */
export type Typed =
  | { readonly kind: 'text' | 'paste'; readonly text: string }
  | { readonly kind: 'key'; readonly key: KeyName };

/** How much of a paste is kept, in characters: far more than a line may hold, so that what is too long is seen to be. */
const pasteLimit = 1024 * 1024;
const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'enter', '\n': 'enter', '\t': 'tab', '\u0001': 'home', '\u0003': 'interrupt', '\u0004': 'leave', '\u0005': 'end', '\u0008': 'word-backspace',
  '\u000b': 'kill-end', '\u000c': 'clear-screen', '\u0015': 'kill-start', '\u0017': 'word-backspace', '\u007f': 'backspace',
};

/** What xterm sends after ESC (ctlseqs: normal and application cursor keys; 5 is Ctrl, 3 is Alt). */
const sequences: Readonly<Record<string, KeyName>> = {
  '[D': 'left', '[C': 'right', '[A': 'up', '[B': 'down', '[H': 'home', '[F': 'end', '[Z': 'shift-tab', '[3~': 'delete', '[1~': 'home', '[4~': 'end',
  'OD': 'left', 'OC': 'right', 'OA': 'up', 'OB': 'down', 'OH': 'home', 'OF': 'end',
  '[1;5D': 'word-left', '[1;5C': 'word-right', '[1;3D': 'word-left', '[1;3C': 'word-right', '[3;5~': 'word-delete',
  'b': 'word-left', 'f': 'word-right', 'd': 'word-delete', '\u007f': 'word-backspace',
};

/** Turns what a terminal sends into keys. A paste may come in parts; a key that nobody knows is dropped, not typed as text. */
export class KeyReader {
  #paste: string | undefined;

  /** Everything that `data` means. */
  read(data: string): Typed[] {
    const typed: Typed[] = [];
    let rest = data;
    while (rest !== '') {
      if (this.#paste !== undefined) rest = this.#readPaste(rest, typed);
      else if (rest.startsWith(pasteStart)) {
        this.#paste = '';
        rest = rest.slice(pasteStart.length);
      } else rest = readOne(rest, typed);
    }
    return typed;
  }

  #readPaste(data: string, typed: Typed[]): string {
    const end = data.indexOf(pasteEnd);
    this.#paste = `${this.#paste ?? ''}${end < 0 ? data : data.slice(0, end)}`.slice(0, pasteLimit);
    if (end < 0) return '';
    typed.push({ kind: 'paste', text: cleaned(this.#paste) });
    this.#paste = undefined;
    return data.slice(end + pasteEnd.length);
  }
}

/** Takes one key, or the text up to the next one, off `data`. */
function readOne(data: string, typed: Typed[]): string {
  if (data.startsWith('\u001b')) {
    // Intermediate and final bytes of a CSI or SS3 sequence (ECMA-48), or one character with Alt.
    const body = /^\u001b(\[[0-9;?]*[ -/]*[@-~]|O[@-~]|[^[O])/.exec(data)?.[1];
    if (body === undefined) {
      typed.push({ kind: 'key', key: 'escape' });
      return '';
    }
    const key = Object.hasOwn(sequences, body) ? sequences[body] : undefined;
    if (key !== undefined) typed.push({ kind: 'key', key });
    return data.slice(body.length + 1);
  }
  const first = data[0] ?? '';
  // Lines that come at once were not typed: a terminal without bracketed paste sends them so.
  const until = data.indexOf('\u001b');
  const piece = until < 0 ? data : data.slice(0, until);
  if (/[\r\n]+[^\r\n]/.test(piece)) {
    typed.push({ kind: 'paste', text: cleaned(piece.slice(0, pasteLimit)) });
    return data.slice(piece.length);
  }
  if (first < ' ' || first === '\u007f') {
    const key = controls[first];
    if (key !== undefined) typed.push({ kind: 'key', key });
    return data.slice(1);
  }
  const text = /^[^\u0000-\u001f\u007f]+/.exec(data)?.[0] ?? first;
  typed.push({ kind: 'text', text: cleaned(text) });
  return data.slice(text.length);
}

/** Lines end in `\n`; no control characters but tabs; no line end after the last line, which would run it. */
function cleaned(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').replace(/\n+$/, '');
}
