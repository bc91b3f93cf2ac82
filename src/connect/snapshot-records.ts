import type { PSObject, PSValue, StreamRecord } from '../session.ts';
import { known, missing, missingReasons, type Fact, type MissingReason } from './fact.ts';

/**
 * The first half of reading a snapshot: output records by the name of their fact, with every value checked.
 * The server is not trusted: what has the wrong type, comes twice or is too large becomes a missing fact.
 */

/** Records of one snapshot that are looked at; the script emits fewer than a hundred. */
const recordLimit = 1000;
const textLimit = 4000;
const rowLimit = 5000;

type Fields = Readonly<Record<string, PSValue>>;

export class FactRecords {
  readonly #single = new Map<string, Fields | 'twice'>();
  /** Records of the facts that come in several parts (events). */
  readonly #parts = new Map<string, Fields[]>();
  /** Why facts that never came are missing. */
  readonly #absent: Fact<never>;
  #count = 0;

  /** `several` names the facts that come in several records; `absent` says why a fact that never came is missing. */
  constructor(records: Iterable<StreamRecord>, several: readonly string[], absent: Fact<never>) {
    this.#absent = absent;
    for (const name of several) this.#parts.set(name, []);
    for (const record of records) if (record.stream === 'output') this.#add(record.value);
  }

  #add(value: PSValue): void {
    if (!isObject(value) || ++this.#count > recordLimit) return;
    const name = asText(value.properties['fact']);
    if (name === undefined) return;
    const parts = this.#parts.get(name);
    if (parts !== undefined) parts.push(value.properties);
    else this.#single.set(name, this.#single.has(name) ? 'twice' : value.properties);
  }

  parts(name: string): readonly Fields[] {
    return this.#parts.get(name) ?? [];
  }

  text(name: string): Fact<string> {
    return this.#value(name, asText);
  }

  flag(name: string): Fact<boolean> {
    return this.#value(name, (value) => (typeof value === 'boolean' ? value : undefined));
  }

  integer(name: string): Fact<number> {
    return this.#value(name, asInteger);
  }

  /** The rows of a table; `row` makes one from its columns' values, undefined drops it. */
  rows<T>(name: string, columns: readonly string[], row: (cell: (column: string) => PSValue) => T | undefined): Fact<readonly T[]> {
    const fields = this.#fields(name);
    return fields.known ? readRows(fields.value, columns, row) : fields;
  }

  #fields(name: string): Fact<Fields> {
    const fields = this.#single.get(name);
    if (fields === undefined) return this.#absent;
    if (fields === 'twice') return missing('bad-answer', 'The server sent this fact twice.');
    const why = missingFrom(fields);
    return why ?? known(fields);
  }

  #value<T>(name: string, read: (value: PSValue | undefined) => T | undefined): Fact<T> {
    const fields = this.#fields(name);
    if (!fields.known) return fields;
    const value = read(fields.value['value']);
    return value === undefined ? missing('bad-answer', 'The value has the wrong type or is too large.') : known(value);
  }
}

/** The reason that a record gives for a missing fact; undefined where it brings a value. */
export function missingFrom(fields: Fields): Fact<never> | undefined {
  if (fields['missing'] === undefined) return undefined;
  const why = missingReasons.find((reason): reason is MissingReason => reason === fields['missing']) ?? 'failed';
  return missing(why, (asText(fields['detail']) ?? '').slice(0, 500));
}

/** Rows from equally long columns. */
export function readRows<T>(fields: Fields, columns: readonly string[], row: (cell: (column: string) => PSValue) => T | undefined): Fact<readonly T[]> {
  const arrays = new Map<string, readonly PSValue[]>();
  for (const column of columns) arrays.set(column, asArray(fields[column]));
  const lengths = new Set([...arrays.values()].map((array) => array.length));
  const [length = 0] = lengths;
  if (lengths.size > 1 || length > rowLimit) return missing('bad-answer', 'The columns of the list differ in length, or it is too long.');
  const rows: T[] = [];
  for (let i = 0; i < length; i++) {
    const made = row((column) => arrays.get(column)?.[i] ?? null);
    if (made !== undefined) rows.push(made);
  }
  return known(rows);
}

export function isObject(value: PSValue | undefined): value is PSObject {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'object';
}

/** A string of bounded length; undefined for anything else. */
export function asText(value: PSValue | undefined): string | undefined {
  const plain = isObject(value) ? value.value : value;
  return typeof plain === 'string' && plain.length <= textLimit ? plain : undefined;
}

/** A whole number that JavaScript holds exactly. */
export function asInteger(value: PSValue | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function asArray(value: PSValue | undefined): readonly PSValue[] {
  const plain = isObject(value) ? value.value : value;
  if (plain === null || plain === undefined) return [];
  return isList(plain) ? plain : [plain];
}

function isList(value: PSValue): value is readonly PSValue[] {
  return Array.isArray(value);
}
