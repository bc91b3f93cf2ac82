import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node, type Pair, type YAMLMap } from 'yaml';
import { Aliases } from './aliases.ts';
import { withinBounds } from './bounds.ts';
import { parseServersFile } from './parse.ts';
import { ProblemList } from './problem.ts';
import { LineIndex } from './range.ts';
import type { Target } from './target.ts';

/** A secret that stands in a servers file, and what the file is without it. */
export interface FoundSecret {
  readonly value: string;
  /** A private key's passphrase, not an account's password. */
  readonly passphrase: boolean;
  /** The servers that it is for: the entry's own, or all that inherit it. */
  readonly servers: readonly { readonly name: string; readonly target: Target | undefined }[];
  /** The text without the key. */
  readonly rest: string;
}

/** The secret whose key stands at an offset; undefined where there is none, it is no text, or the file cannot be read. */
export function secretAt(text: string, offset: number, home: string): FoundSecret | undefined {
  if (!withinBounds(text, new ProblemList(new LineIndex('')))) return undefined;
  const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', version: '1.2' });
  const root = Array.isArray(documents) ? documents[0]?.contents : undefined;
  const found = root === undefined || root === null ? undefined : pairAt(root, offset);
  if (found === undefined || root === undefined || root === null) return undefined;
  const written = found.pair.value as Node | null;
  const node = isAlias(written) ? new Aliases(root).resolve(written) : written;
  if (!isScalar(node) || node.value === null) return undefined;
  const value = typeof node.value === 'string' ? node.value : node.source ?? '';
  const rest = without(text, found.map, found.pair);
  const before = parseServersFile(text, { home });
  const inside = ({ range }: { readonly range: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } } }): boolean => range.start.offset <= offset && offset < range.end.offset;
  const entry = before.servers.find(inside);
  const names = new Set((entry === undefined ? before.groups.find(inside)?.servers ?? before.servers : [entry]).map(({ name }) => name));
  const key = String((found.pair.key as { readonly value?: unknown }).value).toLowerCase();
  return { value, passphrase: key.includes('phrase'), servers: parseServersFile(rest, { home }).servers.filter(({ name }) => names.has(name)), rest };
}

function pairAt(node: Node, offset: number): { readonly map: YAMLMap; readonly pair: Pair } | undefined {
  if (isMap(node)) {
    for (const pair of node.items) {
      const [start = -1, end = -1] = (pair.key as Node | null)?.range ?? [];
      if (start <= offset && offset < end) return { map: node, pair };
    }
  }
  for (const child of isMap(node) ? node.items.map((pair) => pair.value as Node | null) : isSeq(node) ? node.items as Node[] : []) {
    const [start = 0, , end = 0] = child?.range ?? [];
    const found = child !== null && start <= offset && offset <= end ? pairAt(child, offset) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The text without one pair: whole lines where it has lines of its own, else up to the pair beside it. */
function without(text: string, map: YAMLMap, pair: Pair): string {
  const at = map.items.indexOf(pair);
  const start = startOf(pair);
  const end = (pair.value as Node | null)?.range?.[1] ?? (pair.key as Node).range?.[1] ?? start;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const next = map.items[at + 1];
  if (map.flow !== true && /^[ ]*$/.test(text.slice(lineStart, start))) {
    const ending = text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end);
    return text.slice(0, lineStart) + (ending < 0 ? '' : text.slice(ending + 1));
  }
  if (next !== undefined) return text.slice(0, start) + text.slice(startOf(next));
  const before = map.items[at - 1];
  const from = before === undefined ? start : (before.value as Node | null)?.range?.[1] ?? (before.key as Node).range?.[1] ?? start;
  return text.slice(0, from) + text.slice(end);
}

function startOf(pair: Pair): number {
  return (pair.key as Node).range?.[0] ?? 0;
}
