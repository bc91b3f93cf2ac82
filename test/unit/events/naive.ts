import type { EventRow } from '../../../src/events/event-batch.ts';
import type { EventFilter, EventSort } from '../../../src/events/event-filter.ts';

/** The store as anybody would write it first: an array of objects, everything done anew each time. */
export class NaiveStore {
  rows: EventRow[] = [];

  append(rows: readonly EventRow[]): number {
    let added = 0;
    for (const row of rows) {
      if (this.rows.some((held) => held.server === row.server && held.log === row.log && held.recordId === row.recordId && held.time === row.time)) continue;
      this.rows.push(row);
      added++;
    }
    return added;
  }

  view(filter: EventFilter, sort: EventSort): EventRow[] {
    const order = new Map(this.rows.map((row, at) => [row, at]));
    const newest = (a: EventRow, b: EventRow): number => b.time - a.time || b.recordId - a.recordId || (order.get(b) ?? 0) - (order.get(a) ?? 0);
    return this.rows.filter((row) => shows(filter, row)).sort((a, b) => {
      const [x, y] = [a[sort.field] ?? '', b[sort.field] ?? ''];
      const by = x < y ? -1 : x > y ? 1 : 0;
      return (sort.descending ? -by : by) || newest(a, b);
    });
  }
}

const folded = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

export function shows(filter: EventFilter, row: EventRow): boolean {
  const { text, time, only } = filter;
  if (filter.terms.some((term) => (term.values as readonly unknown[]).includes(row[term.field]) === term.exclude)) return false;
  if (row.time < (time?.from ?? -Infinity) || row.time > (time?.to ?? Infinity)) return false;
  if (only !== undefined && !only.some((one) => one.server === row.server && one.log === row.log && one.recordId === row.recordId)) return false;
  if (text === undefined || text.text === '') return true;
  const subjects = [...row.data, row.message ?? '', row.provider, row.id.toString()];
  return subjects.some((subject) => (text.caseSensitive ? subject.includes(text.text) : folded(subject).includes(folded(text.text))));
}
