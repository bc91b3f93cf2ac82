import type { FleetRow } from './fleetDiagnosis.ts';
import { needsAction } from './server/state.ts';
import { cellsOf } from './terminal/cells.ts';
import { sanitizeLine } from './terminal/sanitize.ts';

/** The words of the table, in the language of the editor. */
export interface TableWords {
  readonly title: string;
  /** The row above all: so many read, in need of action, not to be read, still open. */
  readonly summary: (counts: { readonly read: number; readonly action: number; readonly failed: number; readonly open: number }) => string;
  readonly columns: { readonly server: string; readonly group: string; readonly found: string; readonly build: string; readonly service: string; readonly took: string };
  readonly states: Readonly<Record<'waiting' | 'reading' | 'failed' | 'cancelled', string>>;
  /** What was found on a server that was read. */
  readonly found: (row: FleetRow) => string;
}

/** Longest cell, in terminal cells; the last column takes what it needs. */
const widest = 60;

/** The table as text: columns stand below each other, so that it reads well in an editor, in a ticket and aloud. Most urgent first once all are over. */
export function fleetTable(rows: readonly FleetRow[], words: TableWords): string {
  const counts = {
    read: rows.filter((row) => row.state === 'read').length, action: rows.filter((row) => row.state === 'read' && needsAction(row.server.state())).length,
    failed: rows.filter((row) => row.state === 'failed').length, open: rows.filter((row) => row.state === 'waiting' || row.state === 'reading').length,
  };
  // While rows still change, none of them moves.
  const ordered = counts.open > 0 ? rows : [...rows].sort((a, b) => urgency(a) - urgency(b));
  const { columns } = words;
  const grouped = rows.some((row) => row.server.group !== undefined);
  const head = [columns.server, ...(grouped ? [columns.group] : []), columns.took, columns.service, columns.build, columns.found];
  const lines = ordered.map((row) => [
    row.server.name, ...(grouped ? [row.server.group ?? ''] : []), row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`, ...facts(row), found(row, words),
  ].map((cell) => sanitizeLine(cell, 300)));
  const widths = head.map((_, at) => Math.min(widest, Math.max(...[head, ...lines].map((line) => cellsOf(line[at] ?? '')))));
  const shown = [head, widths.map((width) => '─'.repeat(width)), ...lines];
  return [words.title, words.summary(counts), '', ...shown.map((line) => line.map((cell, at) => at === line.length - 1 ? cell : pad(cell, widths[at] ?? 0)).join('  ').trimEnd()), ''].join('\n');
}

function found(row: FleetRow, words: TableWords): string {
  if (row.state === 'read') return words.found(row);
  if (row.state !== 'failed') return words.states[row.state];
  const { connection, problem } = row.server.state();
  const why = 'problem' in connection ? connection.problem.message : problem?.message;
  return why === undefined ? words.states.failed : `${words.states.failed}: ${why}`;
}

function facts(row: FleetRow): [string, string] {
  const snapshot = row.state === 'read' ? row.server.state().diagnosis?.snapshot : undefined;
  const text = (fact: { readonly known: boolean; readonly value?: string } | undefined): string => fact?.known === true ? fact.value ?? '' : '';
  return [text(snapshot?.service.state), text(snapshot?.installation.build)];
}

/** What needs somebody first, then what could not be read, then the rest. */
function urgency(row: FleetRow): number {
  if (row.state === 'read') return needsAction(row.server.state()) ? 0 : 3;
  return row.state === 'failed' ? 1 : 2;
}

function pad(cell: string, width: number): string {
  let text = cell;
  while (cellsOf(text) > width) text = text.slice(0, -1);
  if (text !== cell) text = `${text.slice(0, -1)}…`;
  return text + ' '.repeat(Math.max(0, width - cellsOf(text)));
}
