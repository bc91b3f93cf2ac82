/** One word of a command, as PowerShell would read it. */
export interface Word {
  /** Without quotes and backticks; what is only known on the server is missing. */
  readonly text: string;
  /** A part of it is only known on the server: a variable, a subexpression, a wildcard call. */
  readonly computed: boolean;
  readonly quoted: boolean;
  /** It begins with a bracket: alone it is an expression. */
  readonly opened: boolean;
}

/** One command of a script: its name and words; the name is empty for an expression. */
export interface Command {
  /** Lower case, without folder, module and `.exe`. */
  readonly name: string;
  /** What it runs is only known on the server. */
  readonly computed: boolean;
  readonly words: readonly Word[];
  /** The command whose output it takes. */
  readonly source: Command | undefined;
}

/** Deepest nesting of brackets and quotes that is looked into. */
const deepest = 40;
const singleQuotes = '\'\u2018\u2019\u201a\u201b';
const doubleQuotes = '"\u201c\u201d\u201e';
const dashes = /[\u2013\u2014\u2015]/g;
/** After these a command begins. */
const keywords = new Set(['if', 'elseif', 'else', 'while', 'until', 'do', 'for', 'foreach', 'in', 'switch', 'return', 'throw', 'try', 'catch', 'finally', 'trap', 'exit', 'begin', 'process', 'end', 'filter', 'function', 'data', 'param', 'dynamicparam']);

/** Finds every command in a script, in blocks, subexpressions and strings as well. What it cannot read it reports as computed. */
export function scanCommands(script: string): readonly Command[] {
  const scanner = new Scanner(script, 0);
  scanner.list('');
  return scanner.found;
}

