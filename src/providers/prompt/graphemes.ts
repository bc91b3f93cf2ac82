const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a person takes for one character each: surrogate pairs and combining marks stay together. */
export function graphemes(text: string): string[] {
  // Printable ASCII has nothing to keep together.
  if (text !== '' && /^[\n\t -~]*$/.test(text)) return text.split(/(?=[^])/);
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Where the character before `index` begins. */
export function before(text: string, index: number): number {
  return index - (graphemes(text.slice(0, index)).at(-1)?.length ?? 0);
}

/** Where the character at `index` ends. */
export function after(text: string, index: number): number {
  return index + (graphemes(text.slice(index))[0]?.length ?? 0);
}

/** Start of the word before `index`; what lies between words belongs to the one before it. */
export function wordBefore(text: string, index: number): number {
  let at = index;
  while (at > 0 && !isWordUnit(text[at - 1])) at--;
  while (at > 0 && isWordUnit(text[at - 1])) at--;
  return at;
}

/** Start of the word after the one at `index`. */
export function wordAfter(text: string, index: number): number {
  let at = index;
  while (at < text.length && isWordUnit(text[at])) at++;
  while (at < text.length && !isWordUnit(text[at])) at++;
  return at;
}

/** Letters, digits, marks and both halves of a surrogate pair: a word never ends inside of a character. */
function isWordUnit(unit: string | undefined): boolean {
  return unit !== undefined && /[\p{L}\p{N}\p{M}_\ud800-\udfff\u200d]/u.test(unit);
}
