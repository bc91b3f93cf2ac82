import type { PSDate, PSObject, PSTyped, PSValue } from '../../session.ts';
import { recentTypeNames, rememberTypeNames } from './names.ts';
import { Kind, Scanner, Tag } from './scan.ts';
import { newProperties, SealedSecret } from './values.ts';

/** Opens `SS` ciphertext when somebody asks for the plain text; throws where there is no key. */
export type OpenSecret = (base64: string) => string;

/** Nesting of objects that .NET's own reader allows as well (MS-PSRP 2.2.5.2.7). */
const maxDepth = 50;

const noKey: OpenSecret = () => {
  throw new Error('There is no session key to open this secure string with.');
};

/**
 * Reads one serialized value (MS-PSRP 2.2.5). Containers become arrays and maps, other objects PSObject; integers of
 * 64 bits become BigInt, Decimal and DateTime keep their text. A container with properties of its own is a PSObject
 * around it. An object that refers to itself while it is being read keeps the cycle. `onSecret` is called for each `SS`.
 * @throws ClixmlError where the text is not what the format allows.
 */
export function decode(xml: string, openSecret: OpenSecret = noKey, onSecret: () => void = ignore): PSValue {
  const decoder = new Decoder(xml, openSecret, onSecret);
  const { scanner } = decoder;
  scanner.next();
  const value = decoder.value();
  if (scanner.next() !== Kind.end) scanner.fail('More than one value');
  return value;
}

/** Reads a whole document with its `Objs` root, as files and standard error hold it; the stream's name comes from `S`. */
export function decodeDocument(xml: string): { readonly stream: string | undefined; readonly value: PSValue }[] {
  const decoder = new Decoder(xml, noKey, ignore);
  const { scanner } = decoder;
  const values: { stream: string | undefined; value: PSValue }[] = [];
  if (scanner.next() === Kind.end || scanner.tag !== Tag.Objs) scanner.fail('No <Objs>');
  if (scanner.kind === Kind.empty) return values;
  while (scanner.next() !== Kind.close) {
    const { stream } = scanner;
    values.push({ stream, value: decoder.value() });
  }
  return values;
}

function ignore(): void {
  // Nobody counts the secrets.
}

