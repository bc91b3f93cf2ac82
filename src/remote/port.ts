import type { SessionTarget } from '../session.ts';

/** The TCP port that a target is reached at: its own, else what its transport has by default. */
export function portOf(target: SessionTarget): number {
  if (target.port !== undefined) return target.port;
  if (target.transport !== 'winrm') return 22;
  return target.winrm?.scheme === 'https' ? 5986 : 5985;
}
