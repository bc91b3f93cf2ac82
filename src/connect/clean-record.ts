import type { StreamRecord } from '../session.ts';

/** Deepest value of a record that is looked into; what lies deeper is shown by nobody. */
const deepest = 8;

/** A record with every text in it put through `clean`: a server may say in a warning or an error what it was given. */
export function cleanRecord(record: StreamRecord, clean: (text: string) => string): StreamRecord {
  return cleaned(record, clean, 0) as StreamRecord;
}

function cleaned(value: unknown, clean: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return clean(value);
  if (depth > deepest || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => cleaned(one, clean, depth + 1));
  // Anything with a class of its own knows by itself what it shows.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one, clean, depth + 1)]));
}
