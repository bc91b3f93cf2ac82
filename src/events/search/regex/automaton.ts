import type { Anchor, RegexNode, UnitClass } from './syntax.ts';

/** One state: reads a unit of a class, goes on for free, holds only at an anchor, or is the match. */
export type State =
  | { readonly kind: 'read'; readonly of: UnitClass; next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] }
  | { readonly kind: 'anchor'; readonly anchor: Anchor; readonly next: number }
  | { readonly kind: 'match' };

const mostStates = 2000;

export interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
}

/** Thompson's construction, from the end to the beginning. Undefined where it becomes larger than anybody's search needs. */
export function automaton(node: RegexNode): Automaton | undefined {
  const states: State[] = [{ kind: 'match' }];
  const add = (state: State): number => {
    if (states.length >= mostStates) throw new RangeError('too many states');
    return states.push(state) - 1;
  };
  const build = (part: RegexNode, next: number): number => {
    switch (part.kind) {
      case 'class': return add({ kind: 'read', of: part.of, next });
      case 'anchor': return add({ kind: 'anchor', anchor: part.anchor, next });
      case 'sequence': return part.nodes.reduceRight((after, inner) => build(inner, after), next);
      case 'either': return add({ kind: 'split', next: part.nodes.map((inner) => build(inner, next)) });
      case 'repeat': {
        let after = next;
        if (part.most === Infinity) {
          const ways: number[] = [];
          const loop = add({ kind: 'split', next: ways });
          ways.push(build(part.node, loop), next);
          after = loop;
        } else {
          for (let at = part.least; at < part.most; at++) after = add({ kind: 'split', next: [build(part.node, after), next] });
        }
        for (let at = 0; at < part.least; at++) after = build(part.node, after);
        return after;
      }
    }
  };
  try {
    const start = build(node, 0);
    return { states, start };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
