import { automaton, type Automaton } from './automaton.ts';
import { includes, includesFolded, unit, word } from './classes.ts';
import type { Work } from '../../view/slices.ts';
import { parseRegex } from './parse.ts';
import { requiredLiteral } from './required-literal.ts';
import type { RegexProblem, UnitClass } from './syntax.ts';

export type { RegexProblem } from './syntax.ts';

/** Sets of states that are remembered; then all are forgotten and the memory starts anew. */
const mostRemembered = 500;

/** Sets that are made between two yields. */
const setsBetweenYields = 32;

const unknown = -1;
const matched = -2;

/** Units of two bytes are asked for by number; those of one byte by table. */
const tableSize = 256;

/** Where a walk through a text stands: a set of the automaton's states. Only what `begin` and `walk` answered goes back in. */
export interface Remembered {
  readonly states: readonly number[];
  /** Whether the unit before was a word character; undefined at the start of the text. */
  readonly before: boolean | undefined;
  readonly table: Int32Array;
  readonly beyond: Map<number, number>;
  matchesAtEnd: boolean | undefined;
  /** Where fixed pieces of text lead from here, by a number that the caller gave them. */
  ways: Map<number, Remembered> | undefined;
}

const sentinel = (): Remembered => ({ states: [], before: undefined, table: new Int32Array(0), beyond: new Map(), matchesAtEnd: undefined, ways: undefined });

/** What a walk ends in once the pattern has matched. */
export const walkMatched = sentinel();

/** What a walk ends in where it took too many sets to be done in one go. */
export const walkTired = sentinel();

/**
 * Why not the engine's own RegExp: it backtracks, one exec cannot be interrupted, and `(a+)+$` on sixty letters holds the extension
 * host for years; bounds on length do not help, refusing nested quantifiers still lets `a*a*a*b` through. Here the pattern becomes an
 * automaton whose sets of states are made as texts need them: each unit of a text costs one look-up, whatever the pattern. The price
 * is that back-references and look-around are refused, by name and position.
 */
export class LinearRegex {
  readonly #automaton: Automaton;
  readonly #includes: (of: UnitClass, unit: number) => boolean;
  #remembered: Remembered[] = [];
  #byKey = new Map<string, number>();

  /** A text that is in everything the pattern matches, folded where case is not told apart; empty where none is known. */
  readonly required: string;
  /** True where neighbours of a match count: what holds in a piece of a text need not hold in the whole. */
  readonly isAnchored: boolean;

  constructor(made: Automaton, caseSensitive: boolean, required = '') {
    this.#automaton = made;
    this.required = required;
    this.isAnchored = made.states.some(({ kind }) => kind === 'anchor');
    this.#includes = caseSensitive ? includes : includesFolded;
  }

  /** Sets made so far: what costs more than a look-up, some microseconds each. */
  made = 0;

  /** True when the pattern matches anywhere. Where case is not told apart, texts come in folded. Yields while many sets have to be made. */
  *test(text: string): Work<boolean> {
    for (;;) {
      const found = this.quick(text);
      if (found !== undefined) return found;
      yield;
    }
  }

  #halted: { readonly text: string; readonly at: number; readonly set: Remembered } | undefined;

  /** As `test`, in one go where few sets have to be made; else undefined, and asked again for the same text it goes on. A generator for each short text would cost more than the search. */
  quick(text: string): boolean | undefined {
    const halted = this.#halted?.text === text ? this.#halted : undefined;
    this.#halted = undefined;
    const after = this.walk(halted?.set ?? this.begin(), text, halted?.at ?? 0, text.length);
    if (after !== walkTired) return after === walkMatched || this.endsIn(after);
    this.#halted = { text, ...this.#stopped };
    return undefined;
  }

  #first: Remembered | undefined;
  #stopped: { readonly at: number; readonly set: Remembered } = { at: 0, set: walkTired };

  /** Before the first unit of a text. */
  begin(): Remembered {
    return this.#first ??= this.#setAt(this.#setOf([], undefined));
  }

