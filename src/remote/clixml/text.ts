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

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Replaces the five named entities and numeric references. References that XML 1.0 forbids (`&#xFFFE;`, `&#0;`) are
 * accepted, since .NET writes them; anything else after `&` is refused, so no entity can expand.
 */
export function decodeEntities(text: string, position: number): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{1,4}))?;?/g, (all, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (all.endsWith(';')) {
      if (name !== undefined && Object.hasOwn(named, name)) return named[name] ?? '';
      const code = decimal !== undefined ? Number.parseInt(decimal, 10) : hex !== undefined ? Number.parseInt(hex, 16) : -1;
      if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code);
    }
    throw new ClixmlError(`"${all}" is not an entity this format has`, position, text);
  });
}

/** Undoes `_xHHHH_`, and the eight-digit form that .NET also reads: left to right, once, in any letter case. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x') && !text.includes('_X')) return text;
  return text.replace(/_[xX](?:([0-9a-fA-F]{4})|([0-9a-fA-F]{8}))_/g, (all, four: string | undefined, eight: string | undefined) => {
    if (four !== undefined) return String.fromCharCode(Number.parseInt(four, 16));
    const code = Number.parseInt(eight ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
