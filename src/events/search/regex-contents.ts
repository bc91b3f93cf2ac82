import { noMessage, wholeMessage, type Contents } from '../store/contents.ts';
import type { MessageTemplate } from '../store/message-template.ts';
import type { Slice } from '../store/paged-texts.ts';
import { fold } from './fold.ts';
import { walkMatched, walkTired, type LinearRegex, type Remembered } from './regex/compile.ts';

/** Literals whose way through is remembered for one place of the pattern. */
const mostLiterals = 4096;

interface Literal {
  readonly number: number;
  readonly text: string;
}

/**
 * Runs a regular expression over contents where they lie: nothing is rendered or cut out, and the fixed texts of a template, which
 * many messages share, cost one look-up once the pattern has gone through them.
 */
export class RegexContents {
  /** Code units read so far. */
  units = 0;
  readonly #contents: Contents;
  readonly #regex: LinearRegex;
  readonly #folded: boolean;
  readonly #literals: (readonly Literal[] | undefined)[] = [];
  #literalCount = 0;
  /** Where the values of the content at hand begin, and behind them where the last one ends, plus one. */
  #starts = new Int32Array(64);
  #values = 0;

  constructor(contents: Contents, regex: LinearRegex, caseSensitive: boolean) {
    this.#contents = contents;
    this.#regex = regex;
    this.#folded = !caseSensitive;
  }

  /** Whether the message or one of the values matches; undefined where that cannot be told quickly. */
  test(content: number): boolean | undefined {
    const packed = this.#slice(this.#contents.packed.at(content));
    if (!this.#findValues(packed)) return undefined;
    const code = this.#contents.template.at(content);
    const template = this.#contents.templates.list[code];
    if (code !== noMessage) {
      if (template === undefined && code !== wholeMessage) return undefined;
      const end = template === undefined ? this.#alone(this.#slice(this.#contents.text.at(content))) : this.#throughMessage(code, template, packed);
      if (end === walkTired) return undefined;
      if (end === walkMatched || this.#regex.endsIn(end)) return true;
    }
    // Without anchors a value that matches would have matched in the message that it is part of.
    const inMessage = this.#regex.isAnchored ? undefined : template?.places;
    for (let value = 0; value < this.#values; value++) {
      if (inMessage?.includes(value) === true) continue;
      const end = this.#throughValue(this.#regex.begin(), packed, value);
      if (end === walkTired) return undefined;
      if (end === walkMatched || this.#regex.endsIn(end)) return true;
    }
    return false;
  }

  #throughMessage(code: number, { places }: MessageTemplate, packed: Slice): Remembered {
    const literals = this.#literals[code] ?? this.#literalsOf(code);
    let here = this.#regex.begin();
    for (let at = 0; at < literals.length; at++) {
      const literal = literals[at];
      if (literal !== undefined) here = this.#throughLiteral(here, literal);
      if (here === walkMatched || here === walkTired || at >= places.length) return here;
      here = this.#throughValue(here, packed, places[at] ?? 0);
      if (here === walkMatched || here === walkTired) return here;
    }
    return here;
  }

  #throughLiteral(here: Remembered, { number, text }: Literal): Remembered {
    if (text === '') return here;
    const known = here.ways?.get(number);
    if (known !== undefined) return known;
    this.units += text.length;
    const end = this.#regex.walk(here, text, 0, text.length);
    here.ways ??= new Map();
    if (end !== walkTired && here.ways.size < mostLiterals) here.ways.set(number, end);
    return end;
  }

  #throughValue(here: Remembered, { text }: Slice, value: number): Remembered {
    if (value >= this.#values) return here;
    const from = this.#starts[value] ?? 0;
    const next = this.#starts[value + 1] ?? 0;
    this.units += next - from;
    return this.#regex.walk(here, text, from, next - 1);
  }

  #alone({ text, from, to }: Slice): Remembered {
    this.units += to - from;
    return this.#regex.walk(this.#regex.begin(), text, from, to);
  }

  /** False where values were changed to be packed. */
  #findValues({ text, from, to }: Slice): boolean {
    this.#values = 0;
    if (to === from) return true;
    // Packed values begin with what separates them.
    for (let at = from; at < to; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 0) this.#begin(this.#values++, at + 1);
      else if (unit === 1) return false;
    }
    this.#begin(this.#values, to + 1);
    return true;
  }

  #begin(value: number, at: number): void {
    if (value === this.#starts.length) {
      const wider = new Int32Array(value * 2);
      wider.set(this.#starts);
      this.#starts = wider;
    }
    this.#starts[value] = at;
  }

  #slice(code: number): Slice {
    return (code & 1 ? this.#contents.texts.wide : this.#contents.texts.narrow).slice(code >> 1, this.#folded);
  }

  #literalsOf(code: number): readonly Literal[] {
    const literals = this.#contents.templates.list[code]?.literals ?? [];
    return this.#literals[code] = literals.map((text) => ({ number: this.#literalCount++, text: this.#folded ? fold(text) : text }));
  }
}
