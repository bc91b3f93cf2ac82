import { ProtocolError } from '../psrp/error.ts';

/** An element of a SOAP answer. Names are local: which prefix a server chooses says nothing. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text right inside it, references resolved. */
  readonly text: string;
  /** Output that was left out of the text, as it came. */
  readonly bulk?: Buffer;
}

interface OpenElement {
  readonly tag: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
  bulk?: Buffer;
}

/** Deepest nesting; WSMan's own answers stay under twenty. */
const mostDepth = 64;
const mostElements = 100_000;
const mostAttributes = 64;

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: '\'' };
const nameAt = /[A-Za-z_][\w.:-]*/y;
const attributeAt = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;
const reference = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/g;

/**
 * Reads the XML that WSMan answers consist of: elements, attributes, text, CDATA, comments. No document type, no other
 * processing than the declaration, no entities beyond XML's five: none of these belongs in SOAP (SOAP 1.2, 5).
 * @param bulk what was left out of the source, and where
 * @throws ProtocolError
 */
export function parseXml(source: string, bulk?: ReadonlyMap<number, Buffer>): XmlElement {
  const stack: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < source.length) {
    const next = source.indexOf('<', at);
    const text = source.slice(at, next < 0 ? source.length : next);
    const top = stack.at(-1);
    if (top !== undefined) top.text += resolve(text);
    else if (text.trim() !== '') throw broken('text outside its element', source, at);
    if (next < 0) break;
    at = next;
    const output = bulk?.get(at);
    if (output !== undefined && top !== undefined) top.bulk = output;
    if (source.startsWith('<!--', at)) {
      at = after(source, '-->', at + 4);
    } else if (source.startsWith('<![CDATA[', at)) {
      const end = after(source, ']]>', at + 9);
      if (top === undefined) throw broken('text outside its element', source, at);
      top.text += source.slice(at + 9, end - 3);
      at = end;
    } else if (source.startsWith('<?xml', at) && stack.length === 0 && root === undefined) {
      at = after(source, '?>', at + 5);
    } else if (source.startsWith('</', at)) {
      const end = after(source, '>', at + 2);
      const open = stack.pop();
      if (open?.tag !== source.slice(at + 2, end - 1).trimEnd()) throw broken('an end tag that closes nothing', source, at);
      const { name, attributes, children, text: inside, bulk: output } = open;
      root = close({ name, attributes, children, text: inside, ...(output === undefined ? {} : { bulk: output }) }, stack, root);
      at = end;
    } else {
      if (root !== undefined) throw broken('a second document', source, at);
      if (++count > mostElements) throw new ProtocolError(`An answer of more than ${mostElements} elements came.`, { reason: 'limit-exceeded' });
      const start = startTag(source, at);
      at = start.end;
      if (start.empty) {
        root = close({ name: start.name, attributes: start.attributes, children: [], text: '' }, stack, root);
      } else {
        if (stack.length >= mostDepth) throw new ProtocolError(`An answer nested deeper than ${mostDepth} came.`, { reason: 'limit-exceeded' });
        stack.push({ tag: start.tag, name: start.name, attributes: start.attributes, children: [], text: '' });
      }
    }
  }
  if (root === undefined || stack.length > 0) throw broken('an end before its document was complete', source, source.length);
  return root;
}

/** The first child of this name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The element under a path of names, each the first of its name. */
export function under(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = childOf(found, name);
  return found;
}

/** All elements of this name at any depth, in document order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendants(child, name)]);
}

/** All text inside an element, whatever its depth. */
export function wholeText(element: XmlElement): string {
  return [element.text, ...element.children.map(wholeText)].map((text) => text.trim()).filter((text) => text !== '').join(' ');
}

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', '\'': '&apos;' };

/** Text made fit for an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (c) => escapes[c] ?? c);
}

function startTag(source: string, at: number): { tag: string; name: string; attributes: Map<string, string>; empty: boolean; end: number } {
  nameAt.lastIndex = at + 1;
  const tag = nameAt.exec(source)?.[0];
  if (tag === undefined) throw broken('something that is no element', source, at);
  const attributes = new Map<string, string>();
  let end = nameAt.lastIndex;
  for (;;) {
    attributeAt.lastIndex = end;
    const found = attributeAt.exec(source);
    if (found === null) break;
    if (attributes.size >= mostAttributes) throw new ProtocolError(`An element with more than ${mostAttributes} attributes came.`, { reason: 'limit-exceeded' });
    attributes.set(localName(found[1] ?? ''), resolve(found[2] ?? found[3] ?? ''));
    end = attributeAt.lastIndex;
  }
  tagEnd.lastIndex = end;
  const closing = tagEnd.exec(source);
  if (closing === null) throw broken('an element that does not end', source, at);
  return { tag, name: localName(tag), attributes, empty: closing[1] === '/', end: tagEnd.lastIndex };
}

function close(element: XmlElement, stack: readonly OpenElement[], root: XmlElement | undefined): XmlElement | undefined {
  const parent = stack.at(-1);
  if (parent === undefined) return element;
  parent.children.push(element);
  return root;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function after(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  if (found < 0) throw broken(`something that ${mark} does not end`, source, from);
  return found + mark.length;
}

function resolve(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}

function broken(what: string, source: string, at: number): ProtocolError {
  return new ProtocolError(`The answer is not XML that WSMan has: ${what}.`, { quoted: source.slice(Math.max(0, at - 40), at + 200) });
}
