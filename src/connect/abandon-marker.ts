import { textOf, truthOf, type FlatRecord } from './flat-record.ts';

/** What is on record on the server about abandoning the key. */
export interface AbandonRecord {
  readonly intent: string;
  readonly run: string;
  readonly phase: string;
  readonly refusal: string;
  readonly exitCode: string;
  /** When it ended, by the server's clock; empty: that is not on record. */
  readonly finished: string;
  readonly output: string;
  readonly folder: string;
  readonly task: string;
  readonly taskState: string;
  /** The process that the marker names lives; of an earlier boot it may be anybody's. */
  readonly processAlive: boolean;
  /** miiskmu.exe runs now, whoever started it. */
  readonly utilityAlive: boolean;
  readonly sameBoot: boolean;
  /** Newest record of the Application log when the intent was written. */
  readonly applicationRecord: number;
}

/**
 * `none`: nothing on record. `running`: task or process alive. `done`: exit code 0 recorded.
 * `not-started`: the script itself recorded that it refused before miiskmu was called.
 * `unknown`: anything else, a claim without an intent as well; a person decides, and `/a` is not started again.
 */
export type AbandonVerdict = 'none' | 'running' | 'done' | 'not-started' | 'unknown';

/** Reads what read-abandon answered; undefined where no intent is on record. */
export function readAbandonRecord(records: readonly FlatRecord[]): AbandonRecord | undefined {
  const record = records[0];
  if (record === undefined || truthOf(record, 'present') !== true) return undefined;
  const boot = Date.parse(textOf(record, 'bootTime'));
  const now = Date.parse(textOf(record, 'serverBootTime'));
  const after = Number(textOf(record, 'applicationRecord'));
  return {
    intent: textOf(record, 'intent'),
    run: textOf(record, 'run'),
    phase: textOf(record, 'phase'),
    refusal: textOf(record, 'refusal'),
    exitCode: textOf(record, 'exitCode'),
    finished: textOf(record, 'finished'),
    output: textOf(record, 'output'),
    folder: textOf(record, 'folder'),
    task: textOf(record, 'task'),
    taskState: textOf(record, 'taskState'),
    processAlive: truthOf(record, 'processAlive') === true,
    utilityAlive: truthOf(record, 'utilityAlive') === true,
    sameBoot: Number.isFinite(boot) && Number.isFinite(now) && Math.abs(boot - now) <= 120_000,
    applicationRecord: Number.isFinite(after) ? after : 0,
  };
}

/** What the record means. The order matters: whatever still runs is waited for, whatever else is on record. */
export function judgeAbandon(record: AbandonRecord | undefined): AbandonVerdict {
  if (record === undefined) return 'none';
  // These are of this moment, whenever the mark was written.
  if (record.utilityAlive || record.taskState === 'Running' || record.taskState === 'Queued') return 'running';
  // A process id of an earlier boot says nothing about this one.
  if (record.sameBoot && record.processAlive) return 'running';
  if (record.exitCode === '0') return 'done';
  if (record.exitCode === '' && record.phase === 'refused') return 'not-started';
  return 'unknown';
}
