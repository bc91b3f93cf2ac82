import { ClixmlError } from './error.ts';

// MS-PSRP 2.2.5.3.2: code units that a document cannot hold travel as `_xHHHH_`, and so does `_` where it would start one.
const unsafe = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff<>&"]|_(?=[xX])/;
const everyUnsafe = new RegExp(unsafe, 'g');

function escapeOne(c: string): string {
  switch (c) {
    case '<': return '&lt;';
    case '>': return '&gt;';
    case '&': return '&amp;';
    case '"': return '&quot;';
    default: return `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  }
}

/** Escapes text for an element or a double-quoted attribute (MS-PSRP 2.2.5.3.2); a surrogate pair becomes two escapes. */
export function escapeText(text: string): string {
  return unsafe.test(text) ? text.replace(everyUnsafe, escapeOne) : text;
}

/** Escapes markup only: for the types whose text is not `_xHHHH_` encoded (numbers, dates, ciphertext). */
export function escapeMarkup(text: string): string {
  return text.replace(/[<>&"]/g, escapeOne);
}

const named: ReadonlyMap<string, string> = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', "'"]]);

/** The longest reference, `&#x0010FFFF;` with its ends. */
const maxReference = 12;

/**
 * Decodes the text from `start` to `end`: the five named entities and numeric references, then `_xHHHH_` and the
 * eight-digit form that .NET also reads: left to right, once, in any letter case. References that XML 1.0 forbids
 * (`&#xFFFE;`) are accepted, since .NET writes them; anything else after `&` is refused, so no entity can expand.
 */
export function decodeText(xml: string, start: number, end: number, escapes = true): string {
  const text = decodeEntities(xml, start, end);
  return escapes ? decodeEscapes(text) : text;
}

function decodeEntities(xml: string, start: number, end: number): string {
  const text = xml.slice(start, end);
  let at = text.indexOf('&');
  if (at < 0) return text;
  let decoded = '';
  let from = 0;
  for (; at >= 0; at = text.indexOf('&', from)) {
    const semicolon = text.indexOf(';', at);
    if (semicolon < 0 || semicolon - at > maxReference) throw new ClixmlError('An "&" that begins no entity', start + at, xml);
    decoded += text.slice(from, at) + entity(text, at, semicolon);
    from = semicolon + 1;
  }
  return decoded + text.slice(from);
}

function entity(xml: string, at: number, semicolon: number): string {
  const body = xml.slice(at + 1, semicolon);
  const known = named.get(body);
  if (known !== undefined) return known;
  const code = /^#[0-9]{1,10}$/.test(body) ? Number.parseInt(body.slice(1), 10) : /^#[xX][0-9a-fA-F]{1,9}$/.test(body) ? Number.parseInt(body.slice(2), 16) : -1;
  if (code < 0 || code > 0x10ffff) throw new ClixmlError(`"&${body};" is not an entity that this format has`, at, xml);
  return String.fromCodePoint(code);
}

function decodeEscapes(text: string): string {
  let decoded = '';
  let from = 0;
  for (let at = text.indexOf('_'); at >= 0; at = text.indexOf('_', at)) {
    const x = text.charCodeAt(at + 1);
    const size = x !== 120 && x !== 88 ? 0 : text.charCodeAt(at + 6) === 95 ? 4 : text.charCodeAt(at + 10) === 95 ? 8 : 0;
    const code = size === 0 ? -1 : hexadecimal(text, at + 2, size);
    if (code < 0 || code > 0x10ffff) {
      at++;
      continue;
    }
    decoded += text.slice(from, at) + (size === 4 ? String.fromCharCode(code) : String.fromCodePoint(code));
    at += size + 3;
    from = at;
  }
  return from === 0 ? text : decoded + text.slice(from);
}

/** The number in `size` hexadecimal digits; -1 where they are none. */
function hexadecimal(text: string, from: number, size: number): number {
  let value = 0;
  for (let i = from; i < from + size; i++) {
    const c = text.charCodeAt(i);
    const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : c >= 65 && c <= 70 ? c - 55 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}
