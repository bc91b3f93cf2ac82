import { startedSince } from '../abandonment.ts';
import { keyCode } from '../codes.ts';
import { pendingConnectors, secretStates, secretsDropped, type PendingConnector } from '../connector-secrets.ts';
import { event, events, fact } from '../evidence.ts';
import { keyRecreatedEvents } from '../events.ts';
import type { Evidence, Finding } from '../finding.ts';
import { engineEvents, isAfter, systemKeyFailure, type Situation } from '../situation.ts';
import { finding, has, type Rule } from './rule.ts';

/** `key-recreated`: the old key is gone and a new one exists or will at the next start; only credentials are missing. */
export const keyRecreated: Rule = (situation, before) => {
  if (has(before, 'stale-scm-password', 'database-broken', 'database-restored')) return [];
  if (situation.running) return whileRunning(situation);
  return situation.stopped ? whileStopped(situation) : [];
};

function whileRunning(situation: Situation): Finding[] {
  const { snapshot } = situation;
  const dropped = secretsDropped(snapshot);
  const pending = pendingConnectors(snapshot);
  if (dropped === undefined || pending === undefined || pending.length === 0) return [];
  // Once every connector has worked since then, a later failure is that connector's own.
  const untried = (secretStates(snapshot) ?? []).some((state) => pending.some((p) => p.connector === state.connector) && !(state.goodAt !== undefined && isAfter(state.goodAt, dropped.at)));
  if (!untried) return [];
  const proven = pending.some((p) => p.why !== 'no run and no new entry since the stored secrets were dropped');
  return [make({
    severity: proven ? 'error' : 'warning',
    detail: `The service made a new encryption key at ${dropped.at}, so what it had stored with the old one is gone. ${pending.length} of its connectors still lack their credentials.`,
    evidence: [...(dropped.event === undefined ? [fact('Abandon marker', dropped.at)] : [event(dropped.event)]), ...pending.slice(0, 20).map((p) => shown(p))],
  })];
}

function whileStopped(situation: Situation): Finding[] {
  const { failure } = situation;
  const recreated = engineEvents(situation, keyRecreatedEvents);
  if (recreated.length > 0 && (failure.kind === 'specific' || failure.kind === 'other')) {
    return [make({
      severity: 'error', evidence: events(recreated),
      detail: 'The service found the encryption key missing and made a new one by itself; what it had stored with the old one is gone. It does not run now.',
    })];
  }
  const done = situation.abandonment;
  if (done.state !== 'done' || startedSince(situation.snapshot, done.at)) return [];
  const failed = systemKeyFailure(situation, keyCode);
  const newestFailure = failed?.events[0];
  if (newestFailure !== undefined && isAfter(newestFailure.time, done.at)) return [];
  if (failure.kind === 'logon' || failure.kind === 'contradiction') return [];
  return [make({
    severity: 'error', evidence: [fact('Abandon marker', `exit code 0 at ${done.at}`), ...(failed === undefined ? [] : events(failed.events, 1))],
    detail: 'The encryption key was abandoned successfully, and the service was not started since: the repair is unfinished. The start makes a new key.',
  })];
}

/** Under another account the new key is that account's: the original one comes back first, then the credentials. */
function make(parts: Pick<Finding, 'severity' | 'detail' | 'evidence'>): Finding {
  return finding({
    ...parts, id: 'key-recreated', title: 'The encryption key is new: the connectors need their credentials again',
    ruledOut: ['Not a lost key: there is a new one. Abandoning it would only drop what has been entered since.'],
    advice: 'Enter the credentials of each connector again, then restart the service. Do not abandon the key.',
    plan: 'credentials-only',
  });
}

function shown({ connector, why }: PendingConnector): Evidence {
  return fact(`connector ${connector.name}`, why);
}
