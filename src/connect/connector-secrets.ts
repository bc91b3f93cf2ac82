import { abandonEvents, abandonment, keyCreations } from './abandonment.ts';
import { keyRecreatedEvents, secretEntered } from './events.ts';
import { valueOf } from './fact.ts';
import { isAfter } from './situation.ts';
import type { Connector, EventRecord, RunResult, Snapshot } from './snapshot.ts';

/** When the stored secrets were dropped, and what says so. */
export interface SecretsDropped {
  readonly at: string;
  readonly event: EventRecord | undefined;
}

/** What is known of one connector's stored secret. Times are the server's. */
export interface SecretState {
  readonly connector: Connector;
  /** The newest sign that the secret works or was entered; undefined where there is none since the secrets were dropped. */
  readonly goodAt: string | undefined;
  /** The newest sign that it does not work. */
  readonly badAt: string | undefined;
  readonly badEvent: EventRecord | undefined;
  readonly badRun: RunResult | undefined;
}

/** A connector whose secret has to be entered again, and why. */
export interface PendingConnector {
  readonly connector: Connector;
  readonly why: string;
}

/**
 * The moment at which the service last lost every stored secret: it recreated the key itself (6227, 6231), or made a new one
 * (6201) after an abandonment. A 6201 without an abandonment is an installation's and drops nothing.
 */
export function secretsDropped(snapshot: Snapshot): SecretsDropped | undefined {
  const recreated = snapshot.events.records.find((record) => record.provider === 'ADSync' && keyRecreatedEvents.includes(record.id));
  const state = abandonment(snapshot);
  const begun = state.state === 'done' || state.state === 'open' ? state.intent : abandonEvents(snapshot)[0]?.time;
  const created = begun === undefined ? undefined : keyCreations(snapshot).find((record) => !isAfter(begun, record.time));
  const newest = [recreated, created].filter((record) => record !== undefined).sort((a, b) => b.recordId - a.recordId)[0];
  if (state.state === 'done' && (newest === undefined || isAfter(state.at, newest.time)) && created === undefined) return { at: state.at, event: undefined };
  return newest === undefined ? undefined : { at: newest.time, event: newest };
}

const credentialFailures = [6000, 6601, 6602];
const credentialResults = ['no-start-credentials'];

/** The state of every connector's secret; undefined where the connectors are not known. */
export function secretStates(snapshot: Snapshot): readonly SecretState[] | undefined {
  return valueOf(snapshot.connectors)?.map((connector) => secretState(snapshot, connector));
}

function secretState(snapshot: Snapshot, connector: Connector): SecretState {
  const runs = (valueOf(snapshot.runs) ?? []).filter((run) => run.connector === connector.name && run.complete);
  const goodRun = runs.find((run) => usesCredentials(run) && (run.result === 'success' || run.result.startsWith('completed-')));
  const badRun = runs.find((run) => credentialResults.includes(run.result));
  const entered = snapshot.events.records.filter((record) => isEntry(record, connector));
  const badEvent = snapshot.events.records.find((record) => record.provider === 'ADSync' && credentialFailures.includes(record.id) && names(record, connector.name));
  return {
    connector, badRun, badEvent,
    goodAt: newest([goodRun?.start, ...entered.map((record) => record.time), ...signedInNow(snapshot, connector)]),
    badAt: newest([badRun?.start, badEvent?.time]),
  };
}

/** A synchronization step works on the database alone and succeeds with lost secrets; only an import or an export signs in. */
function usesCredentials(run: RunResult): boolean {
  return /import|export/i.test(run.profile);
}

/** Get-ADSyncScheduler signs in to Entra with the stored secret: its answer proves the secret as of now. */
function signedInNow(snapshot: Snapshot, connector: Connector): string[] {
  return connector.type === 'Entra' && valueOf(snapshot.scheduler.cloud) === true && snapshot.server.clock.known ? [snapshot.server.clock.value] : [];
}

function isEntry(record: EventRecord, connector: Connector): boolean {
  if (record.provider === 'ADSync') return record.id === secretEntered.adSync && names(record, connector.name);
  if (record.provider !== 'Directory Synchronization') return false;
  if (record.id === secretEntered.entra) return connector.type === 'Entra';
  return record.id === secretEntered.adDs && connector.type === 'AD' && names(record, connector.name);
}

/** Whether an event is about the connector: its name is one of the values, or stands in the text as a whole name. */
export function names(record: EventRecord, name: string): boolean {
  const wanted = name.toLowerCase();
  if (record.data.some((value) => value.trim().toLowerCase() === wanted)) return true;
  const text = [record.message, ...record.data].join('\n').toLowerCase();
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    // "corp.example" must not be found in "eu.corp.example" or "corp.example.org".
    if (!/[\w.-]/.test(text.charAt(at - 1)) && !/^(?:[\w-]|\.\w)/.test(text.slice(at + wanted.length, at + wanted.length + 2))) return true;
  }
  return false;
}

/**
 * Connectors that have not shown a working or re-entered secret since all secrets were dropped, and those that failed after it.
 * Empty where none is left; undefined where it cannot be told (connectors unknown: the service does not run).
 */
export function pendingConnectors(snapshot: Snapshot): readonly PendingConnector[] | undefined {
  const dropped = secretsDropped(snapshot);
  const states = secretStates(snapshot);
  if (states === undefined) return undefined;
  return states.flatMap((state) => {
    const { connector, goodAt, badAt } = state;
    const isGood = goodAt !== undefined && (dropped === undefined || isAfter(goodAt, dropped.at));
    const isBad = badAt !== undefined && (goodAt === undefined || isAfter(badAt, goodAt));
    if (isBad) return [{ connector, why: state.badRun === undefined ? `event ${state.badEvent?.id ?? 0} of ${badAt}` : `its run of ${state.badRun.start} ended with ${state.badRun.result}` }];
    if (dropped === undefined || isGood) return [];
    // A certificate is no stored password: only a failure shows that it went as well.
    if (connector.type === 'Entra' && valueOf(snapshot.authenticationMode) === 'Application') return [];
    return [{ connector, why: 'no run and no new entry since the stored secrets were dropped' }];
  });
}

function newest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).reduce<string | undefined>((best, time) => (isAfter(time, best) ? time : best), undefined);
}