  /** Reads a piece of a text on from where another ended: the new place, `walkMatched`, or `walkTired`. */
  walk(from: Remembered, text: string, begin: number, end: number): Remembered {
    let here = from;
    let limit = 0;
    for (let at = begin; at < end; at++) {
      const unit = text.charCodeAt(at);
      let next = unit < tableSize ? here.table[unit] ?? unknown : here.beyond.get(unit) ?? unknown;
      if (next === unknown) {
        if (limit === 0) limit = this.made + setsBetweenYields;
        else if (this.made > limit) {
          this.#stopped = { at, set: here };
          return walkTired;
        }
        next = this.#step(here, unit);
      }
      if (next === matched) return walkMatched;
      here = this.#setAt(next);
    }
    return here;
  }

  /** True when the pattern matches where the text ends here. */
  endsIn(here: Remembered): boolean {
    return here.matchesAtEnd ??= this.#closure(here, undefined) === undefined;
  }

  #setAt(index: number): Remembered {
    const set = this.#remembered[index];
    if (set === undefined) throw new RangeError(`no set ${index}`);
    return set;
  }

  /** A search may begin anywhere: the start is in every set. */
  #setOf(states: readonly number[], before: boolean | undefined): number {
    const key = `${before === undefined ? '^' : before ? 'w' : '-'}${states.join(',')}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = this.#remembered.push({ states, before, table: new Int32Array(tableSize).fill(unknown), beyond: new Map(), matchesAtEnd: undefined, ways: undefined }) - 1;
    this.#byKey.set(key, made);
    return made;
  }

  #step(here: Remembered, unit: number): number {
    this.made++;
    const isWord = includes(word, unit);
    const reached = this.#closure(here, isWord);
    if (reached === undefined) return this.#remember(here, unit, matched);
    const after: number[] = [];
    for (const state of reached) {
      const it = this.#automaton.states[state];
      if (it?.kind === 'read' && this.#includes(it.of, unit)) after.push(it.next);
    }
    if (this.#remembered.length >= mostRemembered) {
      this.#remembered = [];
      this.#byKey = new Map();
      this.#first = undefined;
    }
    return this.#remember(here, unit, this.#setOf([...new Set(after)].sort((a, b) => a - b), isWord));
  }

  #remember(here: Remembered, unit: number, next: number): number {
    if (unit < tableSize) here.table[unit] = next;
    else if (here.beyond.size < mostRemembered) here.beyond.set(unit, next);
    return next;
  }

  /** Every state reachable without reading, between the unit before and the one after (undefined: the end of the text). Undefined: the match is among them. */
  #closure({ states, before }: Remembered, after: boolean | undefined): readonly number[] | undefined {
    const isBoundary = (before ?? false) !== (after ?? false);
    const seen = new Set<number>();
    const open = [...states, this.#automaton.start];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (seen.has(state)) continue;
      seen.add(state);
      const it = this.#automaton.states[state];
      if (it === undefined || it.kind === 'read') continue;
      if (it.kind === 'match') return undefined;
      if (it.kind === 'split') open.push(...it.next);
      else if (it.anchor === 'start' ? before === undefined : it.anchor === 'end' ? after === undefined : isBoundary === (it.anchor === 'word-boundary')) open.push(it.next);
    }
    return [...seen];
  }
}

/** The pattern made ready, or what is wrong with it. */
export function compileRegex(pattern: string, caseSensitive: boolean): LinearRegex | RegexProblem {
  const node = parseRegex(pattern);
  if ('code' in node) return node;
  const made = automaton(node);
  return made === undefined ? { code: 'too-complex', position: 0, detail: pattern } : new LinearRegex(made, caseSensitive, requiredLiteral(node, caseSensitive));
}

/** A plain text as a pattern: for texts that come in pieces. */
export function literalRegex(text: string): LinearRegex | undefined {
  const made = automaton({ kind: 'sequence', nodes: Array.from({ length: text.length }, (_, at) => ({ kind: 'class', of: unit(text.charCodeAt(at)) })) });
  return made === undefined ? undefined : new LinearRegex(made, true, text);
}
