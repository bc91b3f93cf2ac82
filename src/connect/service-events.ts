import { codeOf } from './codes.ts';
import type { EventRecord, Snapshot } from './snapshot.ts';

const controlManager = 'Service Control Manager';
/** 7036's binary part ends in the state: 4 running, 1 stopped. */
const runningMark = '/4';

/** Service Control Manager events about ADSync, newest first. */
export function controlEvents(snapshot: Snapshot): readonly EventRecord[] {
  const displayName = snapshot.service.displayName.known ? snapshot.service.displayName.value : undefined;
  return snapshot.events.records.filter((record) => record.log === 'System' && record.provider === controlManager && isAboutService(record, displayName));
}

/**
 * Whether the event is about ADSync: 7038 and 7041 carry the key name, the others the display name and the key name in
 * their binary part. A server's text is never searched: other services' names may contain these.
 */
function isAboutService(record: EventRecord, displayName: string | undefined): boolean {
  const named = binaryText(record)?.replace(/\/\d+$/, '').toLowerCase();
  if (named !== undefined) return named === 'adsync';
  const first = record.data[0];
  if (first === undefined) return false;
  return first.toLowerCase() === 'adsync' || first === displayName || first === 'Microsoft Entra ID Sync' || first === 'Microsoft Azure AD Sync';
}

/** The text in an event's binary part (UTF-16, little endian, in hexadecimal); undefined where there is none. */
function binaryText(record: EventRecord): string | undefined {
  if (!/^(?:[0-9a-f]{4}){1,200}$/i.test(record.binary)) return undefined;
  let text = '';
  for (let i = 0; i < record.binary.length; i += 4) {
    const unit = Number.parseInt(record.binary.slice(i + 2, i + 4) + record.binary.slice(i, i + 2), 16);
    if (unit === 0) break;
    text += String.fromCharCode(unit);
  }
  return text === '' ? undefined : text;
}

/** True where a 7036 says that the service entered the running state (from its binary part: the text is localized). */
export function enteredRunning(record: EventRecord): boolean {
  if (record.id !== 7036) return false;
  const text = binaryText(record);
  return text === undefined ? record.data[1] === 'running' : text.endsWith(runningMark);
}

/** The code that a Service Control Manager event gives as its reason; undefined where it has none. */
export function reasonOf(record: EventRecord): number | undefined {
  for (const value of record.data.slice(1).reverse()) {
    const code = codeOf(value);
    if (code !== undefined) return code;
  }
  return undefined;
}
