/**
 * An event's insertion values from the one text they are sent as. Its first character says how: `|` as they are, with `|` between;
 * `%` the same with `%` and `|` inside a value written as `%25` and `%7C`. An empty text has no values.
 */
export function splitValues(text: string): readonly string[] {
  if (text === '') return [];
  const values = text.slice(1).split('|');
  return text.startsWith('%') ? values.map((value) => value.replaceAll('%7C', '|').replaceAll('%25', '%')) : values;
}
