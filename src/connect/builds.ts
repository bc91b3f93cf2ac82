/**
 * Every build number of Entra Connect Sync that matters here, as data.
 * Sources: Microsoft's version history (reference-connect-version-history and its archive page), the prerequisites page,
 * and the retirement rule there (a 2.x build retires 12 months after its successor).
 */

/** When the data below was last held against its sources. */
export const buildsCheckedOn = '2026-11-01';

/** The last build of the source document's old world: Windows destroys the key when the service account's password is reset. */
export const lastBuildOfOldKeys = '1.1.443.0';
/** From here on the service itself makes a new key when it cannot read the old one (events 6227 and 6231). */
export const firstBuildThatRecreatesKeys = '1.1.484.0';
/** First build with Get-ADSyncEntraConnectorCredential; before it the Entra Connector always signs in with a password. */
export const firstBuildWithApplicationMode = '2.5.3.0';
/** First build whose Synchronization Service Manager does not drop the application's settings from the Entra connector. */
export const firstBuildThatKeepsApplicationSettings = '2.6.1.0';
/** First build that writes the administrator's audit events 2503–2521. */
export const firstBuildWithAuditEvents = '2.4.129.0';
/** Lowest build that still synchronizes after 30 September 2026. */
export const lowestBuildThatSynchronizes = '2.5.79.0';

interface Retirement {
  readonly build: string;
  /** The first day without support, UTC date. */
  readonly on: string;
}

/** End of support by build, oldest first; a build between two entries retires with the earlier one. */
const retirements: readonly Retirement[] = [
  { build: '2.5.3.0', on: '2026-07-31' },
  { build: '2.5.76.0', on: '2026-09-01' },
  { build: '2.5.79.0', on: '2026-10-23' },
  { build: '2.5.190.0', on: '2027-02-02' },
  { build: '2.6.1.0', on: '2027-03-10' },
  { build: '2.6.3.0', on: '2027-07-07' },
  { build: '2.6.84.0', on: '2027-09-16' },
  { build: '2.6.91.0', on: '2027-09-23' },
];

/** All 1.x builds stopped working on this day. */
const endOfVersionOne = '2023-10-01';
/** Older 2.x builds than the list knows stopped synchronizing on this day. */
const endOfOlderBuilds = '2026-09-30';
/** Withdrawn by Microsoft after its release. */
const recalled: readonly string[] = ['2.6.79.0'];

/** Negative where `a` is the older build, 0 where equal. Compares four numbers, never text. */
export function compareBuilds(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < 4; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export interface Support {
  readonly state: 'supported' | 'ended' | 'recalled' | 'unknown';
  /** The first day without support, where it is known. */
  readonly on: string | undefined;
}

/** Whether a build is supported at an instant (ISO 8601, UTC); `unknown` for builds newer than the data. */
export function supportOf(build: string, at: string): Support {
  if (recalled.includes(build)) return { state: 'recalled', on: undefined };
  const on = endOfSupport(build);
  if (on === undefined) return { state: 'unknown', on };
  return { state: at.slice(0, 10) >= on ? 'ended' : 'supported', on };
}

function endOfSupport(build: string): string | undefined {
  if (compareBuilds(build, '2.0.0.0') < 0) return endOfVersionOne;
  const newest = retirements[retirements.length - 1];
  if (newest !== undefined && compareBuilds(build, newest.build) > 0) return undefined;
  const entry = retirements.findLast((candidate) => compareBuilds(candidate.build, build) <= 0);
  return entry === undefined ? endOfOlderBuilds : entry.on;
}
