import type { PSObject } from '../../session.ts';
import type { EventBatch } from '../event-batch.ts';
import { numbersField, textField, textsField, wholeField } from './answer-fields.ts';
import { EventAnswerInvalid } from './errors.ts';
import { splitValues } from './values-text.ts';

/** Most events in one record, and most characters of one text: what read-events.ps1 keeps to. */
export const mostRows = 500;
const longestText = 65_536;

/** .NET's ticks of 100 ns, counted from year 1, at 1970. */
const epochTicks = 621_355_968_000_000_000n;
const ticksPerMillisecond = 10_000;
const earliest = Date.UTC(1601, 0, 1);
const latest = Date.UTC(10_000, 0, 1);

/** Turns one `batch` record of read-events.ps1 into columns. Nothing of it is trusted: throws EventAnswerInvalid. */
export function readBatch(record: PSObject, log: string): EventBatch {
  const rows = wholeField(record, 'rows');
  if (rows < 1 || rows > mostRows) throw new EventAnswerInvalid(`a record of ${rows} events`);
  const texts = textsField(record, 'texts', 3 * rows);
  if (texts.some((text) => text.length > longestText)) throw new EventAnswerInvalid(`a text of more than ${longestText} characters`);
  const places = (name: string, least: number): number[] => numbersField(record, name, rows, least, texts.length - 1);
  const data = new Map<number, readonly string[]>([[-1, none]]);
  const valuesAt = (place: number): readonly string[] => {
    let values = data.get(place);
    if (values === undefined) data.set(place, values = splitValues(texts[place] ?? ''));
    return values;
  };
  return {
    log,
    recordId: recordIds(numbersField(record, 'recordId', rows, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)),
    time: times(textField(record, 'time'), rows),
    id: numbersField(record, 'id', rows, 0, 65_535),
    level: numbersField(record, 'level', rows, 0, 255),
    provider: places('provider', 0).map((place) => texts[place] ?? ''),
    message: places('message', -1).map((place) => texts[place]),
    data: places('data', -1).map(valuesAt),
  };
}

const none: readonly string[] = [];

/** The first one whole, then differences. */
function recordIds(differences: readonly number[]): number[] {
  let at = 0;
  return differences.map((difference) => {
    at += difference;
    if (!Number.isSafeInteger(at) || at < 0) throw new EventAnswerInvalid('"recordId" leads out of what a record id can be');
    return at;
  });
}

/** The first one as ticks, which a number cannot hold, then differences in ticks; UTC milliseconds come out, the same whatever record an event came in. */
function times(text: string, rows: number): number[] {
  const parts = text.split(' ');
  if (parts.length !== rows || !parts.every((part) => /^-?\d{1,19}$/.test(part))) throw new EventAnswerInvalid(`"time" does not hold the times of ${rows} events`);
  const first = BigInt(parts[0] ?? '') - epochTicks;
  let milliseconds = Number(first / BigInt(ticksPerMillisecond));
  let ticks = Number(first % BigInt(ticksPerMillisecond));
  return parts.map((part, row) => {
    if (row > 0) ticks += Number(part);
    const whole = Math.floor(ticks / ticksPerMillisecond);
    milliseconds += whole;
    ticks -= whole * ticksPerMillisecond;
    const time = milliseconds + ticks / ticksPerMillisecond;
    if (!(time >= earliest && time < latest)) throw new EventAnswerInvalid('"time" holds a time that Windows cannot have');
    return time;
  });
}
