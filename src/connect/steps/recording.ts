import { valueOf } from '../fact.ts';
import type { Snapshot } from '../snapshot.ts';

/** Told before a secret is asked for: policies that record what runs on the server. Empty where none does. */
export function recordingNote(snapshot: Snapshot): readonly string[] {
  const { moduleLogging, scriptBlockLogging, transcription } = snapshot.shell;
  const on = [
    ...(valueOf(moduleLogging) === true ? ['module logging'] : []), ...(valueOf(scriptBlockLogging) === true ? ['script block logging'] : []), ...(valueOf(transcription) === true ? ['transcription'] : []),
  ];
  return on.length === 0 ? [] : [`A policy of this server records what PowerShell does (${on.join(', ')}). The password travels encrypted and is never the value of a parameter, so it does not appear there; whoever reads the records sees that this was done.`];
}
