import { meaningOf } from '../../../src/connect/events.ts';
import { newsOf } from '../../../src/connect/event-remedies.ts';
import { cell } from './pages.ts';

const logs = { 'Service Control Manager': 'System', 'ADSync': 'Application', 'MIISKMU': 'Application', 'Directory Synchronization': 'Application' } as const;
const marks = { good: 'good news', bad: 'bad news', neutral: '' } as const;

/** Every event that the product explains, from its own table. */
export function eventsBlock(): string {
  return Object.entries(logs).map(([provider, log]) => {
    const rows = Array.from({ length: 10_000 }, (_, id) => meaningOf(provider, id)).filter((row) => row !== undefined)
      .map(({ id, level, meaning, implies }) => `| ${id} | ${level} | ${cell(meaning)} | ${cell(implies)} | ${marks[newsOf(provider, id) ?? 'neutral']} |`);
    return `### ${provider} (${log} log)\n\n| Event | Level | Means | Here | |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  }).join('\n');
}
