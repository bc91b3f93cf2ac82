import { readLine } from './line.ts';

/** Which mapping of the format a place lies in. */
export type Scope = 'file' | 'defaults' | 'group' | 'server' | 'template';

/** What may be written at a place of a servers file, found from the lines around it alone: it answers also where the file cannot be parsed. */
export interface Place {
  readonly scope: Scope;
  /** The key whose value stands here; undefined where a key itself does. */
  readonly valueOf: string | undefined;
  /** Columns of the word that is being written. */
  readonly word: { readonly start: number; readonly end: number };
  /** Keys that the mapping has already, apart from the word. */
  readonly present: ReadonlySet<string>;
}

/** Finds out where a column of a line lies; undefined where the format has nothing to say, such as in a comment. */
export function placeAt(lines: readonly string[], line: number, character: number): Place | undefined {
  const text = lines[line] ?? '';
  const before = text.slice(0, character);
  if (/(?:^|\s)#/.test(withoutQuoted(before))) return undefined;
  const flow = openBrace(before);
  return flow === undefined ? blockPlace(lines, line, character) : flowPlace(lines, line, character, flow);
}

function blockPlace(lines: readonly string[], line: number, character: number): Place | undefined {
  const text = lines[line] ?? '';
  const read = readLine(text);
  const column = read.blank ? character : read.column;
  if (character < column && !read.blank) return undefined;
  const scope = scopeOf(pathTo(lines, line, column, read.blank ? undefined : read.dash));
  if (scope === undefined) return undefined;
  const present = siblings(lines, line, column, read.blank ? undefined : read.dash);
  if (read.colon !== undefined && character > read.colon) {
    const start = read.colon + 1 + (/^\s*/.exec(text.slice(read.colon + 1))?.[0].length ?? 0);
    return { scope, valueOf: read.key, word: { start: Math.min(start, character), end: wordEnd(text, Math.min(start, character)) }, present };
  }
  return { scope, valueOf: undefined, word: { start: Math.min(column, character), end: read.colon ?? wordEnd(text, column) }, present };
}

function flowPlace(lines: readonly string[], line: number, character: number, brace: number): Place | undefined {
  const text = lines[line] ?? '';
  const head = readLine(text.slice(0, brace));
  const path = pathTo(lines, line, head.column, head.dash);
  const scope = scopeOf(head.key === undefined ? path : [...path, head.key]);
  if (scope === undefined) return undefined;
  const inside = text.slice(brace + 1, character);
  const begin = brace + 1 + inside.lastIndexOf(',') + 1;
  const written = text.slice(begin, character);
  const piece = /^(\s*)([^:,{}]+?)(\s*:(?:\s+|$))/.exec(written);
  const present = new Set([...text.slice(brace + 1).matchAll(/(?:^|,)\s*["']?([\w-]+)["']?\s*:/g)].map((found) => found[1] ?? ''));
  const lead = begin + (/^\s*/.exec(written)?.[0].length ?? 0);
  if (piece?.[3] === undefined) return { scope, valueOf: undefined, word: { start: lead, end: flowEnd(text, lead, ':,}') }, present };
  const start = lead + (piece[2]?.length ?? 0) + piece[3].length;
  return { scope, valueOf: piece[2]?.replace(/^["']|["']$/g, ''), word: { start, end: flowEnd(text, start, ',}') }, present };
}

/** Keys and list marks (`[]`) that lead from the file to the mapping of a line whose content stands at `column`. */
function pathTo(lines: readonly string[], line: number, column: number, dash: number | undefined): string[] {
  const path: string[] = [];
  let at = line;
  let indent = column;
  let mark = dash;
  for (;;) {
    // Up to the line where this mapping begins: it has a list mark, or what is above stands further left.
    while (mark === undefined) {
      at -= 1;
      if (at < 0) return path;
      const text = lines[at] ?? '';
      if (firstColumn(text) > indent) continue;
      const read = readLine(text);
      if (read.blank || read.column > indent) continue;
      if (read.column === indent) mark = read.dash;
      else {
        path.unshift(read.key ?? '');
        indent = read.column;
        mark = read.dash;
      }
    }
    path.unshift('[]');
    const limit = mark;
    mark = undefined;
    // The list's own key stands at most as far right as its marks.
    for (;;) {
      at -= 1;
      if (at < 0) return path;
      const text = lines[at] ?? '';
      const first = firstColumn(text);
      // Entries of the same list come by the thousand.
      if (first > limit || (first === limit && text[first] === '-')) continue;
      const read = readLine(text);
      if (read.blank || read.column > limit) continue;
      path.unshift(read.key ?? '');
      indent = read.column;
      mark = read.dash;
      break;
    }
  }
}

/** Keys of the same mapping in the lines around. */
function siblings(lines: readonly string[], line: number, column: number, dash: number | undefined): Set<string> {
  const keys = new Set<string>();
  const take = (at: number): 'on' | 'last' | 'end' => {
    const read = readLine(lines[at] ?? '');
    if (read.blank || read.column > column && (read.dash ?? column) >= column) return 'on';
    if (read.column < column || (read.dash !== undefined && read.column !== column)) return 'end';
    if (read.key !== undefined) keys.add(read.key);
    return read.dash === undefined ? 'on' : 'last';
  };
  if (dash === undefined) for (let at = line - 1; at >= 0 && take(at) === 'on'; at -= 1);
  for (let at = line + 1; at < lines.length; at += 1) {
    if (readLine(lines[at] ?? '').dash !== undefined && (readLine(lines[at] ?? '').dash ?? 0) < column) break;
    if (take(at) !== 'on') break;
  }
  return keys;
}

function scopeOf(path: readonly string[]): Scope | undefined {
  const [first = '', ...rest] = path;
  if (path.length === 0) return 'file';
  if (rest.length === 0 && first === 'defaults') return 'defaults';
  if (rest.length === 0 && first.startsWith('x-')) return 'template';
  switch (path.join('/')) {
    case 'servers/[]':
    case 'groups/[]/servers/[]': return 'server';
    case 'groups/[]': return 'group';
    case 'groups/[]/defaults': return 'defaults';
    default: return undefined;
  }
}

function firstColumn(text: string): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at += 1;
  return at;
}

/** Where the innermost brace that is open at the end of a text stands. */
function openBrace(text: string): number | undefined {
  const open: number[] = [];
  const bare = withoutQuoted(text);
  for (let at = 0; at < bare.length; at += 1) {
    if (bare[at] === '{') open.push(at);
    else if (bare[at] === '}') open.pop();
  }
  return open.at(-1);
}

/** The same columns, with quoted text blanked. */
function withoutQuoted(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"?|(?<=[\s:,{[]|^)'[^']*'?/g, (quoted) => '_'.repeat(quoted.length));
}

function wordEnd(text: string, start: number): number {
  return start + (/^(?:"[^"]*"?|'[^']*'?|(?:(?!\s+#)[^\n])*?)(?=\s*(?:\s#.*)?$)/.exec(text.slice(start))?.[0].length ?? 0);
}

function flowEnd(text: string, start: number, stops: string): number {
  let at = start;
  while (at < text.length && !stops.includes(text[at] ?? '')) at += 1;
  return start + text.slice(start, at).trimEnd().length;
}
