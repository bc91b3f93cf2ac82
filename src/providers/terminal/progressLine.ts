import type { ProgressRecord } from '../../session.ts';
import { ansi, paint } from './ansi.ts';
import { cellsOf } from './cells.ts';
import { sanitizeLine } from './sanitize.ts';

/** One progress record as one line of at most `columns` cells, so that it never wraps and can be redrawn in place. */
export function progressText(record: ProgressRecord, columns: number): string {
  const width = Math.max(columns - 1, 10);
  const done = record.percent >= 0 && record.percent <= 100;
  const barWidth = done && width >= 50 ? 20 : 0;
  const filled = Math.round((record.percent / 100) * barWidth);
  const bar = barWidth === 0 ? '' : `${'━'.repeat(filled)}${'─'.repeat(barWidth - filled)} `;
  const percent = done ? `${String(record.percent).padStart(3)} % ` : '';
  const rest = [record.activity, record.status, record.currentOperation].map((t) => sanitizeLine(t)).filter((t) => t !== '').join(' · ');
  return paint(fit(`${bar}${percent}${rest}`, width), ansi.cyan);
}

/** Cuts text to a number of terminal cells; characters of East Asian width take two. */
function fit(text: string, cells: number): string {
  let used = 0;
  let shown = '';
  for (const character of text) {
    const size = cellsOf(character);
    if (used + size > cells - 1) return `${shown}…`;
    used += size;
    shown += character;
  }
  return shown;
}
