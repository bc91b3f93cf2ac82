import type { JournalEntry } from '../../connect/journal.ts';

/** Most entries of one journal that are shown. */
const entryLimit = 5000;

/** A run's journal as a Markdown change record: what was done, when, by whom, and what proved it. */
export function changeRecord(lines: readonly string[]): string {
  const entries = lines.slice(0, entryLimit).flatMap(parse);
  // On the machine that a run was gone on with, its journal begins there.
  const started = entries.find((entry) => entry.event === 'run-started' || entry.event === 'run-resumed');
  const ended = entries.findLast((entry) => entry.event === 'run-ended');
  return [
    `# Change record: ${cell(started?.data['server'])}`,
    '',
    ...facts([
      ['Run', entries[0]?.run], ['Server', started?.data['computerName'] ?? started?.data['server']], ['Plan', started?.data['plan']],
      ['By', started === undefined ? undefined : `${cell(started.data['holder'])} on ${cell(started.data['host'])}`],
      ['Started', started?.at], ['Ended', ended?.at], ['Result', ended?.data['state'] ?? 'not ended'], ['Reason', ended?.data['reason']],
    ]),
    '', '| Time (UTC) | Step | Event | What |', '|---|---|---|---|',
    ...entries.map((entry) => `| ${cell(entry.at)} | ${cell(entry.step ?? '')} | ${cell(entry.event)} | ${details(entry)} |`),
    '',
  ].join('\n');
}

function parse(line: string): JournalEntry[] {
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null;
    return entry !== null && entry.v === 1 && typeof entry.event === 'string' && typeof entry.at === 'string' ? [{ ...entry, data: entry.data ?? {} } as JournalEntry] : [];
  } catch {
    // A line that was cut off when the machine died; the others still count.
    return [];
  }
}

function facts(pairs: readonly (readonly [string, unknown])[]): string[] {
  return pairs.filter(([, value]) => value !== undefined && value !== null && value !== '').map(([name, value]) => `- **${name}**: ${cell(value)}`);
}

function details(entry: JournalEntry): string {
  return Object.entries(entry.data).map(([name, value]) => `${name}: ${cell(value)}`).join('; ');
}

/** A value inside a table: on one line, nothing in it is markup. */
function cell(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\u0000-\u001f]+/g, ' ').replace(/[\\`*_[\]<>|~]/g, '\\$&');
}
