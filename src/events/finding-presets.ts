import type { EventFilter } from './event-filter.ts';

interface EventsOf {
  readonly providers: readonly string[];
  readonly ids: readonly number[];
}

const scm = 'Service Control Manager';
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Events that speak for or against a finding, by its id. An id is listed under `findingsWithoutEvents` where no event does. */
export const findingEvents: Readonly<Record<string, EventsOf>> = {
  'healthy': { providers: ['ADSync', 'Directory Synchronization'], ids: [2001, 6201, 6603, 6943, 904, 2518, 2519] },
  'stale-scm-password': { providers: [scm, 'Microsoft-Windows-Security-Auditing'], ids: [7000, 7038, 7041, 4625, 4723, 4724] },
  'account-blocked': { providers: [scm, 'Microsoft-Windows-Security-Auditing'], ids: [7000, 7038, 4625, 4723, 4724, 4740] },
  'logon-unavailable': { providers: [scm, 'NETLOGON', 'Microsoft-Windows-Time-Service'], ids: [7000, 7038, 5719, 5783, 3210, 36, 50, 134] },
  'logon-right-missing': { providers: [scm], ids: [7000, 7041] },
  'account-replaced': { providers: [scm, 'ADSync'], ids: [7024, 7040, 7045, 6206, 6226, 6227] },
  'key-unreadable-no-dc': { providers: [scm, 'ADSync', 'NETLOGON'], ids: [7024, 6028, 6203, 6206, 6207, 6208, 5719] },
  'key-recreated': { providers: ['ADSync'], ids: [6000, 6227, 6231, 6601, 6602, 6603] },
  'key-lost': { providers: [scm, 'ADSync', 'MIISKMU'], ids: [7024, 6028, 6201, 6203, 6206, 6207, 6208, 1, 2] },
  'database-broken': { providers: [scm, 'ADSync'], ids: [7009, 7011, 7022, 7023, 7024, 6071, 6075, 6204, ...range(6209, 6222), 6224, 6225, 6322, 6324] },
  'database-restored': { providers: [scm, 'ADSync'], ids: [7024, 6223] },
  'database-nearly-full': { providers: ['ADSync'], ids: [6073, 6323] },
  'connector-password': { providers: ['ADSync', 'Directory Synchronization'], ids: [6000, 6001, 6007, 6050, 6601, 6602, 6603, 2518, 611, 652] },
  'entra-sign-in': { providers: ['ADSync', 'Directory Synchronization'], ids: [6801, 6803, 6900, 659, 906, 2519] },
  'application-auth': { providers: ['ADSync', 'Directory Synchronization'], ids: [6801, 1011, 1012, 1014, 906] },
};

/** What these rest on is no event: builds, rights, what is installed, what could not be read. */
export const findingsWithoutEvents: readonly string[] = ['build-too-old', 'build-unsupported', 'not-installed', 'access-denied', 'cannot-tell'];

/** What is shown for a finding; undefined where no event speaks of it. */
export function filterOfFinding(finding: string): EventFilter | undefined {
  const events = Object.hasOwn(findingEvents, finding) ? findingEvents[finding] : undefined;
  return events === undefined ? undefined : { terms: [{ field: 'provider', values: events.providers, exclude: false }, { field: 'id', values: events.ids, exclude: false }] };
}
