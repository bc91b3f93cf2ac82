import { valueOf, whyMissing } from '../fact.ts';
import { Refused } from '../run-errors.ts';
import type { Snapshot } from '../snapshot.ts';

/** Where Connect is installed. Rejects with Refused where the server did not say. */
export function installationPath(snapshot: Snapshot): string {
  const path = valueOf(snapshot.installation.path);
  if (path === undefined) throw new Refused('cannot-tell', `Where Connect is installed could not be read: ${whyMissing(snapshot.installation.path)}.`);
  return path;
}

/** The account that ADSync runs as, exactly as the server writes it. Rejects with Refused where it did not say. */
export function startNameOf(snapshot: Snapshot): string {
  const name = valueOf(snapshot.service.startName);
  if (name === undefined || name === '') throw new Refused('cannot-tell', `Which account ADSync runs as could not be read: ${whyMissing(snapshot.service.startName)}.`);
  return name;
}
