import { CompletionItemKind, InsertTextFormat, MarkupKind, type CompletionItem } from 'vscode-languageserver-types';
import { namesSecret } from '../keys.ts';
import { documentationOf, keysOf, ruleOf } from './documentation.ts';
import { placeAt, type Place } from './place.ts';

/** What `servers`, `groups` and `defaults` begin with. */
const beginnings: Readonly<Record<string, string>> = {
  version: 'version: 1',
  servers: 'servers:\n  - name: $1',
  groups: 'groups:\n  - name: $1\n    servers:\n      - name: $2',
  defaults: 'defaults:\n  $1',
};

/**
 * What may be written at a place.
 * @param names of the file's servers, which jump hosts may be
 */
export function completionsAt(lines: readonly string[], line: number, character: number, names: readonly string[]): CompletionItem[] {
  const place = placeAt(lines, line, character);
  if (place === undefined) return [];
  return place.valueOf === undefined ? keys(place, lines[line] ?? '', line) : values(place, place.valueOf, line, names);
}

function keys(place: Place, text: string, line: number): CompletionItem[] {
  const range = rangeOf(place, line);
  const hasColon = /^\s*:/.test(text.slice(place.word.end));
  return keysOf(place.scope).filter((key) => !place.present.has(key)).map((key, at) => {
    const snippet = place.scope === 'file' || (place.scope === 'group' && key !== 'name') ? beginnings[key] : undefined;
    const rule = ruleOf(place.scope, key);
    return {
      label: key, kind: CompletionItemKind.Property, sortText: String(at).padStart(2, '0'),
      documentation: { kind: MarkupKind.Markdown, value: documentationOf(place.scope, key) ?? '' },
      insertTextFormat: InsertTextFormat.Snippet,
      textEdit: { range, newText: hasColon ? key : snippet ?? `${key}: ` },
      ...(rule?.value.kind === 'choice' && !hasColon ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } } : {}),
    };
  });
}

function values(place: Place, key: string, line: number, names: readonly string[]): CompletionItem[] {
  if (namesSecret(key)) return [];
  const rule = ruleOf(place.scope, key);
  const offered = place.scope === 'file' && key === 'version' ? ['1'] : rule?.value.kind === 'choice' ? rule.value.choices : key === 'jump' && rule !== undefined ? names : [];
  const documentation = documentationOf(place.scope, key);
  return offered.map((value, at) => ({
    label: value, kind: key === 'jump' ? CompletionItemKind.Reference : CompletionItemKind.EnumMember, sortText: String(at).padStart(5, '0'),
    textEdit: { range: rangeOf(place, line), newText: value },
    ...(documentation === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
  }));
}

function rangeOf(place: Place, line: number): { start: { line: number; character: number }; end: { line: number; character: number } } {
  return { start: { line, character: place.word.start }, end: { line, character: Math.max(place.word.start, place.word.end) } };
}
