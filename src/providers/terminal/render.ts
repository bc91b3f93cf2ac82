import type { InformationRecord, PSObject, PSValue, RemoteErrorRecord, StreamRecord } from '../../session.ts';
import { ansi, consoleColourCodes, paint } from './ansi.ts';
import { sanitize, sanitizeLine } from './sanitize.ts';

/** Most properties of one object that are shown. */
const propertyLimit = 40;

/** One stream record as terminal text (lines end in `\n`); progress has its own line and gives the empty text. */
export function renderRecord(record: StreamRecord): string {
  switch (record.stream) {
    case 'output': return paint(`${renderOutput(record.value)}\n`, ansi.grey);
    case 'error': return renderError(record.value);
    case 'warning': return paint(`WARNING: ${sanitize(record.value)}\n`, ansi.yellow);
    case 'verbose': return paint(`VERBOSE: ${sanitize(record.value)}\n`, ansi.cyan);
    case 'debug': return paint(`DEBUG: ${sanitize(record.value)}\n`, ansi.magenta);
    case 'information': return renderInformation(record.value);
    case 'progress': return '';
  }
}

function renderInformation(record: InformationRecord): string {
  const end = record.host?.noNewLine === true ? '' : '\n';
  return paint(`${sanitize(record.message)}${end}`, ...consoleColourCodes(record.host?.foreground, record.host?.background));
}

/** The message, where it happened and the error's id: what Windows PowerShell prints, without its wrapping. */
function renderError(error: RemoteErrorRecord): string {
  const lines = [sanitize(error.message)];
  for (const inner of error.inner.slice(0, 5)) lines.push(`  ${sanitizeLine(inner.type)}: ${sanitizeLine(inner.message)}`);
  if (error.script !== undefined && error.script.line > 0) lines.push(`  at line ${error.script.line}: ${sanitizeLine(error.script.text, 160)}`);
  if (error.fullyQualifiedErrorId !== '') lines.push(`  ${sanitizeLine(error.fullyQualifiedErrorId)}`);
  return paint(`${lines.join('\n')}\n`, ansi.red);
}

function renderOutput(value: PSValue): string {
  if (isObject(value)) return renderObject(value);
  return renderValue(value, 0);
}

function renderObject(value: PSObject): string {
  const entries = Object.entries(value.properties).slice(0, propertyLimit);
  if (entries.length === 0) return sanitize(value.toStringValue ?? (value.value === undefined ? '' : renderValue(value.value, 1)));
  const fact = value.properties['fact'];
  if (typeof fact === 'string') return renderFact(fact, value);
  return entries.map(([name, item]) => `${sanitizeLine(name, 60)}: ${renderValue(item, 1)}`).join('  ');
}

/** A snapshot's record, `{fact, value | missing, ms}` or a list as columns, on one line. */
function renderFact(fact: string, record: PSObject): string {
  const { missing, detail, ms } = record.properties;
  const name = sanitizeLine(fact, 60);
  const time = typeof ms === 'number' && ms >= 500 ? `  (${ms} ms)` : '';
  if (missing !== undefined && missing !== null) return `  ${name}: not available (${renderValue(missing, 1)}${detail === undefined || detail === '' ? '' : `: ${renderValue(detail, 1)}`})${time}`;
  if ('value' in record.properties) return `  ${name}: ${renderValue(record.properties['value'] ?? null, 1)}${time}`;
  const entries = Object.entries(record.properties).filter(([key]) => key !== 'fact' && key !== 'ms').slice(0, propertyLimit);
  const rows = entries.reduce((most, [, column]) => Math.max(most, Array.isArray(column) ? column.length : 0), 0);
  const scalars = entries.filter(([, item]) => !Array.isArray(item)).map(([key, item]) => `${sanitizeLine(key, 60)}=${renderValue(item, 2)}`);
  const count = entries.length === scalars.length ? [] : [`${rows} ${rows === 1 ? 'entry' : 'entries'}`];
  return `  ${name}: ${[...scalars, ...count].join(' ')}${time}`;
}

function renderValue(value: PSValue, depth: number): string {
  if (value === null) return '';
  if (typeof value === 'string') return depth === 0 ? sanitize(value) : sanitizeLine(value, 300);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Map) return `${value.size} entries`;
  if (Array.isArray(value)) return depth > 2 ? `${value.length} items` : value.slice(0, 20).map((item: PSValue) => renderValue(item, depth + 1)).join(', ');
  if (!('kind' in value)) return '';
  switch (value.kind) {
    case 'date': return sanitizeLine(value.raw);
    case 'decimal': case 'typed': return sanitizeLine(value.text);
    case 'secure-string': return '••••••';
    case 'object': return depth > 2 ? sanitizeLine(value.toStringValue ?? '') : renderNested(value, depth);
  }
}

function renderNested(value: PSObject, depth: number): string {
  const entries = Object.entries(value.properties).slice(0, propertyLimit);
  if (entries.length === 0) return sanitizeLine(value.toStringValue ?? '');
  return entries.map(([name, item]) => `${sanitizeLine(name, 60)}=${renderValue(item, depth + 1)}`).join(' ');
}

function isObject(value: PSValue): value is PSObject {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'object';
}
