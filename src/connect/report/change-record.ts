import type { JournalEntry } from '../journal.ts';
import { markdownFacts, markdownSection, markdownTable, markdownText } from './markdown.ts';
import { readJournal } from './read-journal.ts';

/** What a record says beyond its journal. */
export interface ChangeRecordOptions {
  /** Number of the change or incident; the journal's own wins, and there the newest. */
  readonly ticket?: string | undefined;
}

/**
 * A run's journal as a Markdown change record: who did what, when, on which server, what was found before and after, what each step
 * read back, and every piece of evidence. The journal is its only source, so there is no secret that could get in.
 */
export function changeRecord(lines: readonly string[], options: ChangeRecordOptions = {}): string {
  const entries = readJournal(lines);
  // On the machine that a run was gone on with, its journal begins there.
  const started = entries.find((entry) => entry.event === 'run-started' || entry.event === 'run-resumed');
  const ended = entries.findLast((entry) => entry.event === 'run-ended');
  const from = started?.data ?? {};
  const ticket = entries.findLast((entry) => (entry.event === 'ticket' || entry.event === 'run-started') && typeof entry.data['ticket'] === 'string')?.data['ticket'];
  const by = [from['holder'], from['host']].filter((part) => part !== undefined && part !== '');
  return [
    `# Change record: ${markdownText(from['server'] ?? entries[0]?.run ?? 'unreadable journal')}`,
    '',
    ...markdownFacts([
      ['Ticket', ticket ?? options.ticket], ['Server', from['computerName'] ?? from['server']], ['Server identity', from['machineId']], ['Run', entries[0]?.run],
      ['Plan', from['plan']], ['By', by.join(' on ')], ['Started', started?.at], ['Ended', ended?.at], ['Result', ended?.data['state'] ?? 'not ended'], ['Reason', ended?.data['reason']],
    ]),
    '',
    ...markdownSection('Before and after', beforeAndAfter(entries, started)),
    ...markdownSection('Steps', markdownTable(['Step', 'For', 'Began (UTC)', 'Ended (UTC)', 'Seconds', 'State', 'What was read back'], stepRows(entries))),
    ...markdownSection('What people said', markdownTable(['Time (UTC)', 'Step', 'Asked', 'Answer'], entries.flatMap(answerRow))),
    ...markdownSection('Evidence', markdownTable(['Time (UTC)', 'Step', 'Fact', 'Value', 'Event', 'Record', 'Event time (UTC)'], entries.flatMap(evidenceRow))),
    ...markdownSection('What was refused or broke', markdownTable(['Time (UTC)', 'Step', 'What', 'Why'], entries.flatMap(troubleRow))),
    ...markdownSection('Journal', markdownTable(['Time (UTC)', 'Step', 'Event', 'What'], entries.map((entry) => [entry.at, entry.step, entry.event, details(entry)]))),
  ].join('\n');
}

function beforeAndAfter(entries: readonly JournalEntry[], started: JournalEntry | undefined): string[] {
  const diagnoses = entries.filter((entry) => entry.event === 'diagnosed');
  const before = started?.data['findings'] ?? diagnoses[0]?.data['findings'];
  const after = diagnoses.at(-1);
  if (before === undefined) return [];
  const changed = entries.some((entry) => entry.event === 'action' || (entry.event === 'step-ended' && entry.data['state'] === 'done'));
  // A diagnosis that no step came after tells how the server was left; an earlier one does not.
  const lastStep = entries.findLast((entry) => entry.event === 'step-ended' && entry.data['state'] === 'done');
  const still = after !== undefined && (lastStep === undefined || after.step === lastStep.step || entries.indexOf(after) > entries.indexOf(lastStep));
  return markdownFacts([
    ['Found before', before],
    ['Found after', !changed ? 'nothing was changed' : still ? `${String(after.data['findings'] ?? '')} (${after.at})` : 'not diagnosed again within the run'],
  ]);
}

function stepRows(entries: readonly JournalEntry[]): readonly (readonly unknown[])[] {
  return entries.flatMap((entry, at) => {
    if (entry.event !== 'step-started') return [];
    const end = entries.slice(at + 1).find((other) => other.event === 'step-ended' && other.step === entry.step && other.data['index'] === entry.data['index']);
    return [[entry.step, entry.data['target'], entry.at, end?.at ?? '', end?.data['seconds'] ?? '', end?.data['state'] ?? 'not ended', end?.data['detail'] ?? '']];
  });
}

function answerRow(entry: JournalEntry): readonly (readonly unknown[])[] {
  const { data } = entry;
  switch (entry.event) {
    case 'plan-confirmed': return [[entry.at, '', `the plan, for ${String(data['computerName'] ?? 'the server')}`, agreed(data['answer'])]];
    case 'confirmed': {
      const typed = data['typed'] === true && data['answer'] === true ? ', by typing the server\'s name' : '';
      return [[entry.at, entry.step, data['irreversible'] === true ? 'what cannot be undone' : 'to act', `${agreed(data['answer'])}${typed}`]];
    }
    case 'question': return [[entry.at, entry.step, data['question'], data['answer']]];
    default: return [];
  }
}

function agreed(answer: unknown): string {
  return answer === true ? 'agreed' : 'declined';
}

function evidenceRow(entry: JournalEntry): readonly (readonly unknown[])[] {
  const { data } = entry;
  return entry.event === 'evidence' ? [[entry.at, entry.step, data['fact'], data['value'], data['eventId'], data['recordId'], data['time']]] : [];
}

function troubleRow(entry: JournalEntry): readonly (readonly unknown[])[] {
  const { data } = entry;
  switch (entry.event) {
    case 'gate': return [[entry.at, entry.step, `gate ${String(data['gate'] ?? '')}: ${String(data['outcome'] ?? '')}`, data['reason']]];
    case 'connection-lost': return [[entry.at, entry.step, 'connection lost', data['reason']]];
    case 'plan-changed': return [[entry.at, entry.step, 'the plan changed', data['why']]];
    case 'run-resumed': return [[entry.at, entry.step, `gone on with by ${String(data['holder'] ?? '')} on ${String(data['host'] ?? '')}`, data['why']]];
    default: return [];
  }
}

function details(entry: JournalEntry): string {
  return Object.entries(entry.data).map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`).join('; ');
}
