import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { ProblemList } from './problem.ts';

/** Most mapping entries that merge keys may copy in one file: what is written once must not multiply without end. */
export const mostMerged = 200_000;
/** Most merge keys that lead to one another. */
export const deepestMerge = 8;

/**
 * What the aliases of one document stand for: the last node of that anchor above them (YAML 1.2, 3.2.2.2), never a copy. Nothing is
 * expanded until somebody asks, and merging is counted.
 */
export class Aliases {
  readonly #meant = new Map<Node, Node>();
  #merged = 0;

  constructor(root: Node | undefined) {
    if (root !== undefined) this.#walk(root, new Map());
  }

  /** What an alias stands for, any other node as it is; undefined where no such anchor stands above it. */
  resolve(node: Node): Node | undefined {
    return isAlias(node) ? this.#meant.get(node) : node;
  }

  /** The pairs that a merge key copies, nearest first (YAML 1.1 merge type); reports at `at` what cannot be merged. */
  merged(value: Node | undefined, at: readonly [number, number], problems: ProblemList, depth = 1): readonly Pair[] {
    if (depth > deepestMerge) {
      problems.error('alias', 'These merge keys lead to one another without end, or too far.', at);
      return [];
    }
    const source = value === undefined ? undefined : this.resolve(value);
    if (isSeq(source)) return (source.items as Node[]).flatMap((item) => this.merged(item, at, problems, depth + 1));
    if (!isMap(source)) {
      problems.error('alias', 'A merge key (<<) needs the alias of a mapping that stands above it, or a list of such aliases.', at);
      return [];
    }
    this.#merged += source.items.length;
    if (this.#merged > mostMerged) {
      problems.error('too-large', 'Merge keys copy more than a servers file can need.', at);
      return [];
    }
    const [own, further] = [source.items.filter((pair) => !isMergeKey(pair)), source.items.filter((pair) => isMergeKey(pair))];
    return [...own, ...further.flatMap((pair) => this.merged((pair.value as Node | null) ?? undefined, at, problems, depth + 1))];
  }

  #walk(node: Node, anchors: Map<string, Node>): void {
    if (isAlias(node)) {
      const meant = anchors.get(node.source);
      if (meant !== undefined) this.#meant.set(node, meant);
      return;
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (!isMap(node) && !isSeq(node)) return;
    for (const item of node.items) {
      const children = isPair(item) ? [item.key, item.value] : [item];
      for (const child of children) if (child !== null && child !== undefined) this.#walk(child as Node, anchors);
    }
  }
}

/** Whether a pair is a merge key: `<<` without quotes. */
export function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}
