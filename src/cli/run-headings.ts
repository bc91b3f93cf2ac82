import { runHeading, type RunHeading } from '../connect/report/read-journal.ts';
import type { Journals } from '../storage/journals.ts';

/** What the newest journals say of their runs, newest first, at most so many; only those of one server where it is named. */
export async function runHeadings(journals: Journals, server: string | undefined, most: number): Promise<readonly RunHeading[]> {
  const found: RunHeading[] = [];
  for (const run of await journals.list()) {
    if (found.length >= most) break;
    // One that goes away meanwhile, or holds nothing, is no run to list.
    const heading = runHeading(await journals.read(run).catch(() => []));
    if (heading !== undefined && (server === undefined || heading.server === server)) found.push({ ...heading, run });
  }
  return found;
}
