import { keyCode, serviceFault, showCode } from '../codes.ts';
import { events, fact } from '../evidence.ts';
import { databaseEvents, keysOfAnotherDatabase } from '../events.ts';
import { valueOf } from '../fact.ts';
import { engineEvents, systemKeyFailure, type Situation } from '../situation.ts';
import { allSucceededSince } from '../sync-gap.ts';
import { finding, has, type Rule } from './rule.ts';

/** LocalDB stops at 10 GB; from here on a stopped service may not start again. */
export const nearlyFullMegabytes = 9 * 1024;
const fullEvents = [6073, 6323];

/** `database-nearly-full`: LocalDB's limit is near, so stopping the service is dangerous. */
export const databaseNearlyFull: Rule = (situation) => {
  const { database } = situation.snapshot;
  if (valueOf(database.server)?.toLowerCase().startsWith('(localdb') === false) return remoteFull(situation);
  const used = valueOf(database.usedMegabytes);
  const bytes = valueOf(database.fileBytes);
  const megabytes = used ?? (bytes === undefined ? undefined : Math.floor(bytes / 1_048_576));
  const full = fullSaid(situation);
  if ((megabytes ?? 0) < nearlyFullMegabytes && full.length === 0) return [];
  return [finding({
    id: 'database-nearly-full', severity: situation.running && full.length === 0 ? 'warning' : 'error',
    title: `The database is ${megabytes === undefined ? 'full' : `at ${megabytes} MB`} of LocalDB's 10240 MB`,
    detail: 'A LocalDB database cannot grow beyond 10 GB. A service that is stopped then may not start again.',
    evidence: [...(used === undefined ? [] : [fact('database.usedMegabytes', used)]), ...(bytes === undefined ? [] : [fact('database.fileBytes', bytes)]), ...events(full)],
    advice: 'Make room first (purge the run history, or move the database to SQL Server). Do not stop or restart the service until then.',
    plan: 'manual',
  })];
};

/** Events that say it is full, as long as not every connector has synchronized since: after that there is room again. */
function fullSaid(situation: Situation): ReturnType<typeof engineEvents> {
  return engineEvents(situation, fullEvents).filter((event) => !allSucceededSince(situation.snapshot, event.time));
}

/** A database on a SQL server has no limit of its own; that it is full only its events say. */
function remoteFull(situation: Situation): ReturnType<Rule> {
  const said = fullSaid(situation);
  if (said.length === 0) return [];
  return [finding({
    id: 'database-nearly-full', severity: 'error', title: `The database on ${valueOf(situation.snapshot.database.server) ?? 'the SQL server'} has no room left`,
    detail: 'The SQL server refuses to store more: its disk or the limit of the database is reached.', evidence: events(said),
    ruledOut: ['Not LocalDB\'s limit of 10 GB: the database is on a SQL server.'],
    advice: 'Make room on the SQL server first. Do not stop or restart the service until then.', plan: 'manual',
  })];
}

/** `database-restored`: the keys do not belong to this database. */
export const databaseRestored: Rule = (situation) => {
  if (situation.running) return [];
  const { failure } = situation;
  const said = engineEvents(situation, [keysOfAnotherDatabase]);
  const code = failure.kind === 'specific' && serviceFault(failure.code)?.fault === 'restored' ? failure : undefined;
  if (code === undefined && (said.length === 0 || failure.kind === 'logon' || failure.kind === 'stopped')) return [];
  return [finding({
    id: 'database-restored', severity: 'error', title: 'The encryption keys do not belong to this database',
    detail: 'The database was restored from a backup or copied from another server.',
    evidence: [...(code === undefined ? [] : [...events(code.events), fact('service.serviceSpecificExitCode', showCode(code.code))]), ...events(said)],
    ruledOut: ['Not yet a lost key: restoring the right database brings the secrets back, abandoning the key would not.'],
    advice: 'Take the restore path first (the database that belongs to this server). Abandonment comes only after a person has ruled that out.',
    plan: 'manual',
  })];
};

/** `database-broken`: the service cannot open its database. */
export const databaseBroken: Rule = (situation, before) => {
  if (situation.running || has(before, 'database-restored', 'account-replaced')) return [];
  const { failure } = situation;
  const said = engineEvents(situation, databaseEvents);
  const code = failure.kind === 'specific' && serviceFault(failure.code)?.fault === 'database' ? failure : undefined;
  // The engine's events count where Windows' own code leaves room for them: also beside a key failure, whose cause they then are.
  const keyFailed = systemKeyFailure(situation, keyCode) !== undefined;
  if (code === undefined && (said.length === 0 || !(keyFailed || failure.kind === 'other'))) return [];
  return [finding({
    id: 'database-broken', severity: 'error', title: 'ADSync cannot open its database',
    detail: code === undefined ? 'The sync engine reports that the database cannot be opened or used.' : `The service ended with ${showCode(code.code)}: ${serviceFault(code.code)?.meaning ?? ''}.`,
    evidence: [...(code === undefined ? [] : events(code.events)), ...events(said), ...where(situation)],
    ruledOut: ['Not a lost key: without its database the service cannot read any key. Abandoning it would not help.'],
    advice: 'Repair the database or the connection to it first, then start the service once and diagnose again.',
    plan: 'manual',
  })];
};

function where(situation: Situation): ReturnType<typeof fact>[] {
  const { database } = situation.snapshot;
  return database.server.known ? [fact('database.server', `${database.server.value} ${valueOf(database.instance) ?? ''}`)] : [];
}
