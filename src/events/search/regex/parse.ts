import { anyInLine, digit, negate, rangesOf, space, unit, word } from './classes.ts';
import type { RegexNode, RegexProblem, UnitClass } from './syntax.ts';

/** Repetitions are written out, so their counts are bounded. */
const mostRepetitions = 200;
const deepest = 50;

const control: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const classEscapes: Readonly<Record<string, UnitClass>> = { d: digit, D: negate(digit), w: word, W: negate(word), s: space, S: negate(space) };

class Failure extends Error {
  readonly problem: RegexProblem;
  constructor(problem: RegexProblem) {
    super(problem.code);
    this.problem = problem;
  }
}

/**
 * Reads the part of ECMAScript's regular expressions that a finite automaton can decide: no back-references and no looking around,
 * code units instead of characters. Greedy and lazy are the same here, since only whether there is a match is asked.
 */
export function parseRegex(pattern: string): RegexNode | RegexProblem {
  try {
    const parser = new Parser(pattern);
    return parser.all();
  } catch (error) {
    if (error instanceof Failure) return error.problem;
    throw error;
  }
}

class Parser {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  all(): RegexNode {
    const node = this.#either();
    if (this.#at < this.#pattern.length) this.#fail('unexpected-parenthesis', this.#at, ')');
    return node;
  }

  #either(): RegexNode {
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'either', nodes };
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    for (let next = this.#peek(); next !== '' && next !== '|' && next !== ')'; next = this.#peek()) {
      const at = this.#at;
      const node = this.#atom();
      nodes.push(this.#repeated(node, at));
    }
    return { kind: 'sequence', nodes };
  }

  #repeated(node: RegexNode, at: number): RegexNode {
    const quantifier = this.#quantifier();
    if (quantifier === undefined) return node;
    if (node.kind === 'anchor') this.#fail('nothing-to-repeat', at, this.#pattern.substring(at, this.#at));
    const again = this.#at;
    if (this.#quantifier() !== undefined) this.#fail('nothing-to-repeat', again, this.#pattern.substring(again, this.#at));
    return { kind: 'repeat', node, ...quantifier };
  }

  #quantifier(): { least: number; most: number } | undefined {
    const at = this.#at;
    const found = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;
    found.lastIndex = at;
    const match = found.exec(this.#pattern);
    if (match === null) return undefined;
    this.#at += match[0].length;
    if (match[1] === undefined) return { least: match[0].startsWith('+') ? 1 : 0, most: match[0].startsWith('?') ? 1 : Infinity };
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === '' ? Infinity : Number(match[3]);
    if (most < least || least > mostRepetitions || (most !== Infinity && most > mostRepetitions)) this.#fail('bad-repetition', at, match[0]);
    return { least, most };
  }

  #atom(): RegexNode {
    const at = this.#at;
    const next = this.#pattern.charAt(this.#at++);
    switch (next) {
      case '(': return this.#group(at);
      case '[': return { kind: 'class', of: this.#class(at) };
      case '.': return { kind: 'class', of: anyInLine };
      case '^': return { kind: 'anchor', anchor: 'start' };
      case '$': return { kind: 'anchor', anchor: 'end' };
      case '*': case '+': case '?': return this.#fail('nothing-to-repeat', at, next);
      case '\\': return this.#escape(at);
      default: {
        this.#at = at;
        if (next === '{' && this.#quantifier() !== undefined) this.#fail('nothing-to-repeat', at, this.#pattern.substring(at, this.#at));
        this.#at = at + 1;
        return { kind: 'class', of: unit(next.charCodeAt(0)) };
      }
    }
  }

  #group(at: number): RegexNode {
    if (++this.#depth > deepest) this.#fail('too-complex', at, '(');
    if (this.#take('?')) {
      const name = /:|<[A-Za-z_$][\w$]*>/y;
      name.lastIndex = this.#at;
      const match = name.exec(this.#pattern);
      if (match === null) return this.#fail('unsupported', at, this.#pattern.substring(at, at + 4));
      this.#at += match[0].length;
    }
    const node = this.#either();
    if (!this.#take(')')) this.#fail('unclosed-group', at, '(');
    this.#depth--;
    return node;
  }

  #escape(at: number): RegexNode {
    const next = this.#peek();
    if (next === 'b' || next === 'B') {
      this.#at++;
      return { kind: 'anchor', anchor: next === 'b' ? 'word-boundary' : 'no-word-boundary' };
    }
    return { kind: 'class', of: this.#escapedClass(at) };
  }

  /** Behind a backslash, in or out of brackets. */
  #escapedClass(at: number): UnitClass {
    const next = this.#pattern.charAt(this.#at++);
    if (next === '') return this.#fail('trailing-backslash', at, '\\');
    const named = classEscapes[next];
    if (named !== undefined) return named;
    const code = control[next];
    if (code !== undefined && !(next === '0' && /\d/.test(this.#peek()))) return unit(code);
    const hex = /x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})/y;
    hex.lastIndex = this.#at - 1;
    const match = hex.exec(this.#pattern);
    if (match !== null) {
      this.#at += match[0].length - 1;
      return unit(Number.parseInt(match[1] ?? match[2] ?? '', 16));
    }
    if (/[0-9A-Za-z]/.test(next)) return this.#fail('unsupported', at, `\\${next}`);
    return unit(next.charCodeAt(0));
  }

  #class(at: number): UnitClass {
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take(']')) {
      if (this.#at >= this.#pattern.length) this.#fail('unclosed-class', at, '[');
      const from = this.#at;
      const low = this.#inClass();
      if (this.#peek() !== '-' || this.#pattern.charAt(this.#at + 1) === ']' || this.#at + 1 >= this.#pattern.length) {
        ranges.push(...rangesOf(low));
        continue;
      }
      this.#at++;
      const high = this.#inClass();
      const [first, last] = [single(low), single(high)];
      if (first === undefined || last === undefined || first > last) return this.#fail('bad-range', from, this.#pattern.substring(from, this.#at));
      ranges.push([first, last]);
    }
    return { ranges, negated };
  }

  #inClass(): UnitClass {
    const at = this.#at;
    const next = this.#pattern.charAt(this.#at++);
    if (next !== '\\') return unit(next.charCodeAt(0));
    if (this.#take('b')) return unit(8);
    if (this.#take('-')) return unit(45);
    return this.#escapedClass(at);
  }

  #peek(): string {
    return this.#pattern.charAt(this.#at);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #fail(code: RegexProblem['code'], position: number, detail: string): never {
    throw new Failure({ code, position, detail });
  }
}

function single({ ranges, negated }: UnitClass): number | undefined {
  const [range] = ranges;
  return !negated && ranges.length === 1 && range !== undefined && range[0] === range[1] ? range[0] : undefined;
}
