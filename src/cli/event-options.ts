import { isLogName, type EventConditions, type LogSelection } from '../events/reading/log-selection.ts';
import { isQueryName } from '../events/event-query.ts';
import { defaultPreset, presets } from '../events/presets.ts';
import { parseWords, wholeNumber } from './arguments.ts';
import { wrongCall } from './cli-error.ts';
import { csvFormat, jsonFormat, levelNames, textFormat, type EventFormat } from './event-lines.ts';

/** What a call of `events` asks for. */
export interface EventOptions {
  readonly server: string;
  readonly servers: string | undefined;
  readonly logs: readonly LogSelection[];
  /** True where the logs were named: then each has to be readable. */
  readonly named: boolean;
  readonly text: string | undefined;
  readonly follow: boolean;
  /** True where events from before are wanted, too. */
  readonly past: boolean;
  readonly format: EventFormat;
  /** The file of a support package, which takes no other choice. */
  readonly support: string | undefined;
}

const spans: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads the words of `events`; `now` is this machine's clock, for spans. Throws a CliError. */
export function eventOptions(words: readonly string[], now: number): EventOptions {
  const { values, positionals } = parseWords('events', words, {
    servers: { type: 'string' }, log: { type: 'string', multiple: true }, preset: { type: 'string' }, since: { type: 'string' }, until: { type: 'string' }, id: { type: 'string', multiple: true },
    level: { type: 'string', multiple: true }, provider: { type: 'string', multiple: true }, text: { type: 'string' }, limit: { type: 'string' }, follow: { type: 'boolean' }, json: { type: 'boolean' }, csv: { type: 'boolean' }, support: { type: 'string' },
  }, { least: 1, most: 1 });
  if (values.support !== undefined && Object.keys(values).some((name) => name !== 'support' && name !== 'servers')) throw wrongCall('--support takes no other option than --servers: what a package holds is always the same.', 'events');
  if (values.support === '') throw wrongCall('--support needs the name of a file.', 'events');
  if (values.json === true && values.csv === true) throw wrongCall('--json and --csv exclude each other.', 'events');
  if (values.log !== undefined && values.preset !== undefined) throw wrongCall('--log and --preset exclude each other.', 'events');
  for (const log of values.log ?? []) if (!isLogName(log)) throw wrongCall('--log needs the name of one event log, without a pattern.', 'events');
  for (const provider of values.provider ?? []) if (!isQueryName(provider)) throw wrongCall('--provider needs a name that a query can state.', 'events');
  const since = values.since === undefined ? undefined : instantOf('since', values.since, now);
  const until = values.until === undefined ? undefined : instantOf('until', values.until, now);
  const conditions: EventConditions = {
    ids: values.id?.flatMap((list) => list.split(',')).map((id) => wholeNumber('events', 'id', id, 0, 0, 65_535)),
    levels: values.level?.flatMap((list) => list.split(',')).map(levelOf), providers: values.provider, time: { from: since, to: until },
  };
  const limit = values.limit === undefined ? undefined : wholeNumber('events', 'limit', values.limit, 0, 1, 10_000_000);
  const chosen = values.log === undefined ? presetLogs(values.preset ?? defaultPreset) : [...new Set(values.log)].map((log): LogSelection => ({ log }));
  return {
    server: positionals[0] ?? '', servers: values.servers, support: values.support, named: values.log !== undefined, text: values.text?.toLowerCase(), follow: values.follow === true, past: values.follow !== true || since !== undefined,
    format: values.json === true ? jsonFormat : values.csv === true ? csvFormat : textFormat,
    logs: chosen.map((selection) => ({ ...selection, any: (selection.any ?? [{}]).map((part) => narrowed(part, conditions)), limit })),
  };
}

/** A preset's own ids and providers stay where the call names none. */
function narrowed(part: EventConditions, { ids, levels, providers, time }: EventConditions): EventConditions {
  return { ...part, ...(ids !== undefined && { ids }), ...(levels !== undefined && { levels }), ...(providers !== undefined && { providers }), time };
}

function presetLogs(id: string): readonly LogSelection[] {
  const found = Object.entries(presets).find(([name]) => name === id);
  if (found === undefined) throw wrongCall(`--preset must be one of: ${Object.keys(presets).join(', ')}.`, 'events');
  return found[1].logs;
}

function levelOf(text: string): number {
  const found = levelNames.findIndex((name) => name === text);
  if (found < 0) throw wrongCall(`--level must be one of: ${levelNames.join(', ')}.`, 'events');
  return found;
}

function instantOf(option: string, text: string, now: number): number {
  const span = /^(\d{1,6})([smhd])$/.exec(text);
  if (span !== null) return now - Number(span[1]) * (spans[span[2] ?? ''] ?? 0);
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw wrongCall(`--${option} needs a span such as 45m, 2h, 3d, or a time in ISO 8601 with its offset, such as 2026-05-04T08:00:00Z.`, 'events');
  return time;
}
