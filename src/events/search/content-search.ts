import { isEscaped, isPlainNeedle, unpackData } from '../store/data-text.ts';
import { noMessage, wholeMessage, type Contents } from '../store/contents.ts';
import type { Work } from '../view/slices.ts';
import { fold } from './fold.ts';
import { PageSearch } from './page-search.ts';
import { literalRegex } from './regex/compile.ts';
import { RegexContents } from './regex-contents.ts';
import { canSpan } from './spanning.ts';
import type { TextMatcher } from './text-matcher.ts';

/** Contents looked at between two yields. */
const between = 4096;

/** Code units that a pattern reads between two yields, about a millisecond's work. */
const mostUnits = 262_144;

/** Costly steps of a pattern between two yields. */
const mostCost = 32;

/** How a needle meets the messages of one template. */
type InTemplate = 'always' | 'where-values-hold-it' | 'where-rendered-holds-it';

/** Which distinct contents match, kept up as contents are added. */
export class ContentSearch {
  #matches = new Uint8Array(0);
  #done = 0;
  readonly #contents: Contents;
  readonly #matcher: TextMatcher;
  readonly #needle: string | undefined;
  readonly #pages: readonly [PageSearch, PageSearch] | undefined;
  readonly #regex: RegexContents | undefined;
  /** Finds the needle across places where fixed text and a value meet. */
  readonly #pieces: RegexContents | undefined;
  readonly #templates: InTemplate[] = [];

  constructor(contents: Contents, matcher: TextMatcher) {
    this.#contents = contents;
    this.#matcher = matcher;
    const { needle, caseSensitive } = matcher;
    this.#needle = needle !== undefined && isPlainNeedle(needle) ? needle : undefined;
    if (matcher.regex !== undefined) this.#regex = new RegexContents(contents, matcher.regex, caseSensitive);
    const pieces = this.#needle === undefined || this.#regex !== undefined ? undefined : literalRegex(this.#needle);
    if (pieces !== undefined) this.#pieces = new RegexContents(contents, pieces, caseSensitive);
    if (this.#needle !== undefined) this.#pages = [new PageSearch(contents.texts.narrow, this.#needle, caseSensitive), new PageSearch(contents.texts.wide, this.#needle, caseSensitive)];
  }

  /** 1 where a content matches; true for all that were there when this was asked last. */
  *matches(): Work<Uint8Array> {
    const { count } = this.#contents;
    if (count > this.#matches.length) {
      const wider = new Uint8Array(Math.max(count, this.#matches.length * 2));
      wider.set(this.#matches);
      this.#matches = wider;
    }
    if (this.#pages !== undefined) for (const pages of this.#pages) yield* pages.extend();
    while (this.#done < count) {
      const to = Math.min(count, this.#done + between);
      let cost = this.#matcher.cost();
      let units = this.#regex?.units ?? 0;
      for (let content = this.#done; content < to; content++) {
        const needle = this.#needle === undefined ? undefined : this.#byNeedle(content, this.#needle);
        const isSure = needle === false || (needle === true && this.#regex === undefined);
        this.#matches[content] = (isSure ? needle : this.#regex?.test(content) ?? (yield* this.#eachText(content))) ? 1 : 0;
        if (this.#matcher.cost() - cost <= mostCost && (this.#regex?.units ?? 0) - units <= mostUnits) continue;
        cost = this.#matcher.cost();
        units = this.#regex?.units ?? 0;
        yield;
      }
      this.#done = to;
      yield;
    }
    return this.#matches;
  }

  *#eachText(content: number): Work<boolean> {
    const message = this.#contents.message(content);
    if (message !== undefined && (yield* this.#matcher.test(message))) return true;
    for (const value of this.#contents.data(content)) if (yield* this.#matcher.test(value)) return true;
    return false;
  }

  #byNeedle(content: number, needle: string): boolean {
    const packed = this.#contents.packed.at(content);
    if (this.#isHit(packed) && this.#isInValue(packed, needle)) return true;
    const template = this.#contents.template.at(content);
    if (template === noMessage) return false;
    if (template === wholeMessage) return this.#isHit(this.#contents.text.at(content));
    const how = this.#templates[template] ??= this.#inTemplate(template, needle);
    if (how !== 'where-rendered-holds-it') return how === 'always';
    // The expression itself goes through the pieces as fast.
    return this.#regex !== undefined || (this.#pieces?.test(content) ?? this.#holds(this.#contents.message(content) ?? '', needle));
  }

  #inTemplate(template: number, needle: string): InTemplate {
    const made = this.#contents.templates.list[template];
    if (made === undefined) return 'where-rendered-holds-it';
    const comparable = this.#matcher.caseSensitive ? made : { ...made, literals: made.literals.map(fold) };
    if (comparable.literals.some((literal) => literal.includes(needle))) return 'always';
    return canSpan(comparable, needle) ? 'where-rendered-holds-it' : 'where-values-hold-it';
  }

  #holds(text: string, needle: string): boolean {
    return (this.#matcher.caseSensitive ? text : fold(text)).includes(needle);
  }

  #isHit(code: number): boolean {
    return this.#pages?.[code & 1 ? 1 : 0].isHit(code >> 1) ?? false;
  }

  #isInValue(packed: number, needle: string): boolean {
    const text = this.#contents.texts.get(packed);
    return !isEscaped(text) || unpackData(text).some((value) => this.#holds(value, needle));
  }
}