const integerText = /^[+-]?[0-9]+$/;
const realText = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** An integer that is not plain short digits (a sign, leading zeros, white space); NaN where it is none. */
function longInteger(text: string): number {
  const trimmed = text.trim();
  return trimmed.length <= 24 && integerText.test(trimmed) ? Number(trimmed) + 0 : Number.NaN;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Decoder {
  readonly scanner: Scanner;
  private readonly openSecret: OpenSecret;
  private readonly onSecret: () => void;
  private readonly objects: PSValue[] = [];
  private readonly typeNames: (readonly string[])[] = [];
  private depth = 0;

  constructor(xml: string, openSecret: OpenSecret, onSecret: () => void) {
    this.scanner = new Scanner(xml);
    this.openSecret = openSecret;
    this.onSecret = onSecret;
  }

  /** Reads the element that the scanner stands on, to its end. */
  value(): PSValue {
    const { scanner } = this;
    if (scanner.kind === Kind.empty) return this.emptyValue();
    if (scanner.kind !== Kind.open) scanner.fail('A value is missing');
    switch (scanner.tag) {
      case Tag.S: return scanner.text();
      case Tag.I32: return this.integer(-2147483648, 2147483647);
      case Tag.Obj: return this.object();
      case Tag.B: return this.boolean();
      case Tag.I64: return this.big(-9223372036854775808n, 9223372036854775807n);
      case Tag.DT: return this.date();
      case Tag.U64: return this.big(0n, 18446744073709551615n);
      case Tag.By: return this.integer(0, 255);
      case Tag.SB: return this.integer(-128, 127);
      case Tag.I16: return this.integer(-32768, 32767);
      case Tag.U16: return this.integer(0, 65535);
      case Tag.U32: return this.integer(0, 4294967295);
      case Tag.C: return { kind: 'typed', type: 'Char', text: String.fromCharCode(this.integer(0, 65535)) };
      case Tag.Db: case Tag.Sg: return this.float();
      case Tag.D: return this.decimal();
      case Tag.TS: return this.typed('TimeSpan', scanner.rawText());
      case Tag.G: return this.typed('Guid', scanner.rawText());
      case Tag.Version: return this.typed('Version', scanner.rawText());
      case Tag.URI: return this.typed('Uri', scanner.text());
      case Tag.XD: return this.typed('Xml', scanner.text());
      case Tag.SBK: return this.typed('ScriptBlock', scanner.text());
      case Tag.BA: return this.bytes();
      case Tag.SS: this.onSecret(); return new SealedSecret(scanner.rawText(), this.openSecret);
      case Tag.Nil: scanner.rawText(); return null;
      case Tag.Ref: {
        const { refId } = scanner;
        scanner.rawText();
        return this.reference(refId);
      }
      case Tag.PR: return this.progress();
      default: return scanner.fail(`<${scanner.tagName}> is not a value`);
    }
  }

  private emptyValue(): PSValue {
    const { scanner } = this;
    switch (scanner.tag) {
      case Tag.Nil: return null;
      case Tag.Ref: return this.reference(scanner.refId);
      case Tag.S: return '';
      case Tag.Obj: {
        const made = newObject();
        this.remember(scanner.refId, made);
        return made;
      }
      case Tag.BA: return new Uint8Array(0);
      case Tag.URI: return this.typed('Uri', '');
      case Tag.XD: return this.typed('Xml', '');
      case Tag.SBK: return this.typed('ScriptBlock', '');
      case Tag.SS: this.onSecret(); return new SealedSecret('', this.openSecret);
      case Tag.PR: return newObject();
      default: return scanner.fail(`<${scanner.tagName}> is empty`);
    }
  }

  private reference(refId: number): PSValue {
    const found = refId < 0 ? undefined : this.objects[refId];
    return found ?? this.scanner.fail(`No object has RefId ${refId}`);
  }

  private remember(refId: number, value: PSValue): void {
    if (refId >= 0) this.objects[refId] = value;
  }

  private integer(least: number, most: number): number {
    const { scanner } = this;
    const value = scanner.smallInteger() ?? longInteger(scanner.rawText());
    if (!(value >= least && value <= most)) scanner.fail('Not an integer of its type');
    return value;
  }

  private big(least: bigint, most: bigint): bigint {
    const { scanner } = this;
    const small = scanner.smallInteger();
    if (small !== undefined) {
      if (small < 0 && least === 0n) scanner.fail('Not an integer of its type');
      return BigInt(small);
    }
    const text = scanner.rawText().trim();
    if (text.length > 24 || !integerText.test(text)) scanner.fail('Not an integer of 64 bits');
    const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
    if (value < least || value > most) scanner.fail('Not an integer of 64 bits');
    return value;
  }

  private float(): number {
    const text = this.scanner.rawText().trim();
    switch (text) {
      case 'NaN': return Number.NaN;
      case 'INF': case 'Infinity': return Number.POSITIVE_INFINITY;
      case '-INF': case '-Infinity': return Number.NEGATIVE_INFINITY;
      default:
    }
    if (!realText.test(text)) this.scanner.fail(`"${text.slice(0, 40)}" is not a number`);
    return Number(text);
  }

  private decimal(): PSValue {
    const text = this.scanner.rawText().trim();
    if (text.length > 64 || !realText.test(text)) this.scanner.fail('Not a decimal');
    return { kind: 'decimal', text };
  }

  private boolean(): boolean {
    const text = this.scanner.rawText();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    const lower = text.trim().toLowerCase();
    return lower === 'true' || (lower === 'false' ? false : this.scanner.fail(`"${text.slice(0, 40)}" is not a boolean`));
  }

  private date(): PSDate {
    const raw = this.scanner.rawText().trim();
    // Seven digits of fraction: Date holds three. A date without a kind is read as UTC, the only clock this side has.
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,3})?\d*(Z|[+-]\d\d:\d\d)?$/.exec(raw);
    const date = match === null ? undefined : new Date(`${match[1] ?? ''}${match[2] ?? ''}${match[3] ?? 'Z'}`);
    if (date === undefined || Number.isNaN(date.getTime())) this.scanner.fail(`"${raw.slice(0, 40)}" is not a date`);
    return { kind: 'date', date, raw };
  }

  private typed(type: PSTyped['type'], text: string): PSTyped {
    return { kind: 'typed', type, text };
  }

  private bytes(): Uint8Array {
    const text = this.scanner.rawText();
    if (!/^[A-Za-z0-9+/=\s]*$/.test(text)) this.scanner.fail('Not base64');
    return new Uint8Array(Buffer.from(text, 'base64'));
  }

  /** Reads `Obj`: its parts may come in any order. */
  private object(): PSValue {
    const { scanner } = this;
    const made = newObject();
    const { refId } = scanner;
    this.remember(refId, made);
    if (++this.depth > maxDepth) scanner.fail(`Objects nested deeper than ${maxDepth}`);
    let container: PSValue | undefined;
    let hasProperties = false;
    while (scanner.next() !== Kind.close) {
      switch (scanner.tag) {
        case Tag.TN: made.typeNames = this.readTypeNames(); break;
        case Tag.TNRef: made.typeNames = this.knownTypeNames(); break;
        case Tag.ToString: made.toStringValue = scanner.kind === Kind.empty ? '' : scanner.text(); break;
        case Tag.Props: hasProperties = this.properties(made, false) || hasProperties; break;
        case Tag.MS: hasProperties = this.properties(made, true) || hasProperties; break;
        case Tag.LST: case Tag.IE: case Tag.QUE: case Tag.STK: container = this.list(refId); break;
        case Tag.DCT: container = this.dictionary(refId); break;
        default:
          made.value = this.value();
      }
    }
    if (scanner.tag !== Tag.Obj) scanner.fail(`</${scanner.tagName}> ends <Obj>`);
    this.depth--;
    if (container === undefined) return made;
    if (!hasProperties) return container;
    made.value = container;
    this.remember(refId, made);
    return made;
  }

  private readTypeNames(): readonly string[] {
    const { scanner } = this;
    const { refId } = scanner;
    const start = scanner.at;
    const filled = scanner.kind === Kind.open;
    const known = filled ? recentTypeNames(scanner.xml, start) : undefined;
    let names: readonly string[];
    if (known !== undefined) {
      scanner.at = start + known.xml.length;
      ({ names } = known);
    } else {
      const read: string[] = [];
      while (filled && scanner.next() !== Kind.close) {
        if (scanner.tag !== Tag.T) scanner.fail('Not a type name');
        read.push(scanner.kind === Kind.empty ? '' : scanner.sharedText());
      }
      if (scanner.tag !== Tag.TN) scanner.fail(`</${scanner.tagName}> ends <TN>`);
      names = read;
      if (filled) rememberTypeNames(scanner.xml, start, scanner.at, names);
    }
    if (refId >= 0) this.typeNames[refId] = names;
    return names;
  }

  private knownTypeNames(): readonly string[] {
    const { scanner } = this;
    const { refId, kind } = scanner;
    if (kind === Kind.open) scanner.rawText();
    return (refId < 0 ? undefined : this.typeNames[refId]) ?? scanner.fail(`No type names have RefId ${refId}`);
  }

  /** Reads `Props` or `MS`. Extended properties (MS) win over adapted ones of the same name, whichever comes first. */
  private properties(target: PSObject, extended: boolean): boolean {
    const { scanner } = this;
    const bag = target.properties as Record<string, PSValue>;
    const { tag } = scanner;
    if (scanner.kind === Kind.empty) return false;
    let any = false;
    const before = extended || Object.keys(bag).length === 0 ? undefined : new Set(Object.keys(bag));
    while (scanner.next() !== Kind.close) {
      const { name } = scanner;
      if (name === undefined) return scanner.fail(`<${scanner.tagName}> is a property without a name`);
      any = true;
      const value = this.value();
      if (before?.has(name) !== true) bag[name] = value;
    }
    if (scanner.tag !== tag) scanner.fail(`</${scanner.tagName}> ends the properties`);
    return any;
  }

  private list(refId: number): PSValue {
    const { scanner } = this;
    const { tag } = scanner;
    const items: PSValue[] = [];
    this.remember(refId, items);
    if (scanner.kind === Kind.empty) return items;
    while (scanner.next() !== Kind.close) items.push(this.value());
    if (scanner.tag !== tag) scanner.fail(`</${scanner.tagName}> ends a list`);
    return items;
  }

  private dictionary(refId: number): PSValue {
    const { scanner } = this;
    const entries = new Map<PSValue, PSValue>();
    this.remember(refId, entries);
    if (scanner.kind === Kind.empty) return entries;
    while (scanner.next() !== Kind.close) {
      if (scanner.tag !== Tag.En || scanner.kind !== Kind.open) scanner.fail('Not a dictionary entry');
      let key: PSValue | undefined;
      let value: PSValue | undefined;
      while (scanner.next() !== Kind.close) {
        const { name } = scanner;
        if (name === 'Key') key = this.value();
        else if (name === 'Value') value = this.value();
        else scanner.fail('Neither the key nor the value of an entry');
      }
      if (scanner.tag !== Tag.En || key === undefined || value === undefined) return scanner.fail('A broken dictionary entry');
      entries.set(key, value);
    }
    if (scanner.tag !== Tag.DCT) scanner.fail(`</${scanner.tagName}> ends a dictionary`);
    return entries;
  }

  /** `PR` on disk: a progress record as a bag of named values. */
  private progress(): PSValue {
    const { scanner } = this;
    const made = newObject();
    while (scanner.next() !== Kind.close) {
      const { tagName } = scanner;
      (made.properties as Record<string, PSValue>)[tagName] = scanner.kind === Kind.empty ? '' : scanner.text();
      if (Object.keys(made.properties).length > 32) scanner.fail('Not a progress record');
    }
    return made;
  }
}

function newObject(): Mutable<PSObject> {
  return { kind: 'object', typeNames: [], toStringValue: undefined, properties: newProperties(), value: undefined };
}

