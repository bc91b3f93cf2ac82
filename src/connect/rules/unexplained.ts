import { keyCode, serviceFault, showCode } from '../codes.ts';
import { pendingConnectors, secretsDropped } from '../connector-secrets.ts';
import { event, events, fact, plain } from '../evidence.ts';
import { meaningOf } from '../events.ts';
import { valueOf, whyMissing, type Fact } from '../fact.ts';
import type { Evidence, Finding } from '../finding.ts';
import { keyObjections } from '../key-objections.ts';
import { systemKeyFailure, type Situation } from '../situation.ts';
import type { RunResult, Snapshot } from '../snapshot.ts';
import { unexplainedLogon } from './logon.ts';
import { finding, has, type Rule } from './rule.ts';

const explaining: readonly Finding['id'][] = [
  'not-installed', 'account-replaced', 'stale-scm-password', 'account-blocked', 'logon-unavailable', 'logon-right-missing',
  'database-restored', 'database-broken', 'key-recreated', 'key-unreadable-no-dc', 'key-lost',
];

/** `cannot-tell`: something is wrong, and what is known does not suffice to say what. */
export const cannotTell: Rule = (situation, before) => {
  if (has(before, ...explaining)) return [];
  const why = situation.running ? whileRunning(situation, before) : whileDown(situation, before);
  if (why === undefined) return [];
  return [finding({
    id: 'cannot-tell', severity: why.severity ?? 'error', title: why.title, detail: why.reasons.join(' '), evidence: why.evidence, advice: why.advice, plan: 'manual',
    ruledOut: ['Nothing is abandoned or changed while this is open: the wrong repair would destroy the stored secrets.'],
  })];
};

interface Doubt { readonly severity?: 'warning'; readonly title: string; readonly reasons: readonly string[]; readonly evidence: readonly Evidence[]; readonly advice: string }

function whileDown(situation: Situation, before: readonly Finding[]): Doubt | undefined {
  const { failure, snapshot, abandonment } = situation;
  const keyFailure = systemKeyFailure(situation, keyCode);
  if (abandonment.state === 'claimed') return claimed(situation, abandonment);
  if (keyFailure !== undefined) {
    return {
      title: 'ADSync cannot load its encryption key, and why is not certain', reasons: [...(has(before, 'database-nearly-full') ? ['The database has no room for a repair.'] : []), ...keyObjections(situation)], evidence: keyEvidence(situation, events(keyFailure.events)),
      advice: 'Settle each of these points by hand, then diagnose again. Abandoning the key comes only when all of them are settled.',
    };
  }
  if (abandonment.state === 'open') {
    return {
      title: 'An abandonment of the key was begun and its outcome is unknown', reasons: [`It was begun at ${abandonment.intent}: ${abandonment.reason}.`], evidence: keyEvidence(situation, []),
      advice: 'Look at the evidence and decide whether it happened; it must not be run a second time before that.',
    };
  }
  const logon = unexplainedLogon(situation);
  const base = { title: 'ADSync does not run, and why is not certain', evidence: serviceEvidence(situation) };
  switch (failure.kind) {
    case 'none': return undefined;
    case 'stopped': {
      const how = failure.neverStarted ? 'No start was tried since the server was started (exit code 1077)' : 'The service was stopped in order (exit code 0), or nothing records a fault';
      return { ...base, reasons: [`${how}; whether it can start is not known.`, ...applicationOnly(situation)], advice: valueOf(snapshot.service.startMode) === 'Disabled' ? 'Its start type is Disabled: find out who disabled it (event 7040) and why. Set it back to Automatic, then start the service once and diagnose again.' : 'If nobody keeps it stopped on purpose, start the service once and diagnose again; say first whether the password of its account was changed or reset.' };
    }
    case 'logon': return { ...base, reasons: [logon === undefined ? 'The service could not log on.' : `It is not certain: ${logon}.`], advice: 'Look at the events 7000, 7038 and 7041 in the System log, and at the Log On account of the service.' };
    case 'specific': {
      const meaning = serviceFault(failure.code)?.meaning;
      return { ...base, reasons: [`The service ended with the service-specific code ${showCode(failure.code)}${meaning === undefined ? ', which has no known meaning here' : `: ${meaning}`}.`], advice: 'Look at the Application log around the last start.' };
    }
    case 'other': {
      const [newest] = failure.events;
      const meaning = newest === undefined ? undefined : meaningOf(newest.provider, newest.id);
      const said = meaning === undefined ? '' : ` Event ${newest?.id ?? 0} says: ${meaning.meaning} ${meaning.implies}`;
      return { ...base, reasons: [`The last start failed for a reason that is neither a logon nor the key${failure.code === undefined ? '' : ` (${failure.code < 0x10000 ? failure.code : showCode(failure.code)})`}.${said}`, ...applicationOnly(situation)], advice: otherAdvice[newest?.id ?? 0] ?? 'Look at the System and Application logs around the last start.' };
    }
    case 'contradiction': return { ...base, reasons: [`${failure.reason}.`], advice: 'Start the service once, when that is safe, and diagnose again: both then tell of the same start.' };
    case 'unsettled':
      if (has(before, 'access-denied')) return undefined;
      if (!snapshot.service.exists.known && snapshot.service.exists.why === 'script-blocked') {
        return {
          ...base, title: 'The server\'s malware protection blocked the script that reads it', reasons: [`Nothing of the script ran. The server said: ${plain(snapshot.service.exists.detail)}`],
          advice: 'Have whoever looks after its malware protection look at the detection and allow this product\'s scripts; they are never disguised. Until then work by a runbook, at the server itself.',
        };
      }
      return snapshot.service.exists.known ? { ...base, reasons: [`${failure.reason}.`], advice: 'Wait until the service has settled, then diagnose again.' }
        : { ...base, reasons: [`The service could not be read: ${whyMissing(snapshot.service.exists)}.`], advice: 'Diagnose again; if it stays so, look at the server itself.' };
  }
}

