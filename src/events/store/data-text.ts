const separator = '\u0000';
const escape = '\u0001';

/** The insertion values of an event as one text: one string for the pool instead of an array and a string each. No values and one empty value differ. */
export function packData(values: readonly string[]): string {
  let packed = '';
  for (const value of values) packed += separator + (value.includes(separator) || value.includes(escape) ? value.replaceAll(escape, `${escape}b`).replaceAll(separator, `${escape}a`) : value);
  return packed;
}

export function unpackData(packed: string): readonly string[] {
  if (packed === '') return [];
  const values = packed.substring(1).split(separator);
  if (!packed.includes(escape)) return values;
  return values.map((value) => value.replaceAll(`${escape}a`, separator).replaceAll(`${escape}b`, escape));
}

/** True for a text that may be looked for in packed values as it is: it cannot match what packing put there. */
export function isPlainNeedle(text: string): boolean {
  return !text.includes(separator) && !text.includes(escape);
}

/** True where packing changed a value: such texts are unpacked before anything is looked for in them. */
export function isEscaped(packed: string): boolean {
  return packed.includes(escape);
}
