import { ClixmlError } from './error.ts';
import { sharedName } from './names.ts';
import { decodeText } from './text.ts';

/** What the scanner stands on. */
export const Kind = { end: 0, open: 1, close: 2, empty: 3 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A tag's name as a number: up to four ASCII characters packed exactly, seven bits each; longer names are listed. */
function pack(name: string): number {
  let code = 0;
  for (let i = 0; i < name.length; i++) code = (code << 7) | name.charCodeAt(i);
  return code;
}

/** Every tag of MS-PSRP 2.2.5, plus `Objs`, the root of a document on disk. */
export const Tag = {
  S: pack('S'), C: pack('C'), B: pack('B'), DT: pack('DT'), TS: pack('TS'), By: pack('By'), SB: pack('SB'),
  U16: pack('U16'), I16: pack('I16'), U32: pack('U32'), I32: pack('I32'), U64: pack('U64'), I64: pack('I64'),
  Sg: pack('Sg'), Db: pack('Db'), D: pack('D'), BA: pack('BA'), G: pack('G'), URI: pack('URI'), Nil: pack('Nil'),
  XD: pack('XD'), SBK: pack('SBK'), SS: pack('SS'), PR: pack('PR'), Obj: pack('Obj'), Ref: pack('Ref'), TN: pack('TN'),
  T: pack('T'), MS: pack('MS'), LST: pack('LST'), IE: pack('IE'), QUE: pack('QUE'), STK: pack('STK'), DCT: pack('DCT'),
  En: pack('En'), Objs: pack('Objs'),
  Version: -1, Props: -2, TNRef: -3, ToString: -4, unknown: -9,
} as const;

const longTags: ReadonlyMap<string, number> = new Map([
  ['Version', Tag.Version], ['Props', Tag.Props], ['TNRef', Tag.TNRef], ['ToString', Tag.ToString],
]);

/** How far a text is looked through character by character; a longer one is searched by the engine's own routines. */
const loopLength = 48;

/**
 * A pull scanner over the subset of XML that CLIXML is: elements, attributes, text. No declarations, comments,
 * processing instructions or CDATA: the format has none, and refusing them leaves nothing to expand.
 * General parsers reject what .NET writes here (`&#xFFFE;`) or are an order of magnitude slower.
 */
export class Scanner {
  readonly xml: string;
  /** Offset of the next character to read. */
  at = 0;
  kind: Kind = Kind.end;
  tag: number = Tag.unknown;
  /** The decoded `N` attribute; undefined where there is none. */
  name: string | undefined;
  /** The `RefId` attribute; -1 where there is none. */
  refId = -1;
  /** The `S` attribute: the stream's name in a document on disk. */
  stream: string | undefined;
  private nameStart = 0;
  private nameEnd = 0;
  /** The next `&` and the next `_` at or after the last place that was looked from; the length where there is none. */
  private nextAmpersand = -1;
  private nextUnderscore = -1;

  constructor(xml: string) {
    this.xml = xml;
    if (xml.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  /** Fails at the current position. */
  fail(message: string): never {
    throw new ClixmlError(message, this.at, this.xml);
  }

  /** The name of the current tag, for error messages. */
  get tagName(): string {
    return this.xml.slice(this.nameStart, this.nameEnd);
  }

  /** Moves to the next tag, over white space only. */
  next(): Kind {
    const { xml } = this;
    let at = this.at;
    let c = xml.charCodeAt(at);
    while (c === 32 || (c >= 9 && c <= 13)) c = xml.charCodeAt(++at);
    this.at = at;
    this.name = undefined;
    this.refId = -1;
    if (at >= xml.length) {
      // Nobody may take the last tag for one that is there again.
      this.tag = Tag.unknown;
      return (this.kind = Kind.end);
    }
    if (c !== 60) this.fail('Text where an element has to be');
    c = xml.charCodeAt(++at);
    const closing = c === 47;
    if (closing) c = xml.charCodeAt(++at);
    const start = at;
    let code = 0;
    while ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57)) {
      code = (code << 7) | c;
      c = xml.charCodeAt(++at);
    }
    const size = at - start;
    if (size === 0) this.fail('Markup that this format does not have');
    this.nameStart = start;
    this.nameEnd = at;
    this.tag = size <= 4 ? code : size <= 8 ? (longTags.get(xml.slice(start, at)) ?? Tag.unknown) : Tag.unknown;
    if (c === 62) {
      this.at = at + 1;
      return (this.kind = closing ? Kind.close : Kind.open);
    }
    // The usual tag of a property: `N` and nothing else.
    if (c === 32 && xml.charCodeAt(at + 1) === 78 && xml.charCodeAt(at + 2) === 61 && xml.charCodeAt(at + 3) === 34) {
      const first = at + 4;
      let hash = 0;
      at = first;
      for (c = xml.charCodeAt(at); c !== 34 && c !== 38 && c !== 95 && c !== 60 && c === c; c = xml.charCodeAt(++at)) hash = (hash * 31 + c) | 0;
      if (c === 34 && xml.charCodeAt(at + 1) === 62) {
        this.name = sharedName(xml, first, at, hash);
        this.at = at + 2;
        return (this.kind = Kind.open);
      }
      at = first - 4;
    }
    return this.attributes(at, closing);
  }

  private attributes(from: number, closing: boolean): Kind {
    const { xml } = this;
    let at = from;
    for (;;) {
      let c = xml.charCodeAt(at);
      while (c === 32 || (c >= 9 && c <= 13)) c = xml.charCodeAt(++at);
      if (c === 62) {
        this.at = at + 1;
        return (this.kind = closing ? Kind.close : Kind.open);
      }
      if (c === 47 && xml.charCodeAt(at + 1) === 62 && !closing) {
        this.at = at + 2;
        return (this.kind = Kind.empty);
      }
      const nameStart = at;
      while ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 58) c = xml.charCodeAt(++at);
      const quote = xml.charCodeAt(at + 1);
      this.at = at;
      if (at === nameStart || c !== 61 || (quote !== 34 && quote !== 39) || closing) this.fail('A broken tag');
      const start = at + 2;
      let hash = 0;
      let plain = true;
      let end = start;
      for (c = xml.charCodeAt(end); c !== quote; c = xml.charCodeAt(++end)) {
        if (c !== c || c === 60) this.fail('An attribute without an end');
        if (c === 38 || c === 95) plain = false;
        hash = (hash * 31 + c) | 0;
      }
      this.attribute(nameStart, at - nameStart, start, end, hash, plain);
      at = end + 1;
    }
  }

  private attribute(nameStart: number, size: number, start: number, end: number, hash: number, plain: boolean): void {
    const { xml } = this;
    const first = xml.charCodeAt(nameStart);
    if (size === 1 && first === 78) this.name = plain ? sharedName(xml, start, end, hash) : decodeText(xml, start, end);
    else if (size === 5 && first === 82 && xml.startsWith('RefId', nameStart)) this.refId = this.reference(start, end);
    else if (size === 1 && first === 83) this.stream = decodeText(xml, start, end);
  }

  private reference(start: number, end: number): number {
    const { xml } = this;
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = xml.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9) || end - start > 9) this.fail('A broken RefId');
      value = value * 10 + digit;
    }
    return end === start ? this.fail('A broken RefId') : value;
  }

  /** Reads the text of the element just opened and its closing tag; entities and `_xHHHH_` are decoded. */
  text(): string {
    const { xml } = this;
    const start = this.at;
    const near = start + loopLength;
    let at = start;
    let plain = true;
    let c = xml.charCodeAt(at);
    // NaN at the end of the document fails the comparison too.
    while (c !== 60 && c === c && at < near) {
      if (c === 38 || c === 95) plain = false;
      c = xml.charCodeAt(++at);
    }
    if (at === near && c !== 60) {
      const end = xml.indexOf('<', at);
      at = end < 0 ? xml.length : end;
      plain = plain && this.isPlain(near, at);
    }
    this.finish(at);
    return plain ? xml.slice(start, at) : decodeText(xml, start, at);
  }

  /** Whether a long text has nothing to decode; what was found is kept, so that a document is searched once. */
  private isPlain(from: number, to: number): boolean {
    const { xml } = this;
    if (this.nextAmpersand < from) {
      const found = xml.indexOf('&', from);
      this.nextAmpersand = found < 0 ? xml.length : found;
    }
    if (this.nextUnderscore < from) {
      const found = xml.indexOf('_', from);
      this.nextUnderscore = found < 0 ? xml.length : found;
    }
    return this.nextAmpersand >= to && this.nextUnderscore >= to;
  }

  /** Reads a text that repeats from record to record (a type's name) as a shared string. */
  sharedText(): string {
    const { xml } = this;
    const start = this.at;
    let hash = 0;
    let plain = true;
    let at = start;
    for (let c = xml.charCodeAt(at); c !== 60 && c === c; c = xml.charCodeAt(++at)) {
      if (c === 38 || c === 95) plain = false;
      hash = (hash * 31 + c) | 0;
    }
    this.finish(at);
    return plain ? sharedName(xml, start, at, hash) : decodeText(xml, start, at);
  }

  /** Reads text as {@link text} does, for types whose text has no `_xHHHH_` escapes. */
  rawText(): string {
    const { xml } = this;
    const start = this.at;
    let at = start;
    let plain = true;
    for (let c = xml.charCodeAt(at); c !== 60 && c === c; c = xml.charCodeAt(++at)) if (c === 38) plain = false;
    this.finish(at);
    return plain ? xml.slice(start, at) : decodeText(xml, start, at, false);
  }

  /** Reads a plain decimal integer of at most nine digits and the closing tag; undefined, without moving, where it is another. */
  smallInteger(): number | undefined {
    const { xml } = this;
    let at = this.at;
    let c = xml.charCodeAt(at);
    const negative = c === 45;
    if (negative) c = xml.charCodeAt(++at);
    const start = at;
    let value = 0;
    while (c >= 48 && c <= 57) {
      value = value * 10 + (c - 48);
      c = xml.charCodeAt(++at);
    }
    const digits = at - start;
    if (c !== 60 || digits === 0 || digits > 9) return undefined;
    this.finish(at);
    return negative && value !== 0 ? -value : value;
  }

  /** Reads the closing tag of the element just opened. */
  private finish(at: number): void {
    const { xml, nameStart, nameEnd } = this;
    if (xml.charCodeAt(at + 1) !== 47) {
      this.at = at;
      this.fail(`No end of <${this.tagName}>`);
    }
    let to = at + 2;
    for (let from = nameStart; from < nameEnd; from++, to++) {
      if (xml.charCodeAt(from) !== xml.charCodeAt(to)) {
        this.at = at;
        this.fail(`No end of <${this.tagName}>`);
      }
    }
    if (xml.charCodeAt(to) !== 62) {
      this.at = at;
      this.fail(`No end of <${this.tagName}>`);
    }
    this.at = to + 1;
  }
}
