import { valueOf } from './fact.ts';
import { keyCreated } from './events.ts';
import { controlEvents, enteredRunning } from './service-events.ts';
import type { EventRecord, Snapshot } from './snapshot.ts';

/** What is known of an earlier `miiskmu.exe /a` on this server. */
export type Abandonment =
  | { readonly state: 'none' }
  /** Our marker says that it was begun at `intent`, and not how it ended. */
  | { readonly state: 'open'; readonly intent: string; readonly reason: string }
  /** A run claimed it, and left no marker: its client died before the launch, or is about to launch. */
  | { readonly state: 'claimed'; readonly run: string; readonly intent: string }
  /** Our marker holds exit code 0. */
  | { readonly state: 'done'; readonly at: string; readonly intent: string }
  /** Event MIISKMU 1 without a marker of ours: somebody else began one (or the event is forged). */
  | { readonly state: 'foreign'; readonly event: EventRecord };

/** Reads our marker and MIISKMU's events. A marker wins over events, which any local process can write. */
export function abandonment(snapshot: Snapshot): Abandonment {
  const marker = valueOf(snapshot.markers)?.find((candidate) => candidate.path === 'Abandon');
  const intent = marker?.values.get('Intent');
  if (marker !== undefined && intent !== undefined && intent !== '') {
    const exitCode = marker.values.get('ExitCode');
    // The script itself recorded that it refused before the key was touched.
    if ((exitCode === undefined || exitCode === '') && marker.values.get('Phase') === 'refused') return { state: 'none' };
    if (exitCode === undefined || exitCode === '') return { state: 'open', intent, reason: 'it was begun, and how it ended was never recorded' };
    if (exitCode !== '0') return { state: 'open', intent, reason: `it ended with the exit code ${exitCode.slice(0, 20)}` };
    return { state: 'done', at: marker.values.get('Finished') ?? intent, intent };
  }
  const claim = valueOf(snapshot.markers)?.find((candidate) => candidate.path === 'Claim')?.values.get('Text');
  if (claim !== undefined) {
    const [run = '', at = ''] = claim.split('|');
    return { state: 'claimed', run: run.slice(0, 36), intent: at === '' ? 'an unknown time' : at.slice(0, 40) };
  }
  const event = abandonEvents(snapshot)[0];
  return event === undefined ? { state: 'none' } : { state: 'foreign', event };
}

/** MIISKMU 1: the key is being abandoned. Newest first. */
export function abandonEvents(snapshot: Snapshot): readonly EventRecord[] {
  return snapshot.events.records.filter((record) => record.provider === 'MIISKMU' && record.id === 1);
}

/** 6201: a new key was created. Newest first. */
export function keyCreations(snapshot: Snapshot): readonly EventRecord[] {
  return snapshot.events.records.filter((record) => record.provider === 'ADSync' && record.id === keyCreated);
}

/** Whether the service has entered the running state since an instant of the server's clock, by the System log. */
export function startedSince(snapshot: Snapshot, time: string): boolean {
  return controlEvents(snapshot).some((event) => enteredRunning(event) && Date.parse(event.time) > Date.parse(time));
}
