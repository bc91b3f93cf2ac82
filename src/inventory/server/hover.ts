import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import { documentationOf } from './documentation.ts';
import { placeAt } from './place.ts';

/** What the key at a place, or the key of the value there, is for. */
export function hoverAt(lines: readonly string[], line: number, character: number): Hover | undefined {
  const place = placeAt(lines, line, character);
  if (place === undefined || character > place.word.end) return undefined;
  const key = place.valueOf ?? (lines[line] ?? '').slice(place.word.start, place.word.end).replace(/^["']|["']\s*$/g, '').trim();
  const value = documentationOf(place.scope, key);
  if (value === undefined) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: `**${key}**\n\n${value}` }, range: { start: { line, character: place.word.start }, end: { line, character: place.word.end } } };
}
