import { startedSince } from './abandonment.ts';
import { belongsToDomain } from './account.ts';
import { keyCode } from './codes.ts';
import { databaseEvents, databaseLostEvents, keyRecreatedEvents, keysOfAnotherDatabase, serviceStarted } from './events.ts';
import { valueOf, whyMissing } from './fact.ts';
import { engineEvents, isAfter, keyFailureSaid, systemKeyFailure, type Situation } from './situation.ts';
import type { EventBlock } from './snapshot.ts';

/** The sets of events whose absence the conclusion "the key is lost" rests on. */
const neededBlocks: readonly EventBlock[] = ['scm', 'key-new', 'abandonment', 'key', 'database'];

/** Events so near to a failed start belong to it, in milliseconds. */
const besideStart = 300_000;

/**
 * Everything that stands against the conclusion that the key is lost, one sentence each; empty where nothing does.
 * Abandonment destroys every stored secret, so each condition has to be shown, and a missing fact is an objection.
 */
export function keyObjections(situation: Situation): readonly string[] {
  return [...system(situation), ...account(situation), ...engine(situation), ...earlierAbandonment(situation), ...unread(situation)];
}

function system(situation: Situation): string[] {
  if (systemKeyFailure(situation, keyCode) === undefined) return ['Windows itself has not recorded a key failure (event 7024 or the service-specific code 0x80231000) for the last start.'];
  return [];
}

function account(situation: Situation): string[] {
  const { original, snapshot, options } = situation;
  const objections: string[] = [];
  if (original.state === 'unproven') objections.push(`It is not proven that the service logs on as its original account: ${original.reason}.`);
  if (original.state === 'replaced') objections.push(`The service was installed with ${original.original}.`);
  if (situation.account?.kind === 'built-in') objections.push('The service logs on as a built-in account, which is never its original one.');
  if (situation.account !== undefined && belongsToDomain(situation.account.kind) && valueOf(snapshot.domainController.writable) !== true) {
    const { writable } = snapshot.domainController;
    objections.push(`Only a writable domain controller can make the key of a domain account readable again, and ${writable.known ? 'none answers' : `it is not known whether one answers: ${whyMissing(writable)}`}.`);
  }
  if (options.oldPassword === 'known') objections.push('The password from before the change is known: setting it back can make the key readable again.');
  return objections;
}

function engine(situation: Situation): string[] {
  const objections: string[] = [];
  const recreated = engineEvents(situation, keyRecreatedEvents);
  if (recreated.length > 0) objections.push(`The service made a new key by itself (event ${recreated[0]?.id ?? 0}).`);
  if (engineEvents(situation, [keysOfAnotherDatabase]).length > 0) objections.push('The keys do not belong to this database (event 6223): the restore path comes first.');
  if (engineEvents(situation, databaseEvents).length > 0) objections.push('The database had errors at the same time.');
  const started = situation.freshEngineEvents.find((record) => record.id === serviceStarted);
  const lost = engineEvents(situation, databaseLostEvents).filter((record) => started === undefined || record.recordId > started.recordId);
  // Of the last start alone: over weeks of running, a connection that was lost once says nothing.
  const attempt = systemKeyFailure(situation, keyCode)?.events[0]?.time;
  const near = lost.find((record) => attempt === undefined || Math.abs(Date.parse(record.time) - Date.parse(attempt)) < besideStart || isAfter(record.time, attempt));
  if (near !== undefined) objections.push(`The sync engine reported event ${near.id} at ${near.time}, beside that failure: its database or an error of another kind may be the cause.`);
  const named = keyFailureSaid(situation);
  if (named.length === 0) objections.push('The sync engine has not said which key failure it is (none of the events 6203, 6207, 6208, 6028 or 6206 since the service last ran).');
  return objections;
}

function earlierAbandonment(situation: Situation): string[] {
  const { abandonment, lastRunning, snapshot } = situation;
  if (!snapshot.markers.known) return [`Whether an abandonment was begun before could not be read: ${whyMissing(snapshot.markers)}.`];
  switch (abandonment.state) {
    case 'none': return [];
    case 'open': return [`An abandonment was begun at ${abandonment.intent}: ${abandonment.reason}. A person has to find out how it ended before anything else.`];
    case 'claimed': return [`An abandonment was claimed at ${abandonment.intent}.`];
    // Whoever started it afterwards, that start made another key.
    case 'done': return startedSince(snapshot, abandonment.at) ? [] : [`The key was abandoned already at ${abandonment.at}.`];
    case 'foreign':
      return isAfter(abandonment.event.time, lastRunning?.time) ? [`Event 1 of MIISKMU (${abandonment.event.time}) says that somebody has begun to abandon the key since the service last ran. Start the service once and diagnose again.`] : [];
  }
}

function unread(situation: Situation): string[] {
  const { events } = situation.snapshot;
  return neededBlocks.flatMap((block) => {
    const gap = events.missing.get(block);
    if (gap !== undefined) return [`A part of the event logs could not be read (${block}): ${whyMissing(gap)}.`];
    const oldest = events.records.findLast((record) => record.block === block);
    // Where the limit cut the list inside the time that counts, what was cut off may say otherwise.
    return events.full.has(block) && oldest !== undefined && isAfter(oldest.time, situation.lastRunning?.time) && block !== 'scm'
      ? [`There are more events (${block}) since the service last ran than were read.`] : [];
  });
}
