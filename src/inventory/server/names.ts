import type { Position, Range, TextEdit } from 'vscode-languageserver-types';
import { hopsOf } from '../hops.ts';
import { linePattern } from '../keys.ts';
import type { ServersFile } from '../parse.ts';
import { scalar } from '../scalar.ts';
import { holds, toLsp } from './ranges.ts';

/** One place where a server or a jump host is named. */
export interface Naming {
  readonly name: string;
  readonly range: Range;
  /** Whether the server itself is there, not a mention of it. */
  readonly definition: boolean;
  /** Writes another name here. */
  readonly write: (name: string) => TextEdit;
}

/** Every place that names a server or a jump host. */
export function namingsOf(file: ServersFile, text: string): Naming[] {
  const found: Naming[] = file.servers.filter((entry) => entry.keys.has('name')).map((entry) => {
    const range = toLsp(entry.nameRange);
    return { name: entry.name, range, definition: true, write: (name) => ({ range, newText: scalar(name) }) };
  });
  for (const { value, range: whole } of file.jumps) {
    const raw = text.slice(whole.start.offset, whole.end.offset);
    const quote = /^["']/.test(raw) ? 1 : 0;
    // With escapes or folded lines a part of the value has no place of its own: the whole value is written anew.
    const literal = raw.slice(quote, raw.length - quote) === value;
    for (const hop of hopsOf(value)) {
      const start = whole.start.column + quote + hop.start;
      const range = literal ? { start: { line: whole.start.line, character: start }, end: { line: whole.start.line, character: start + hop.name.length } } : toLsp(whole);
      const renamed = (name: string): string => value.slice(0, hop.start) + name + value.slice(hop.start + hop.name.length);
      found.push({
        name: hop.name, range, definition: false,
        write: (name) => literal && (quote === 0 ? scalar(renamed(name)) === renamed(name) : !/["'\\]/.test(name)) ? { range, newText: name } : { range: toLsp(whole), newText: scalar(renamed(name)) },
      });
    }
  }
  return found;
}

/** What is named at a position, with every other place that names the same. */
export function namedAt(file: ServersFile, text: string, at: Position): { readonly here: Naming; readonly all: readonly Naming[] } | undefined {
  const all = namingsOf(file, text);
  const here = all.find((naming) => holds(naming.range, at));
  return here === undefined ? undefined : { here, all: all.filter((other) => other.name.toLowerCase() === here.name.toLowerCase()) };
}

/** Why a name cannot be given to a server; undefined where it can. */
export function refusesName(file: ServersFile, old: string, wanted: string): string | undefined {
  if (wanted.trim() !== wanted || !new RegExp(linePattern, 'u').test(wanted) || wanted.length > 100) return 'A name is one line of at most 100 characters, without spaces around it.';
  if (wanted.toLowerCase() !== old.toLowerCase() && file.servers.some((entry) => entry.name.toLowerCase() === wanted.toLowerCase())) return `Another server has the name ${wanted} already.`;
  return undefined;
}

/** Where the anchor of the alias at a position stands. */
export function anchorOf(lines: readonly string[], at: Position): Range | undefined {
  const alias = [...(lines[at.line] ?? '').matchAll(/\*([^\s,\]{}[]+)/g)].find((found) => found.index <= at.character && at.character <= found.index + found[0].length);
  if (alias?.[1] === undefined) return undefined;
  for (let line = at.line; line >= 0; line -= 1) {
    const upTo = line === at.line ? (lines[line] ?? '').slice(0, alias.index) : lines[line] ?? '';
    const found = [...upTo.matchAll(/(?<=^|[\s,[{])&([^\s,\]{}[]+)/g)].reverse().find((anchor) => anchor[1] === alias[1]);
    if (found !== undefined) return { start: { line, character: found.index }, end: { line, character: found.index + found[0].length } };
  }
  return undefined;
}
