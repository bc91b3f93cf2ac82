import { ClixmlError } from './error.ts';
import { decodeEntities, decodeEscapes } from './text.ts';

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

/** The longest attribute section of one tag, in characters: a property's name is the only long one. */
const maxAttributes = 16_384;

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
  private nameStart = 0;
  private nameEnd = 0;
  private nStart = -1;
  private nEnd = -1;
  private refStart = -1;
  private refEnd = -1;
  private streamStart = -1;
  private streamEnd = -1;

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

  /** The decoded `N` attribute; undefined where there is none. */
  get name(): string | undefined {
    return this.nStart < 0 ? undefined : this.attributeText(this.nStart, this.nEnd);
  }

  /** The `RefId` attribute's text; undefined where there is none. */
  get refId(): string | undefined {
    return this.refStart < 0 ? undefined : this.xml.slice(this.refStart, this.refEnd);
  }

  /** The `S` attribute: the stream's name in a document on disk. */
  get stream(): string | undefined {
    return this.streamStart < 0 ? undefined : this.attributeText(this.streamStart, this.streamEnd);
  }

  private attributeText(start: number, end: number): string {
    const { xml } = this;
    for (let i = start; i < end; i++) {
      const c = xml.charCodeAt(i);
      if (c === 38 || c === 95) return decodeEscapes(decodeEntities(xml.slice(start, end), start));
    }
    return xml.slice(start, end);
  }

  /** Moves to the next tag, over white space only. */
  next(): Kind {
    const { xml } = this;
    const length = xml.length;
    let at = this.at;
    let c = xml.charCodeAt(at);
    while (c === 32 || (c >= 9 && c <= 13)) c = xml.charCodeAt(++at);
    this.at = at;
    if (at >= length) return (this.kind = Kind.end);
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
    this.nStart = this.refStart = this.streamStart = -1;
    if (c === 62) {
      this.at = at + 1;
      return (this.kind = closing ? Kind.close : Kind.open);
    }
    return this.attributes(at, closing);
  }

  private attributes(from: number, closing: boolean): Kind {
    const { xml } = this;
    const limit = from + maxAttributes;
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
      const quoteAt = at + 1;
      const quote = xml.charCodeAt(quoteAt);
      this.at = at;
      if (at === nameStart || c !== 61 || (quote !== 34 && quote !== 39) || closing) this.fail('A broken tag');
      const end = xml.indexOf(quote === 34 ? '"' : "'", quoteAt + 1);
      if (end < 0 || end > limit) this.fail('An attribute without an end');
      const size = at - nameStart;
      const first = xml.charCodeAt(nameStart);
      if (size === 1 && first === 78) {
        this.nStart = quoteAt + 1;
        this.nEnd = end;
      } else if (size === 5 && first === 82 && xml.startsWith('RefId', nameStart)) {
        this.refStart = quoteAt + 1;
        this.refEnd = end;
      } else if (size === 1 && first === 83) {
        this.streamStart = quoteAt + 1;
        this.streamEnd = end;
      }
      at = end + 1;
    }
  }

  /** Reads the text of the element just opened and its closing tag; entities and `_xHHHH_` are decoded. */
  text(): string {
    const { xml } = this;
    const start = this.at;
    let at = start;
    let plain = true;
    let c = xml.charCodeAt(at);
    // NaN at the end of the document fails the comparison too.
    while (c !== 60 && c === c) {
      if (c === 38 || c === 95) plain = false;
      c = xml.charCodeAt(++at);
    }
    this.finish(at);
    return plain ? xml.slice(start, at) : decodeEscapes(decodeEntities(xml.slice(start, at), start));
  }

  /** Reads text as {@link text} does, for types whose text has no `_xHHHH_` escapes. */
  rawText(): string {
    const start = this.at;
    const at = this.xml.indexOf('<', start);
    this.finish(at < 0 ? this.xml.length : at);
    return decodeEntities(this.xml.slice(start, at), start);
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
