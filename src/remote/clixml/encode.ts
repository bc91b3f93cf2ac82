import type { PSObject, PSTyped, PSValue, SecureString } from '../../session.ts';
import { ClixmlError } from './error.ts';
import { escapeMarkup, escapeText } from './text.ts';
import { isList, isMap, isTagged } from './values.ts';

/** Seals a secret with the session key; returns the base64 of an `SS` element. */
export type SealSecret = (secret: SecureString) => string;

const maxDepth = 50;

const noKey: SealSecret = () => {
  throw new ClixmlError('A secure string cannot be written before the session key is there', -1, '');
};

const typedTags: Readonly<Record<PSTyped['type'], string>> = {
  Version: 'Version', Guid: 'G', Uri: 'URI', TimeSpan: 'TS', Char: 'C', Xml: 'XD', ScriptBlock: 'SBK',
};

/**
 * Writes one value (MS-PSRP 2.2.5). Integral numbers in the range of Int32 become Int32, other numbers Double,
 * BigInt becomes Int64 (or UInt64 above its range), Map a Hashtable, an array an Object[].
 * @throws ClixmlError for a value that has no form on the wire: cycles, nesting over 50, a BigInt over 64 bits.
 */
export function encode(value: PSValue, sealSecret: SealSecret = noKey): string {
  return new Encoder(sealSecret).value(value, undefined, 0);
}

/** A value with the property name that it goes under. */
class Encoder {
  private readonly seal: SealSecret;
  private nextRef = 0;

  constructor(seal: SealSecret) {
    this.seal = seal;
  }

  value(value: PSValue, name: string | undefined, depth: number): string {
    const n = name === undefined ? '' : ` N="${escapeText(name)}"`;
    switch (typeof value) {
      case 'string': return `<S${n}>${escapeText(value)}</S>`;
      case 'boolean': return `<B${n}>${value ? 'true' : 'false'}</B>`;
      case 'number': return number(value, n);
      case 'bigint': return big(value, n);
      default:
    }
    if (value === null) return `<Nil${n} />`;
    if (depth > maxDepth) throw new ClixmlError(`A value nested deeper than ${maxDepth}`, -1, '');
    if (value instanceof Uint8Array) return `<BA${n}>${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}</BA>`;
    if (isList(value)) return this.open(n, ['System.Object[]', 'System.Array', 'System.Object']) + this.list(value, depth) + '</Obj>';
    if (isMap(value)) return this.open(n, ['System.Collections.Hashtable', 'System.Object']) + this.dictionary(value, depth) + '</Obj>';
    if (!isTagged(value)) throw new ClixmlError('A value of a kind that has no form on the wire', -1, '');
    switch (value.kind) {
      case 'date': return `<DT${n}>${escapeMarkup(value.raw)}</DT>`;
      case 'decimal': return `<D${n}>${escapeMarkup(value.text)}</D>`;
      case 'typed': return typed(value, n);
      case 'secure-string': return `<SS${n}>${this.seal(value)}</SS>`;
      case 'object': return this.object(value, n, depth);
    }
  }

  private open(n: string, typeNames: readonly string[]): string {
    const ref = this.nextRef++;
    if (typeNames.length === 0) return `<Obj${n} RefId="${ref}">`;
    return `<Obj${n} RefId="${ref}"><TN RefId="${ref}">${typeNames.map((t) => `<T>${escapeText(t)}</T>`).join('')}</TN>`;
  }

  private list(items: readonly PSValue[], depth: number): string {
    let xml = '<LST>';
    for (const item of items) xml += this.value(item, undefined, depth + 1);
    return `${xml}</LST>`;
  }

  private dictionary(entries: ReadonlyMap<PSValue, PSValue>, depth: number): string {
    let xml = '<DCT>';
    for (const [key, value] of entries) xml += `<En>${this.value(key, 'Key', depth + 1)}${this.value(value, 'Value', depth + 1)}</En>`;
    return `${xml}</DCT>`;
  }

  private object(value: PSObject, n: string, depth: number): string {
    let xml = this.open(n, value.typeNames);
    if (value.toStringValue !== undefined) xml += `<ToString>${escapeText(value.toStringValue)}</ToString>`;
    if (value.value !== undefined) {
      xml += isList(value.value) ? this.list(value.value, depth) : isMap(value.value) ? this.dictionary(value.value, depth) : this.value(value.value, undefined, depth + 1);
    }
    const names = Object.keys(value.properties);
    if (names.length > 0) {
      xml += '<MS>';
      for (const name of names) xml += this.value(value.properties[name] ?? null, name, depth + 1);
      xml += '</MS>';
    }
    return `${xml}</Obj>`;
  }
}

function number(value: number, n: string): string {
  if (Number.isInteger(value) && value >= -2147483648 && value <= 2147483647 && !Object.is(value, -0)) return `<I32${n}>${value}</I32>`;
  if (Number.isNaN(value)) return `<Db${n}>NaN</Db>`;
  if (!Number.isFinite(value)) return `<Db${n}>${value > 0 ? 'INF' : '-INF'}</Db>`;
  return `<Db${n}>${Object.is(value, -0) ? '-0' : value.toString()}</Db>`;
}

function big(value: bigint, n: string): string {
  if (value === BigInt.asIntN(64, value)) return `<I64${n}>${value.toString()}</I64>`;
  if (value === BigInt.asUintN(64, value)) return `<U64${n}>${value.toString()}</U64>`;
  throw new ClixmlError('An integer over 64 bits has no form on the wire', -1, '');
}

function typed(value: PSTyped, n: string): string {
  const tag = typedTags[value.type];
  switch (value.type) {
    case 'Char': return `<C${n}>${value.text.charCodeAt(0)}</C>`;
    case 'Version': case 'Guid': case 'TimeSpan': return `<${tag}${n}>${escapeMarkup(value.text)}</${tag}>`;
    case 'Uri': case 'Xml': case 'ScriptBlock': return `<${tag}${n}>${escapeText(value.text)}</${tag}>`;
  }
}
