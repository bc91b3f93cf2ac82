import { FoldingRangeKind, SymbolKind, type DocumentSymbol, type FoldingRange } from 'vscode-languageserver-types';
import type { ServerEntry, ServersFile } from '../parse.ts';
import type { Range } from '../range.ts';
import { readLine } from './line.ts';
import { toLsp } from './ranges.ts';

/** Groups with their servers, and the servers outside of groups, in the order of the file. */
export function symbolsOf(file: ServersFile): DocumentSymbol[] {
  const groups = file.groups.map((group) => ({ ...symbol(group.name, SymbolKind.Namespace, group), children: group.servers.map(server) }));
  const others = file.servers.filter((entry) => entry.group === undefined).map(server);
  return [...groups, ...others].sort((one, other) => one.range.start.line - other.range.start.line);
}

function server(entry: ServerEntry): DocumentSymbol {
  const made = symbol(entry.name, SymbolKind.Object, entry);
  return entry.target === undefined ? made : { ...made, detail: entry.target.host };
}

function symbol(name: string, kind: SymbolKind, { range, nameRange }: { readonly range: Range; readonly nameRange: Range }): DocumentSymbol {
  return { name, kind, range: toLsp(range), selectionRange: toLsp(nameRange) };
}

/** What can be folded: sections of the file, groups, servers, and comments of several lines. */
export function foldingOf(file: ServersFile, lines: readonly string[]): FoldingRange[] {
  const found = new Map<number, FoldingRange>();
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind): void => {
    let end = endLine;
    while (end > startLine && (lines[end] ?? '').trim() === '') end -= 1;
    if (end > startLine) found.set(startLine, { startLine, endLine: end, ...(kind === undefined ? {} : { kind }) });
  };
  for (const { range } of [...file.servers, ...file.groups]) add(range.start.line, range.end.column === 0 ? range.end.line - 1 : range.end.line);
  let section: number | undefined;
  let comment: number | undefined;
  for (let at = 0; at <= lines.length; at += 1) {
    const text = lines[at] ?? '';
    if (comment !== undefined && !/^\s*#/.test(text)) {
      add(comment, at - 1, FoldingRangeKind.Comment);
      comment = undefined;
    } else if (/^\s*#/.test(text)) comment ??= at;
    const begins = at === lines.length || (/^[^\s#-]/.test(text) && readLine(text).key !== undefined);
    if (!begins) continue;
    if (section !== undefined) add(section, at - 1);
    section = at;
  }
  return [...found.values()].sort((one, other) => one.startLine - other.startLine);
}
