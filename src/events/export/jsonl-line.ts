import type { EventRow } from '../event-batch.ts';
import { textToInstant } from './instant.ts';
import { jsonlVersion } from './jsonl.ts';

/** Why a line is no event: not JSON; not of this version; or the key whose value is missing or wrong. */
export interface LineProblem {
  readonly code: 'not-json' | 'not-an-object' | 'other-version' | 'wrong-value' | 'too-long';
  readonly key: string;
}

const longestName = 512;
const mostData = 1000;

/** Reads one line of an export, which may come from anybody. Unknown keys are passed over: later versions may add some. */
export function readJsonlLine(line: string): EventRow | LineProblem {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return { code: 'not-json', key: '' };
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return { code: 'not-an-object', key: '' };
  const object = read as Readonly<Record<string, unknown>>;
  if (object['v'] !== jsonlVersion) return { code: 'other-version', key: 'v' };
  const { server, log, recordId, time, id, level, provider, message, data } = object;
  const wrong = (key: string): LineProblem => ({ code: 'wrong-value', key });
  if (!isName(server) || server === '') return wrong('server');
  if (!isName(log) || log === '') return wrong('log');
  if (!isWhole(recordId, Number.MAX_SAFE_INTEGER)) return wrong('recordId');
  const instant = typeof time === 'string' ? textToInstant(time) : undefined;
  if (instant === undefined) return wrong('time');
  if (!isWhole(id, 65_535)) return wrong('id');
  if (!isWhole(level, 255)) return wrong('level');
  if (!isName(provider)) return wrong('provider');
  if (message !== null && typeof message !== 'string') return wrong('message');
  if (!Array.isArray(data) || data.length > mostData || !data.every((value): value is string => typeof value === 'string')) return wrong('data');
  return { server, log, recordId, time: instant, id, level, provider, message: message ?? undefined, data };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestName;
}

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;
}
