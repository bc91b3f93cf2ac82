import type { TextQuery } from '../event-filter.ts';
import type { Work } from '../view/slices.ts';
import { fold } from './fold.ts';
import { compileRegex, type LinearRegex, type RegexProblem } from './regex/compile.ts';

/** Whether a text has in it what is looked for. */
export interface TextMatcher {
  readonly caseSensitive: boolean;
  /** What a text must have in it, as it is compared: all that is asked for, or a piece of what the regular expression needs. Undefined where nothing is sure. */
  readonly needle: string | undefined;
  readonly regex?: LinearRegex | undefined;
  /** Yields only within a long search of one text, which a plain needle never is. */
  readonly test: (text: string) => Work<boolean>;
  /** As `test` at once; undefined where that would take long. */
  readonly quick: (text: string) => boolean | undefined;
  /** Grows with the costly part of a regular expression's work: many steps of it are a reason to yield between two texts. */
  readonly cost: () => number;
}

/** Text longer than this is no search, in code units. */
export const longestQuery = 1000;

/** A shorter piece is in nearly every text. */
const leastNeedle = 2;

/** Either the matcher, or what is wrong with the query and where, for the page to show. Never throws. */
export function textMatcher({ text, regex, caseSensitive }: TextQuery): TextMatcher | RegexProblem {
  if (text.length > longestQuery) return { code: 'too-long', position: longestQuery, detail: '' };
  if (regex) {
    const compiled = compileRegex(text, caseSensitive);
    if ('code' in compiled) return compiled;
    return {
      caseSensitive, needle: compiled.required.length < leastNeedle ? undefined : compiled.required, regex: compiled, cost: () => compiled.made,
      test: (subject) => compiled.test(caseSensitive ? subject : fold(subject)),
      quick: (subject) => compiled.quick(caseSensitive ? subject : fold(subject)),
    };
  }
  const needle = caseSensitive ? text : fold(text);
  const quick = (subject: string): boolean => (caseSensitive ? subject : fold(subject)).includes(needle);
  return { caseSensitive, needle, cost: () => 0, quick, *test(subject) { return quick(subject); } };
}
