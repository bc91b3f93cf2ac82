import type { PSValue } from '../session.ts';

/** What a script may answer with: plain values under names. */
export type FlatValue = string | number | boolean | null;
export type FlatRecord = Readonly<Record<string, FlatValue>>;

/** Longest text of one value, in characters, and most values of one record that are kept. */
const longestText = 8_192;
const mostValues = 64;

/** Reads one output record as plain values; whatever is not plain is left out, since a server's answer is not trusted. */
export function flatRecord(value: PSValue): FlatRecord {
  const flat: Record<string, FlatValue> = Object.create(null) as Record<string, FlatValue>;
  if (value === null || typeof value !== 'object' || !('kind' in value) || value.kind !== 'object') return flat;
  for (const [name, property] of Object.entries(value.properties).slice(0, mostValues)) {
    const plain = flatValue(property);
    if (plain !== undefined) flat[name] = plain;
  }
  return flat;
}

function flatValue(value: PSValue): FlatValue | undefined {
  switch (typeof value) {
    case 'string':
      return value.slice(0, longestText);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return Number(value);
    default:
      break;
  }
  if (value === null) return null;
  if ('kind' in value && value.kind === 'object' && value.value !== undefined && value.value !== value) return flatValue(value.value);
  return undefined;
}

/** The text under a name; empty where there is none. */
export function textOf(record: FlatRecord | undefined, name: string): string {
  const value = record?.[name];
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The number under a name; undefined where there is none. */
export function numberOf(record: FlatRecord | undefined, name: string): number | undefined {
  const value = record?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The truth under a name; undefined where there is none. */
export function truthOf(record: FlatRecord | undefined, name: string): boolean | undefined {
  const value = record?.[name];
  return typeof value === 'boolean' ? value : undefined;
}
