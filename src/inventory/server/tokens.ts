import { ruleOf } from './documentation.ts';
import { readLine } from './line.ts';
import { namingsOf } from './names.ts';
import { toLsp } from './ranges.ts';
import type { ServersFile } from '../parse.ts';

/** Kinds of tokens, in the order in which the protocol numbers them. */
export const tokenTypes = ['class', 'namespace', 'enumMember', 'variable'];
/** Modifiers, as bits. */
export const tokenModifiers = ['declaration'];

interface Token {
  readonly line: number;
  readonly start: number;
  readonly length: number;
  readonly type: number;
  readonly modifiers: number;
}

/** What colours names of servers and groups, choices, anchors and aliases, in the lines from `first` to `last`. */
export function tokensOf(file: ServersFile, text: string, lines: readonly string[], first: number, last: number): number[] {
  const tokens: Token[] = [];
  const add = (line: number, start: number, end: number, type: number, modifiers = 0): void => {
    if (line >= first && line <= last && end > start) tokens.push({ line, start, length: end - start, type, modifiers });
  };
  for (const { range, definition } of namingsOf(file, text)) {
    if (range.start.line === range.end.line) add(range.start.line, range.start.character, range.end.character, 0, definition ? 1 : 0);
  }
  for (const { nameRange } of file.groups) {
    const { start, end } = toLsp(nameRange);
    if (start.line === end.line) add(start.line, start.character, end.character, 1, 1);
  }
  for (let line = Math.max(0, first); line <= Math.min(last, lines.length - 1); line += 1) {
    const content = lines[line] ?? '';
    for (const found of content.matchAll(/(?<=[\s,[{:-])[&*][^\s,\]{}[]+/g)) if (!content.slice(0, found.index).includes('#')) add(line, found.index, found.index + found[0].length, 3, found[0].startsWith('&') ? 1 : 0);
    const read = readLine(content);
    if (read.key === undefined || read.colon === undefined) continue;
    const value = /^\s*([\w-]+)\s*(?:#.*)?$/.exec(content.slice(read.colon + 1))?.[1];
    const rule = ruleOf('server', read.key)?.value;
    if (value === undefined || rule?.kind !== 'choice' || !rule.choices.includes(value)) continue;
    const start = content.indexOf(value, read.colon + 1);
    add(line, start, start + value.length, 2);
  }
  return encoded(tokens);
}

/** The protocol's form: each token relative to the one before; what overlaps is left out. */
function encoded(tokens: Token[]): number[] {
  tokens.sort((one, other) => one.line - other.line || one.start - other.start);
  const data: number[] = [];
  let line = 0;
  let start = 0;
  let end = 0;
  for (const token of tokens) {
    if (token.line === line && data.length > 0 && token.start < end) continue;
    data.push(token.line - line, token.line === line ? token.start - start : token.start, token.length, token.type, token.modifiers);
    ({ line, start } = token);
    end = token.start + token.length;
  }
  return data;
}
