import type { TextQuery } from '../../src/events/event-filter.ts';
import type { PageRow } from '../../src/events/protocol.ts';
import type { ColumnId } from './columns.ts';
import { h } from './dom.ts';
import { visibleLine } from './visible.ts';
import type { Words } from './words.ts';

/** What a cell's text depends on beside its row. */
export interface CellContext {
  readonly words: Words;
  time(row: PageRow): string;
  bookmarked(row: PageRow): boolean;
  query(): TextQuery | undefined;
}

/** A cell's text, as it is shown and copied. */
export function cellText(column: ColumnId, row: PageRow, context: CellContext): string {
  switch (column) {
    case 'level': return context.words.level(row.level);
    case 'time': return context.time(row);
    case 'id': case 'recordId': return String(row[column]);
    case 'phase': return row.phase ?? '';
    case 'message': return visibleLine(row.message ?? context.words.get('noMessage'));
    case 'server': case 'log': case 'provider': return visibleLine(row[column]);
  }
}

/** Puts a row's value into a cell: text only, turned around by nobody, with what is looked for marked. */
export function fillCell(cell: HTMLElement, column: ColumnId, row: PageRow, context: CellContext): void {
  const text = cellText(column, row, context);
  if (column === 'level') {
    cell.append(h('span', { class: `dot level-${row.level}`, 'aria-hidden': 'true' }), text);
    if (context.bookmarked(row)) cell.append(h('span', { class: 'star', role: 'img', 'aria-label': context.words.get('bookmarked') }, '\u2605'));
    return;
  }
  if (column === 'time') {
    const at = text.lastIndexOf(' ');
    cell.append(text.slice(0, at), h('span', { class: 'offset' }, text.slice(at)));
    return;
  }
  if (column === 'phase' || column === 'recordId') {
    cell.append(text);
    return;
  }
  const isolated = h('bdi', {}, ...marked(text, context.query()));
  if (column === 'message') {
    if (!row.formatted) cell.append(h('span', { class: 'raw', role: 'img', title: context.words.get('unformatted'), 'aria-label': context.words.get('unformatted') }, '{\u2026}'));
    else if (row.known === 'good' || row.known === 'bad') cell.append(h('span', { class: `known ${row.known}`, role: 'img', 'aria-label': context.words.get(`known.${row.known}`), title: context.words.get(`known.${row.known}`) }, row.known === 'good' ? '\u2714' : '\u2718'));
  }
  cell.append(isolated);
}

/** The text with what is looked for in marks; patterns that could take for ever on a hostile text are not marked. */
function marked(text: string, query: TextQuery | undefined): (Node | string)[] {
  const pattern = query === undefined ? undefined : patternOf(query);
  if (pattern === undefined) return [text];
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue;
    parts.push(text.slice(at, match.index), h('mark', {}, match[0]));
    at = match.index + match[0].length;
  }
  return [...parts, text.slice(at)];
}

function patternOf(query: TextQuery): RegExp | undefined {
  const flags = query.caseSensitive ? 'gu' : 'giu';
  if (!query.regex) return new RegExp(query.text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), flags);
  // Repetition within repetition, or many in a row, is where matching explodes.
  if (/[()]/.test(query.text) || (query.text.match(/[*+{]/g)?.length ?? 0) > 2) return undefined;
  return new RegExp(query.text, flags);
}
