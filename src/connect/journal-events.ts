/**
 * What may be written to a run's journal: every event, and for every event its fields. A field that is not listed is never
 * written, whatever it holds; a listed text is bounded. There is no field for a secret, nor for free text of the server.
 */
export const journalEvents = {
  'run-started': ['server', 'computerName', 'machineId', 'plan', 'steps', 'holder', 'host', 'findings', 'pin', 'ticket'],
  'run-resumed': ['server', 'computerName', 'machineId', 'plan', 'steps', 'holder', 'host', 'findings', 'pin', 'from', 'why'],
  'ticket': ['ticket', 'holder', 'host'],
  'lock': ['state', 'holder', 'host', 'run', 'seconds'],
  'plan-confirmed': ['answer', 'computerName'],
  'plan-changed': ['plan', 'steps', 'why'],
  'diagnosed': ['findings'],
  'gate': ['gate', 'outcome', 'reason'],
  'step-started': ['index', 'target'],
  'precheck': ['outcome', 'found'],
  'question': ['question', 'answer'],
  'confirmed': ['answer', 'irreversible', 'typed'],
  'intent': ['action', 'startName', 'applicationRecord', 'task', 'folder'],
  'action': ['action', 'outcome', 'code'],
  'evidence': ['fact', 'value', 'eventId', 'recordId', 'time'],
  'connection-lost': ['reason'],
  'step-ended': ['index', 'target', 'state', 'seconds', 'detail'],
  'run-ended': ['state', 'finding', 'reason'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type JournalEvent = keyof typeof journalEvents;

/** What one event may carry. */
export type JournalData<E extends JournalEvent> = Readonly<Partial<Record<(typeof journalEvents)[E][number], string | number | boolean | null | readonly string[]>>>;
