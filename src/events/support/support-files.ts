import type { PowerShellSession } from '../../session.ts';
import type { EventRow } from '../event-batch.ts';
import { jsonlLine } from '../export/jsonl.ts';
import { redactText, redactValue } from '../export/redaction.ts';
import { repairLogs } from '../presets.ts';
import { readEvents } from '../reading/read-events.ts';
import { readTraceLogs } from '../reading/read-trace-logs.ts';

/** Bounds of a package: what somebody can send, and what a server gives in some minutes. */
export const supportBounds = { events: 20_000, journals: 20, journalLines: 5_000, trace: { files: 5, lines: 10_000, characters: 24_000_000 } } as const;

/** What a package is made from. Everything passes through redaction. */
export interface SupportSource {
  readonly server: string;
  /** A session of its own; opened when events are due. */
  readonly session: () => Promise<PowerShellSession>;
  /** What is known of the server and of this product, as JSON by file name: findings, versions. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Lines of the journals of this server's runs, newest run first. */
  readonly journals: readonly { readonly run: string; readonly lines: () => Promise<readonly string[]> }[];
  /** Takes out secrets that are known by themselves. */
  readonly hide: (text: string) => string;
  /** Tells what is read now; `done`: how much of it. */
  readonly progress: (what: 'events' | 'trace', name: string, done: number) => void;
}

/** Some text of a file; texts of one file follow each other. */
export interface SupportText {
  readonly file: string;
  readonly text: string;
}

/** The texts of a support package, file after file. A part that cannot be read is told in `problems.txt` and keeps no other out; only the signal ends it early. */
export async function* supportFiles(source: SupportSource, signal: AbortSignal): AsyncGenerator<SupportText, void, undefined> {
  const problems: string[] = [];
  const { hide } = source;
  for (const [file, value] of Object.entries(source.facts)) yield { file, text: `${JSON.stringify(redactValue(value, hide), undefined, 2)}\n` };
  for (const part of [journals(source), events(source, signal, problems), traces(source, signal, problems)]) {
    try {
      for await (const item of part) {
        signal.throwIfAborted();
        yield item;
      }
    } catch (error) {
      signal.throwIfAborted();
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) yield { file: 'problems.txt', text: `${problems.map((problem) => redactText(problem, hide)).join('\n')}\n` };
}

async function* journals({ journals: runs, hide }: SupportSource): AsyncGenerator<SupportText> {
  for (const { run, lines } of runs.slice(0, supportBounds.journals)) {
    const text = (await lines()).slice(0, supportBounds.journalLines).map((line) => `${redactLine(line, hide)}\n`).join('');
    if (text !== '') yield { file: `journals/${run.replace(/[^\w-]/g, '_').slice(0, 100)}.jsonl`, text };
  }
}

/** A line that is no JSON was cut off, and is kept as text. */
function redactLine(line: string, hide: (text: string) => string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return redactText(line, hide);
  }
  return JSON.stringify(redactValue(value, hide));
}

async function* events({ server, session, hide, progress }: SupportSource, signal: AbortSignal, problems: string[]): AsyncGenerator<SupportText> {
  const text = (value: string): string => redactText(value, hide);
  let done = 0;
  for await (const reading of readEvents(await session(), repairLogs.map((log) => ({ ...log, limit: supportBounds.events })), { signal })) {
    if (reading.kind === 'end' && reading.end.outcome !== 'read') problems.push(`${reading.end.log}: ${reading.end.outcome}. ${reading.end.detail}`);
    if (reading.kind !== 'batch') continue;
    const { batch } = reading;
    const lines = batch.recordId.map((recordId, at): string => {
      const row: EventRow = { server, log: batch.log, recordId, time: batch.time[at] ?? 0, id: batch.id[at] ?? 0, level: batch.level[at] ?? 0, provider: batch.provider[at] ?? '', message: batch.message[at], data: batch.data[at] ?? [] };
      return `${jsonlLine({ ...row, message: row.message === undefined ? undefined : text(row.message), data: row.data.map(text) })}\n`;
    });
    done += lines.length;
    progress('events', batch.log, done);
    yield { file: 'events.events.jsonl', text: lines.join('') };
  }
}

async function* traces({ session, hide, progress }: SupportSource, signal: AbortSignal, problems: string[]): AsyncGenerator<SupportText> {
  let done = 0;
  for await (const { name, text, problem } of readTraceLogs(await session(), supportBounds.trace, signal)) {
    done += text.length;
    progress('trace', name, done);
    if (problem !== '') problems.push(`${name}: ${problem}`);
    if (text !== '') yield { file: `trace/${name}`, text: redactText(text, hide) };
  }
}
