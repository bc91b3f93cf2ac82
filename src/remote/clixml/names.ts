/** How many names are remembered, over all documents. */
const slots = 1024;
/** Longer names are not remembered, in characters. */
const longest = 64;

const table: (string | undefined)[] = new Array<string | undefined>(slots).fill(undefined);

/**
 * The text from `start` to `end` as a string that is shared between records. Property and type names repeat in every
 * record: finding the one from before costs less than making it again, and it keeps no document in memory.
 * `hash` is any number made from the characters.
 */
export function sharedName(xml: string, start: number, end: number, hash: number): string {
  const size = end - start;
  if (size > longest) return xml.slice(start, end);
  const slot = (hash ^ (hash >>> 10)) & (slots - 1);
  const known = table[slot];
  if (known?.length === size && xml.startsWith(known, start)) return known;
  // A key is stored as a string of its own; a slice would hold the whole document.
  const own = Object.keys({ [xml.slice(start, end)]: 0 })[0] ?? '';
  table[slot] = own;
  return own;
}

/** The contents of the last few `TN` elements, ends included, and the names in them. */
const recent: { readonly xml: string; readonly names: readonly string[] }[] = [];
const maxRecent = 8;
/** Longer contents are not remembered, in characters. */
const longestContents = 2000;
let oldest = 0;

/** The type names whose XML stands at `at`, where the same were read lately; every record of a script repeats them. */
export function recentTypeNames(xml: string, at: number): { readonly xml: string; readonly names: readonly string[] } | undefined {
  for (const entry of recent) if (xml.startsWith(entry.xml, at)) return entry;
  return undefined;
}

/** Remembers type names by their XML, from after `<TN …>` to after `</TN>`. */
export function rememberTypeNames(xml: string, start: number, end: number, names: readonly string[]): void {
  if (end - start > longestContents) return;
  // A copy: a slice would hold the whole document.
  recent[oldest] = { xml: Buffer.from(xml.slice(start, end), 'utf16le').toString('utf16le'), names: Object.freeze(names) };
  oldest = (oldest + 1) % maxRecent;
}
