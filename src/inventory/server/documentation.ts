import { defaultsKeyNames, groupKeyNames, fileKeyNames, serverKeyNames, serverKeys, type KeyRule } from '../keys.ts';
import type { Scope } from './place.ts';

const structure: Readonly<Record<'file' | 'group', Readonly<Record<string, string>>>> = {
  file: {
    version: 'Version of this format: 1.',
    defaults: 'What every server inherits that neither it nor its group says itself.',
    groups: 'Groups of servers, as the tree shows them.',
    servers: 'Connect servers outside of groups.',
  },
  group: {
    name: 'The group\'s name.',
    defaults: 'What the group\'s servers inherit that they do not say themselves; it wins over the file\'s defaults.',
    servers: 'The group\'s servers.',
  },
};

/** Keys that a mapping may have, in the order in which people write them. */
export function keysOf(scope: Scope): readonly string[] {
  switch (scope) {
    case 'file': return fileKeyNames;
    case 'group': return groupKeyNames;
    case 'defaults': return defaultsKeyNames;
    case 'server':
    case 'template': return serverKeyNames;
  }
}

/** The rule of a key that holds one value; undefined for `servers` and the like. */
export function ruleOf(scope: Scope, key: string): KeyRule | undefined {
  if (scope === 'file' || scope === 'group' && key !== 'name') return undefined;
  return (serverKeys as Readonly<Record<string, KeyRule>>)[key];
}

/** What a key is for, as Markdown; undefined where the format does not know it there. */
export function documentationOf(scope: Scope, key: string): string | undefined {
  if (scope === 'file' || scope === 'group') return structure[scope][key];
  if (!keysOf(scope).includes(key)) return undefined;
  const rule = ruleOf(scope, key);
  if (rule === undefined) return undefined;
  const lines = [rule.description];
  if (rule.value.kind === 'choice') lines.push(`One of: ${rule.value.choices.map((choice) => `\`${choice}\``).join(', ')}.`);
  if (rule.only !== undefined) lines.push(`Only for \`transport: ${rule.only}\`.`);
  if (rule.inherited) lines.push('May stand in `defaults`.');
  return lines.join('\n\n');
}
