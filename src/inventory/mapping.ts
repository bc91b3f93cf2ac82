import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { isMergeKey, type Aliases } from './aliases.ts';
import { namesExecutable, namesSecret } from './keys.ts';
import { nearest } from './nearest.ts';
import type { ProblemList } from './problem.ts';

/** One entry of a mapping: where its key and its value stand. `node` is undefined where no value was given. */
export interface Field {
  readonly key: readonly [number, number];
  /** What the value is; an alias's is what it stands for. */
  readonly node: Node | undefined;
  /** Where the alias or the merge key stands through which the value came. */
  readonly through?: readonly [number, number];
}

/** Where a field's value is written in this mapping; its key where it has none. */
export function valuePlace(field: Field): readonly [number, number] {
  return field.through ?? (field.node === undefined || kindOf(field.node) === 'nothing' ? field.key : placeOf(field.node));
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
 * An alias as a value stands for what it names; merge keys bring what the mapping does not say itself.
 * @param misplaced keys that exist elsewhere in the file, with where they belong
 * @param also says of further keys whether they are known
 */
export function readMapping(node: Node | undefined, what: string, known: readonly string[], problems: ProblemList, options: {
  at: readonly [number, number]; aliases: Aliases; misplaced?: Readonly<Record<string, string>>; also?: (key: string) => boolean;
}): Map<string, Field> | undefined {
  const place = node === undefined ? options.at : placeOf(node);
  if (node !== undefined && refusesAlias(node, problems)) return undefined;
  if (!isMap(node)) {
    problems.error('wrong-type', `${what} must be a mapping (key: value), this is ${kindOf(node)}.`, place);
    return undefined;
  }
  const fields = new Map<string, Field>();
  const { aliases, also } = options;
  const isKnown = (key: string): boolean => known.includes(key) || also?.(key) === true;
  for (const pair of node.items) {
    if (isMergeKey(pair)) continue;
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
    if (isKnown(key)) fields.set(key, fieldOf(keyPlace, (pair.value as Node | null) ?? undefined, aliases, problems));
    else unknownKey(key, what, known, options.misplaced?.[key], problems, keyPlace);
  }
  for (const pair of node.items) {
    if (!isMergeKey(pair)) continue;
    const value = (pair.value as Node | null) ?? undefined;
    const through = placeOf(value ?? (pair.key as Node));
    for (const { key, value: brought } of aliases.merged(value, through, problems)) {
      if (!isScalar(key) || typeof key.value !== 'string' || fields.has(key.value)) continue;
      const found = brought === null ? undefined : aliases.resolve(brought as Node);
      if (isKnown(key.value)) fields.set(key.value, { key: through, node: found, through });
      else unknownKey(key.value, what, known, options.misplaced?.[key.value], problems, through);
    }
  }
  return fields;
}

function fieldOf(key: readonly [number, number], node: Node | undefined, aliases: Aliases, problems: ProblemList): Field {
  if (node === undefined || !isAlias(node)) return { key, node };
  const found = aliases.resolve(node);
  if (found !== undefined) return { key, node: found, through: placeOf(node) };
  problems.error('alias', 'No anchor (&name) of this name stands above this alias.', placeOf(node));
  // What it was to be is unknown, which is reported already.
  return { key, node };
}

/** Reports an alias where a whole entry, a list or a key is needed: those stand in the file once. */
export function refusesAlias(node: Node, problems: ProblemList): boolean {
  if (!isAlias(node)) return false;
  problems.error('alias', 'An alias cannot stand for a whole entry, a list or a key. A merge key (<<: *name) copies the values of another entry into one with a name of its own.', placeOf(node));
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
