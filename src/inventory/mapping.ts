import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { namesExecutable, namesSecret } from './keys.ts';
import { nearest } from './nearest.ts';
import type { ProblemList } from './problem.ts';

/** One entry of a mapping: where its key and its value stand. `node` is undefined where no value was given. */
export interface Field {
  readonly key: readonly [number, number];
  readonly node: Node | undefined;
}

/** Where a node stands, without what follows it. */
export function placeOf(node: Node): readonly [number, number] {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
}

/** What a node is, in words; never its value. */
export function kindOf(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  if (isAlias(node)) return 'an alias';
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  if (typeof node.value === 'string') return 'text';
  return typeof node.value === 'boolean' ? 'true or false' : 'a number';
}

/**
 * Reads a mapping whose keys are known; reports the others. Undefined where the node is no mapping.
 * @param misplaced keys that exist elsewhere in the file, with where they belong
 */
export function readMapping(node: Node | undefined, what: string, known: readonly string[], problems: ProblemList, options: {
  at: readonly [number, number]; misplaced?: Readonly<Record<string, string>>;
}): Map<string, Field> | undefined {
  const place = node === undefined ? options.at : placeOf(node);
  if (node !== undefined && refusesAlias(node, problems)) return undefined;
  if (!isMap(node)) {
    problems.error('wrong-type', `${what} must be a mapping (key: value), this is ${kindOf(node)}.`, place);
    return undefined;
  }
  const fields = new Map<string, Field>();
  for (const pair of node.items) {
    const keyNode = pair.key as Node | null;
    const keyPlace = keyNode === null ? place : placeOf(keyNode);
    if (keyNode !== null && refusesAlias(keyNode, problems)) continue;
    const key = isScalar(keyNode) ? keyNode.value : undefined;
    if (typeof key !== 'string') {
      problems.error('unknown-key', `A key of ${what.toLowerCase()} must be text.`, keyPlace);
      continue;
    }
    if (fields.has(key)) {
      problems.error('duplicate-key', `The key ${shown(key)} is there twice; the second one is not read.`, keyPlace);
      continue;
    }
    if (known.includes(key)) fields.set(key, { key: keyPlace, node: (pair.value as Node | null) ?? undefined });
    else unknownKey(key, what, known, options.misplaced?.[key], problems, keyPlace);
  }
  return fields;
}

/** Reports an alias: what stands at another place in the file is not followed, so it can neither repeat nor multiply. */
export function refusesAlias(node: Node, problems: ProblemList): boolean {
  if (!isAlias(node)) return false;
  problems.error('alias', 'Aliases (*name) are not read in a servers file; use `defaults`, or write the value out.', placeOf(node));
  return true;
}

function unknownKey(key: string, what: string, known: readonly string[], misplaced: string | undefined, problems: ProblemList, place: readonly [number, number]): void {
  // A mistyped `password` holds one all the same.
  if (namesSecret(key) || nearest(key, ['password', 'passphrase']) !== undefined) {
    problems.error('secret-in-file', 'A secret must not stand in the servers file: whoever can read the file has it. Remove it, change the secret where the file was shared, and enter it when asked.', place);
  } else if (misplaced !== undefined) {
    problems.error('misplaced-key', `${shown(key)} does not belong here: ${misplaced}.`, place);
  } else if (namesExecutable(key)) {
    problems.error('executable-in-file', 'A servers file cannot name a program to run. The local PowerShell is a setting of this machine.', place);
  } else {
    const near = nearest(key, known);
    problems.error('unknown-key', `${shown(key)} is not a key of ${what.toLowerCase()}${near === undefined ? `; known are: ${known.join(', ')}` : `; did you mean ${near}?`}`, place, near);
  }
}

function shown(key: string): string {
  const safe = key.replace(/\p{C}/gu, '?');
  return `"${safe.length > 60 ? `${safe.slice(0, 60)}…` : safe}"`;
}
