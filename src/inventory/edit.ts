import { isMap, isSeq, parseAllDocuments, type Document, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { withinBounds } from './bounds.ts';
import { parseServersFile, type ServersFile } from './parse.ts';
import { ProblemList } from './problem.ts';
import { LineIndex } from './range.ts';
import { scalar } from './scalar.ts';

/** Values of a new entry, in the order in which they are to be written. */
export type NewEntry = Readonly<Record<string, string | number>>;

/**
 * The file with one more server at the end of a group, or outside of groups; a group that is not there is made. Comments and
 * everything else stay as they are. Undefined where the file has errors of syntax, or holds what hides where an entry would go.
 */
export function withServer(text: string, group: string | undefined, entry: NewEntry): string | undefined {
  if (text.trim() === '') return withServer('version: 1\n', group, entry);
  const document = read(text);
  if (document === undefined) return undefined;
  const lines = Object.entries(entry).map(([key, value]) => `${key}: ${typeof value === 'number' ? value : scalar(value)}`);
  const place = placeAfterLast(text, listOf(document, group));
  const made = place === undefined ? byModel(document, group, entry)
    : insert(text, place.at, lines.map((line, at) => `${place.indent}${at === 0 ? '- ' : '  '}${line}`));
  return keeps(text, made, 1) ? made : undefined;
}

/**
 * The file with a server moved to the end of another group, or out of groups, with the comments that stand right above it. Undefined
 * where that cannot be done without changing anything else, such as where an alias would come to stand above its anchor.
 */
export function withServerMoved(text: string, name: string, group: string | undefined): string | undefined {
  const document = read(text);
  if (document === undefined) return undefined;
  const found = lists(document).flatMap((list) => list.items.map((item) => ({ list, item }))).find(({ item }) => isMap(item) && nameOf(item) === name);
  const into = listOf(document, group);
  if (found === undefined || found.list === into) return undefined;
  const from = linesOf(text, found.item as Node);
  const place = placeAfterLast(text, into);
  let made: string;
  if (from === undefined || place === undefined) {
    found.list.items.splice(found.list.items.indexOf(found.item), 1);
    made = addByModel(document, group, found.item as Node);
  } else {
    const moved = text.slice(from.start, from.end).replace(/\n$/, '').split('\n').map((line) => line.startsWith(from.indent) ? place.indent + line.slice(from.indent.length) : line);
    const cut = (part: string, offset: number): string => {
      const [start, end] = [from.start - offset, from.end - offset];
      return end <= 0 || start >= part.length ? part : part.slice(0, Math.max(0, start)) + part.slice(Math.max(0, end));
    };
    const [before, after] = [text.slice(0, place.at), text.slice(place.at)];
    made = insert(cut(before, 0) + cut(after, place.at), cut(before, 0).length, moved);
  }
  return keeps(text, made, 0) ? made : undefined;
}

/** The smallest replacement that turns one text into the other. */
export function difference(before: string, after: string): { readonly start: number; readonly end: number; readonly text: string } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < before.length - start && tail < after.length - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

function read(text: string): Document | undefined {
  if (!withinBounds(text, new ProblemList(new LineIndex('')))) return undefined;
  const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', version: '1.2' });
  if (!Array.isArray(documents) || documents.length !== 1) return undefined;
  const [document] = documents;
  return document === undefined || document.errors.length > 0 || !isMap(document.contents) ? undefined : document;
}

function groupsOf(document: Document): readonly YAMLMap[] {
  const groups: unknown = document.get('groups');
  return isSeq(groups) ? groups.items.filter((group) => isMap(group)) : [];
}

function nameOf(node: YAMLMap): unknown {
  return node.get('name');
}

function lists(document: Document): readonly YAMLSeq[] {
  return [document.get('servers'), ...groupsOf(document).map((group) => group.get('servers'))].filter((list) => isSeq(list));
}

function listOf(document: Document, group: string | undefined): YAMLSeq | undefined {
  const list: unknown = group === undefined ? document.get('servers') : groupsOf(document).find((one) => nameOf(one) === group)?.get('servers');
  return isSeq(list) ? list : undefined;
}

/** Behind the last entry of a list that is written with marks, and its indentation. */
function placeAfterLast(text: string, list: YAMLSeq | undefined): { readonly at: number; readonly indent: string } | undefined {
  const last = list?.flow === true ? undefined : list?.items.at(-1);
  const lines = last === undefined ? undefined : linesOf(text, last as Node);
  return lines === undefined ? undefined : { at: lines.end, indent: lines.indent };
}

/** The whole lines of an entry and of the comments right above it; undefined where it has no lines of its own. */
function linesOf(text: string, item: Node): { readonly start: number; readonly end: number; readonly indent: string } | undefined {
  const [from = 0, to = 0] = item.range ?? [];
  let start = text.lastIndexOf('\n', from - 1) + 1;
  const indent = /^([ ]*)-[ ]+(?:&\S+\s+)?$/.exec(text.slice(start, from))?.[1];
  if (indent === undefined) return undefined;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!new RegExp(`^ {${indent.length}}#`).test(text.slice(above, start))) break;
    start = above;
  }
  const ending = text[to - 1] === '\n' ? to - 1 : text.indexOf('\n', to);
  return { start, end: ending < 0 ? text.length : ending + 1, indent };
}

function insert(text: string, at: number, lines: readonly string[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text.slice(0, at);
  return `${before}${before === '' || before.endsWith('\n') ? '' : eol}${lines.map((line) => line.replace(/\r$/, '')).join(eol)}${eol}${text.slice(at)}`;
}

function byModel(document: Document, group: string | undefined, entry: NewEntry): string {
  return addByModel(document, group, document.createNode(entry));
}

/** Where the place in the text is not simple, yaml's document model writes the file: it keeps comments, but evens out spaces. */
function addByModel(document: Document, group: string | undefined, node: Node): string {
  if (group !== undefined && !groupsOf(document).some((one) => nameOf(one) === group)) {
    if (!isSeq(document.get('groups'))) document.set('groups', document.createNode([]));
    block(document.get('groups') as YAMLSeq).add(document.createNode({ name: group, servers: [] }));
  }
  const owner = group === undefined ? document.contents as YAMLMap : groupsOf(document).find((one) => nameOf(one) === group) ?? document.contents as YAMLMap;
  if (!isSeq(owner.get('servers'))) owner.set('servers', document.createNode([]));
  block(owner.get('servers') as YAMLSeq).add(node);
  return document.toString({ lineWidth: 0 });
}

/** An empty `[]` becomes a list with marks. */
function block(list: YAMLSeq): YAMLSeq {
  if (list.items.length === 0) list.flow = false;
  return list;
}

/** Whether a text still says what it said, with so many servers more, and no error more. */
function keeps(before: string, after: string, more: number): boolean {
  const [old, made] = [before, after].map((text) => parseServersFile(text, { home: '/' })) as [ServersFile, ServersFile];
  const names = new Set(made.servers.map((entry) => entry.name));
  const errors = (file: ServersFile): number => file.problems.filter((problem) => problem.severity === 'error' && problem.code !== 'version').length;
  return made.servers.length === old.servers.length + more && old.servers.every((entry) => names.has(entry.name)) && (more > 0 || errors(made) <= errors(old));
}