class Scanner {
  readonly found: Command[] = [];
  readonly #text: string;
  readonly #depth: number;
  #at = 0;
  #words: Word[] = [];
  #invoked = false;
  #keyword = false;
  #naming = false;
  #source: Command | undefined;

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  get end(): number { return this.#at; }

  /** Reads commands up to `close` or the end of the text. */
  list(close: string): void {
    while (this.#at < this.#text.length) {
      const c = this.#peek();
      if (close !== '' && c === close) break;
      this.#item(c);
    }
    this.#finish(false);
  }

  #peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }

  #item(c: string): void {
    if (c === ';' || c === '\n' || c === '\r') this.#separate(1);
    else if (c === '|' || (c === '&' && this.#words.length > 0)) {
      const pipe = c === '|' && this.#peek(1) !== '|';
      const width = this.#peek(1) === c ? 2 : 1;
      this.#finish(pipe);
      this.#at += width;
    } else if (c === '&' || (c === '.' && this.#words.length === 0 && /[\s&.'"($\u2018-\u201e{]/.test(this.#peek(1)))) {
      this.#invoked = true;
      this.#at++;
    } else if (/\s/.test(c) || c === ',' || c === ')' || c === '}' || c === ']') this.#at++;
    else if (c === '`' && /[\r\n]/.test(this.#peek(1))) this.#at += 2;
    else if (c === '#') this.#skipTo('\n');
    else if (c === '<' && this.#peek(1) === '#') this.#skipTo('#>');
    else if (c === '>' || (/[1-6*]/.test(c) && this.#peek(1) === '>')) this.#at += /^[1-6*]?>{1,2}(&\d)?/.exec(this.#text.slice(this.#at, this.#at + 5))?.[0].length ?? 1;
    else if (c === '{') this.#block();
    else this.#word();
  }

  #separate(width: number): void {
    this.#finish(false);
    this.#at += width;
  }

  #skipTo(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    this.#at = found < 0 ? this.#text.length : found + (end === '\n' ? 0 : end.length);
  }

  #block(): void {
    this.#nested('{', '}');
    // A command's block is one of its words; a keyword's ends its statement, and the next one needs no separator.
    if (this.#keyword) this.#finish(false);
    else if (this.#words.length > 0) this.#words.push({ text: '', computed: true, quoted: false, opened: false });
  }

  /** Scans what stands between brackets as a script of its own; returns its commands. */
  #nested(open: string, close: string): readonly Command[] {
    this.#at += open.length;
    if (this.#depth >= deepest) {
      this.found.push(unreadable);
      this.#at = this.#text.length;
      return [unreadable];
    }
    const inner = new Scanner(this.#text.slice(this.#at), this.#depth + 1);
    inner.list(close);
    this.#at += inner.end + 1;
    this.found.push(...inner.found);
    return inner.found;
  }

  #word(): void {
    const quoted = isQuote(this.#peek());
    const opened = /^[$@]?\(/.test(this.#text.slice(this.#at, this.#at + 2));
    const start = this.#at;
    const operator = this.#operator();
    let text = operator;
    let computed = false;
    this.#at += operator.length;
    while (operator === '' && this.#at < this.#text.length) {
      const c = this.#peek();
      if (text !== '' && this.#endsBefore(c, quoted, text)) break;
      if (singleQuotes.includes(c)) text += this.#single();
      else if (doubleQuotes.includes(c)) {
        const part = this.#double();
        text += part.text;
        computed ||= part.computed;
      } else if (c === '@' && this.#hereHead() > 0) {
        const part = this.#hereString(this.#hereHead());
        text += part.text;
        computed ||= part.computed;
      } else if (c === '@' && /\w/.test(this.#peek(1))) {
        // A splat: its values are in a variable.
        computed = true;
        text += c;
        this.#at++;
      } else if (c === '@' && this.#peek(1) === '{') {
        this.#nested('@{', '}');
        computed = true;
      } else if (c === '(' || ((c === '$' || c === '@') && this.#peek(1) === '(')) {
        const constant = constantOf(this.#nested(c === '(' ? '(' : `${c}(`, ')'));
        if (constant === undefined) computed = true;
        else text += constant;
      } else if (c === '$') {
        const name = /^\$(\{[^}]*\}|[\w:?^$]+|)/.exec(this.#text.slice(this.#at, this.#at + 200))?.[0] ?? '$';
        this.#at += name.length;
        text += name;
        computed = true;
      } else if (c === '`') {
        text += this.#peek(1);
        this.#at += 2;
      } else if (/[\s;|&{},)]/.test(c) || (c === '>' && text !== '')) break;
      else {
        text += c;
        this.#at++;
      }
    }
    if (this.#at === start) this.#at++;
    this.#take({ text: text.replace(dashes, '-'), computed, quoted, opened });
    if (text === '--%') this.#raw();
  }

  /** An operator of an expression at this place: it is a word by itself even where no blank follows. */
  #operator(): string {
    const [first] = this.#words;
    if (first === undefined || this.#words.length > 1 && !first.quoted) return '';
    if (first.quoted && !this.#invoked && this.#peek() === '+') return '+';
    return first.text.startsWith('$') ? /^[-+*/%]?=/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? '' : '';
  }

  /** An expression's operator needs no blank before it either. */
  #endsBefore(c: string, quoted: boolean, text: string): boolean {
    if (this.#invoked) return false;
    if (c === '=' || /^[-+*/%]=/.test(c + this.#peek(1))) return this.#words.length === 0 && text.startsWith('$');
    return c === '+' && (this.#words[0] ?? { quoted }).quoted;
  }

  #take(word: Word): void {
    const assigned = this.#words.length === 1 && !this.#invoked && /^[-+*/%]?=$/.test(word.text) && !word.quoted;
    const keyword = this.#words.length === 0 && !this.#invoked && !word.quoted && keywords.has(word.text.toLowerCase());
    if (assigned) {
      // What is assigned is looked at by itself; the variable is no command.
      this.#words = [];
      this.#invoked = false;
    } else if (keyword) {
      this.#keyword = true;
      this.#naming = /^(?:function|filter)$/i.test(word.text);
    } else if (this.#naming) this.#naming = false;
    else this.#words.push(word);
  }

  /** After `--%` nothing is read any more up to the end of the line. */
  #raw(): void {
    const end = /[\r\n|]/.exec(this.#text.slice(this.#at))?.index ?? this.#text.length - this.#at;
    for (const text of this.#text.slice(this.#at, this.#at + end).split(/[\s"]+/)) if (text !== '') this.#words.push({ text, computed: false, quoted: false, opened: false });
    this.#at += end;
  }

  #single(): string {
    let text = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const c = this.#peek();
      if (!singleQuotes.includes(c)) text += c;
      else if (singleQuotes.includes(this.#peek(1)) && this.#peek(1) !== '') {
        text += c;
        this.#at++;
      } else break;
    }
    this.#at++;
    return text;
  }

  #double(): { text: string; computed: boolean } {
    let text = '';
    let computed = false;
    this.#at++;
    while (this.#at < this.#text.length) {
      const c = this.#peek();
      if (c === '`') {
        text += this.#peek(1);
        this.#at += 2;
      } else if (c === '$' && this.#peek(1) === '(') {
        const constant = constantOf(this.#nested('$(', ')'));
        if (constant === undefined) computed = true;
        else text += constant;
      } else if (doubleQuotes.includes(c)) {
        this.#at++;
        if (this.#peek() === '' || !doubleQuotes.includes(this.#peek())) break;
        text += c;
        this.#at++;
      } else {
        if (c === '$' && /[\w{:]/.test(this.#peek(1))) computed = true;
        text += c;
        this.#at++;
      }
    }
    return { text, computed };
  }

  /** Length of what begins a here-string at this place, its line end included; 0: none begins. */
  #hereHead(): number {
    const head = /@["'\u2018-\u201e][^\S\r\n]*(?:\r\n|[\r\n])/y;
    head.lastIndex = this.#at;
    return head.exec(this.#text)?.[0].length ?? 0;
  }

  #hereString(head: number): { text: string; computed: boolean } {
    const expands = doubleQuotes.includes(this.#peek(1));
    const start = this.#at + head;
    // An empty one ends on the line after its beginning.
    const rest = this.#text.slice(start - 1);
    const close = (expands ? /[\r\n]["\u201c-\u201e]@/ : /[\r\n]['\u2018-\u201b]@/).exec(rest);
    const end = start - 1 + (close?.index ?? rest.length);
    this.#at = close === null ? end : end + 3;
    const text = this.#text.slice(start, end);
    if (!expands) return { text: text.trim(), computed: false };
    // What stands between `$(` and `)` in it runs.
    for (let at = text.indexOf('$('); at >= 0; at = text.indexOf('$(', at + 1)) {
      if (text[at - 1] === '`') continue;
      if (this.#depth >= deepest) {
        this.found.push(unreadable);
        break;
      }
      const inner = new Scanner(text.slice(at + 2), this.#depth + 1);
      inner.list(')');
      this.found.push(...inner.found);
      at += inner.end;
    }
    return { text: text.trim(), computed: /\$[\w{:(]/.test(text) };
  }

  /** Ends the command that is being read; `pipe`: its output goes into the next one. */
  #finish(pipe: boolean): void {
    const [first, ...words] = this.#words;
    const source = this.#source;
    let made: Command | undefined;
    if (first !== undefined) {
      const expression = !this.#invoked && (first.quoted || first.opened || /^[$\d@[(!+-]/.test(first.text));
      made = expression
        ? { name: '', computed: false, words: [first, ...words], source }
        : { name: nameOf(first.text), computed: first.computed, words, source };
      this.found.push(made);
    }
    this.#source = pipe ? made ?? source : undefined;
    this.#words = [];
    this.#invoked = false;
    this.#keyword = false;
    this.#naming = false;
  }
}

const unreadable: Command = { name: '', computed: true, words: [], source: undefined };

function isQuote(c: string): boolean {
  return c !== '' && (singleQuotes.includes(c) || doubleQuotes.includes(c));
}

/** The text of brackets that hold nothing but strings put together by `+`, or one bare word. */
function constantOf(commands: readonly Command[]): string | undefined {
  const [only] = commands;
  if (commands.length !== 1 || only?.name !== '' || only.computed) return undefined;
  let text = '';
  for (const word of only.words) {
    if (word.computed || (!word.quoted && word.text !== '+')) return undefined;
    if (word.quoted) text += word.text;
  }
  return text;
}

/** A command's name as it is looked up: `C:\bin\MIISKMU.exe`, `ADSync\Get-…` and `Get-…` without what stands before it. */
function nameOf(text: string): string {
  return (/[^\\/]*$/.exec(text.trim())?.[0] ?? '').toLowerCase().replace(/\.(exe|com|cmd|bat|ps1)$/, '');
}
