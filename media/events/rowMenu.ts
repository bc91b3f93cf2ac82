import { facetFields, type FacetField } from '../../src/events/event-filter.ts';
import type { PageAction, PageRow } from '../../src/events/protocol.ts';
import type { ColumnId } from './columns.ts';
import type { MenuItem } from './menu.ts';
import type { Words } from './words.ts';

/** What the menu of a row does. */
export interface RowMenuOwner {
  details(): void;
  act(action: string): void;
  choose(field: FacetField, value: string | number, exclude: boolean): void;
  copyCell(): void;
  copy(as: 'text' | 'json' | 'xml' | 'query'): void;
  around(seconds: number): void;
  bookmark(): void;
  from(): void;
  to(): void;
}

/** The menu of a row: what to do about the event, what to filter by the cell, copying, what stands around it. */
export function rowMenu(words: Words, row: PageRow, column: ColumnId, cell: string, bookmarked: boolean, actions: readonly PageAction[], owner: RowMenuOwner): readonly (MenuItem | undefined)[] {
  const field = facetFields.find((one) => one === column);
  const filters: MenuItem[] = field === undefined ? [] : [
    { label: words.get('menu.include', cell), run: () => { owner.choose(field, row[field], false); } },
    { label: words.get('menu.exclude', cell), run: () => { owner.choose(field, row[field], true); } },
  ];
  // Whichever cell was clicked: this event's id is what people filter by most.
  if (field !== 'id') {
    filters.push(
    { label: words.get('menu.include', `${words.get('id')} ${row.id}`), run: () => { owner.choose('id', row.id, false); } },
    { label: words.get('menu.exclude', `${words.get('id')} ${row.id}`), run: () => { owner.choose('id', row.id, true); } });
  }
  return [
    { label: words.get('menu.explain'), run: () => { owner.details(); } },
    ...actions.map((action): MenuItem => ({ label: action.label, detail: action.detail, enabled: action.enabled, run: () => { owner.act(action.id); } })), undefined,
    ...filters, { label: words.get('menu.from'), run: () => { owner.from(); } }, { label: words.get('menu.to'), run: () => { owner.to(); } },
    { label: words.get('menu.around', 60), run: () => { owner.around(60); } }, undefined,
    { label: words.get('menu.copyCell'), run: () => { owner.copyCell(); } }, { label: words.get('menu.copyText'), run: () => { owner.copy('text'); } },
    { label: words.get('menu.copyJson'), run: () => { owner.copy('json'); } }, { label: words.get('menu.copyXml'), run: () => { owner.copy('xml'); } }, { label: words.get('menu.copyQuery'), run: () => { owner.copy('query'); } }, undefined,
    { label: words.get(bookmarked ? 'menu.unbookmark' : 'menu.bookmark'), run: () => { owner.bookmark(); } },
  ];
}
