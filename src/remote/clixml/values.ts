import type { PSDate, PSDecimal, PSObject, PSTyped, PSValue, SecureString } from '../../session.ts';

/** A SecureString made on this side. Printing or serializing it shows nothing. */
export class PlainSecret implements SecureString {
  readonly kind = 'secure-string';
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secure string]';
  }

  toJSON(): string {
    return '[secure string]';
  }
}

/** Ciphertext that came in an `SS` element; opened only when somebody asks, since it may arrive before the session key. */
export class SealedSecret implements SecureString {
  readonly kind = 'secure-string';
  readonly #base64: string;
  readonly #open: (base64: string) => string;

  constructor(base64: string, open: (base64: string) => string) {
    this.#base64 = base64;
    this.#open = open;
  }

  /** Throws when the session key has not arrived, or when the ciphertext does not fit it. */
  reveal(): string {
    return this.#open(this.#base64);
  }

  toString(): string {
    return '[secure string]';
  }

  toJSON(): string {
    return '[secure string]';
  }
}

/** Properties without a prototype, yet with V8's fast layout: `constructor` or `__proto__` are ordinary names in it. */
class PropertyBag {
  [name: string]: PSValue;
}
Object.setPrototypeOf(PropertyBag.prototype, null);
Reflect.deleteProperty(PropertyBag.prototype, 'constructor');

/** An empty set of properties whose names may be anything. */
export function newProperties(): Record<string, PSValue> {
  return new PropertyBag();
}

/** A PSObject from its parts; for parameters, input and tests. */
export function psObject(typeNames: readonly string[], properties: Readonly<Record<string, PSValue>>, extra: { readonly text?: string; readonly value?: PSValue } = {}): PSObject {
  const own = newProperties();
  for (const [name, value] of Object.entries(properties)) own[name] = value;
  return { kind: 'object', typeNames, toStringValue: extra.text, properties: own, value: extra.value };
}

/** A PSCredential as the server's `Get-Credential` would make it. */
export function psCredential(userName: string, password: SecureString): PSObject {
  return psObject(['System.Management.Automation.PSCredential', 'System.Object'], { UserName: userName, Password: password }, { text: 'System.Management.Automation.PSCredential' });
}

/** A DateTime in UTC from a Date. */
export function psDate(date: Date): PSDate {
  return { kind: 'date', date, raw: date.toISOString().replace('Z', '0000Z') };
}

export function psDecimal(text: string): PSDecimal {
  return { kind: 'decimal', text };
}

export function psTyped(type: PSTyped['type'], text: string): PSTyped {
  return { kind: 'typed', type, text };
}

type Tagged = PSDate | PSDecimal | PSTyped | SecureString | PSObject;

/** True for the values that carry a `kind`. */
export function isTagged(value: PSValue | undefined): value is Tagged {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

export function isObject(value: PSValue | undefined): value is PSObject {
  return isTagged(value) && value.kind === 'object';
}

export function isSecureString(value: PSValue | undefined): value is SecureString {
  return isTagged(value) && value.kind === 'secure-string';
}

export function isList(value: PSValue | undefined): value is readonly PSValue[] {
  return Array.isArray(value);
}

export function isMap(value: PSValue | undefined): value is ReadonlyMap<PSValue, PSValue> {
  return value instanceof Map;
}

/** The named property, whatever the letter case: PowerShell's names have none. */
export function property(value: PSValue | undefined, name: string): PSValue | undefined {
  if (!isObject(value)) return undefined;
  const exact = value.properties[name];
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [key, found] of Object.entries(value.properties)) if (key.toLowerCase() === wanted) return found;
  return undefined;
}

/** The value as text, the way PowerShell would show it in a string; undefined where it has none. */
export function textOf(value: PSValue | undefined): string | undefined {
  switch (typeof value) {
    case 'string': return value;
    case 'number': case 'bigint': return value.toString();
    case 'boolean': return value ? 'True' : 'False';
    default:
  }
  if (!isTagged(value)) return undefined;
  switch (value.kind) {
    case 'date': return value.raw;
    case 'decimal': case 'typed': return value.text;
    case 'secure-string': return undefined;
    case 'object': return value.toStringValue ?? textOf(value.value);
  }
}

/** The number in a value, through an enum or an object that wraps one; undefined where there is none. */
export function numberOf(value: PSValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return isObject(value) ? numberOf(value.value) : undefined;
}