/** What to look at first, by the newest event of a start that failed for none of the known reasons. */
const otherAdvice: Readonly<Record<number, string>> = {
  7001: 'Start the service that the event names, or find out why it does not start; then start ADSync once and diagnose again.',
  7003: 'Find the missing service that the event names (sc.exe qc ADSync lists what it depends on); then start ADSync once and diagnose again.',
  7000: 'Read the code in the event. 1053 is a timeout: look at the load, the disk, and whether certificate revocation lists can be reached; then start ADSync once and diagnose again.',
  7009: 'The service was too slow (1053): look at the load, the disk, the database, and whether certificate revocation lists can be reached; then start ADSync once and diagnose again.',
  7022: 'It hung: look at the database and the disk; then start ADSync once and diagnose again.',
  7031: 'It crashed: look at the events Application Error 1000 and .NET Runtime 1026 for miiserver.exe, and whether miiserver.exe.config was edited by hand; then start ADSync once and diagnose again.',
  7034: 'It crashed: look at the events Application Error 1000 and .NET Runtime 1026 for miiserver.exe, and whether miiserver.exe.config was edited by hand; then start ADSync once and diagnose again.',
};

/** Key events without Windows' own record: any local process can write them. */
function applicationOnly(situation: Situation): string[] {
  const said = situation.freshEngineEvents.filter((record) => record.block === 'key');
  return said.length === 0 ? [] : [`The Application log holds event ${said[0]?.id ?? 0} of ADSync, but Windows itself recorded no key failure, and such events can be written by any program.`];
}

/** A client died between its claim and the launch: nothing was begun, and nobody else can begin before a person says so. */
function claimed(situation: Situation, { run, intent }: { readonly run: string; readonly intent: string }): Doubt {
  return {
    ...(situation.running && { severity: 'warning' }), title: 'An abandonment of the key was claimed and its outcome is unknown',
    reasons: [`The run ${run} claimed it at ${intent}, and nothing says that it was launched.`, ...(situation.running ? [] : keyObjections(situation).filter((text) => !text.includes(intent)))],
    evidence: keyEvidence(situation, [fact('abandon.claim', `${run} at ${intent}`)]),
    advice: 'Where no client is at work any more, go on with that run, or start the single step "Abandon the encryption key": it asks what became of the claim before anything else.',
  };
}

function whileRunning(situation: Situation, before: readonly Finding[]): Doubt | undefined {
  const { snapshot, abandonment } = situation;
  if (abandonment.state === 'claimed') return claimed(situation, abandonment);
  if (has(before, 'access-denied', 'connector-password', 'entra-sign-in', 'application-auth')) return undefined;
  const needed: readonly (readonly [string, Fact<unknown>])[] = [
    ['its connectors', snapshot.connectors], ['its runs', snapshot.runs],
    ...(['key-new', 'runs', 'secrets'] as const).flatMap((block) => { const gap = snapshot.events.missing.get(block); return gap === undefined ? [] : [[`its events (${block})`, gap] as const]; }),
  ];
  const gaps = needed.filter(([, value]) => !value.known);
  if (gaps.length === 0) return failedRuns(snapshot);
  const dropped = secretsDropped(snapshot);
  return {
    title: 'ADSync runs, and whether it synchronizes cannot be told',
    reasons: gaps.map(([what, value]) => `The server did not tell ${what}: ${whyMissing(value)}.`),
    evidence: [fact('service.state', 'Running'), ...(dropped?.event === undefined || pendingConnectors(snapshot)?.length === 0 ? [] : [event(dropped.event)])],
    advice: 'Diagnose again; if it stays so, look at the ADSync module on the server itself.',
  };
}

/** Runs that failed for a reason that is neither a credential nor a person's stop. */
function failedRuns(snapshot: Snapshot): Doubt | undefined {
  const newest = new Map<string, RunResult>();
  for (const run of valueOf(snapshot.runs) ?? []) if (run.complete && !newest.has(run.connector)) newest.set(run.connector, run);
  const failed = [...newest.values()].filter(({ result }) => /^(?:no-start|stopped)-(?!credentials$)/.test(result) && !result.includes('user'));
  if (failed.length === 0) return undefined;
  return {
    title: 'Runs fail for another reason than a password', reasons: failed.map((run) => `The last run of ${plain(run.connector)} ended with ${plain(run.result)}.`),
    evidence: failed.slice(0, 10).map((run) => fact(`last run of ${run.connector}`, `${run.profile}: ${run.result} (${run.start})`)),
    advice: 'Look at the run in Synchronization Service Manager and at the Application log of that time.',
  };
}

function keyEvidence(situation: Situation, first: readonly Evidence[]): Evidence[] {
  const key = situation.freshEngineEvents.filter((record) => record.block === 'key' || record.block === 'key-new');
  const abandoned = situation.snapshot.events.records.filter((record) => record.block === 'abandonment');
  return [...first, ...events(key), ...events(abandoned, 3), ...serviceEvidence(situation)];
}

function serviceEvidence(situation: Situation): Evidence[] {
  const { failure, snapshot } = situation;
  const found: Evidence[] = 'events' in failure ? events(failure.events) : [];
  for (const name of ['state', 'startName', 'startMode', 'exitCode'] as const) {
    const value = valueOf<string | number>(snapshot.service[name]);
    if (value !== undefined) found.push(fact(`service.${name}`, value));
  }
  return found;
}
