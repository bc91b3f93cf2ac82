import { valueOf } from './fact.ts';
import { Refused } from './run-errors.ts';
import type { Snapshot } from './snapshot.ts';

/** What tells one server from every other: the name it reports and the sync engine's own identifier. */
export interface MachineIdentity {
  readonly computerName: string;
  /** SyncMachineIdentifier; empty where the server has none. */
  readonly machineId: string;
}

/** Where the identities of servers are kept; the first connection pins one. Keyed by the name in the servers file. */
export interface MachinePins {
  get(server: string): Promise<MachineIdentity | undefined>;
  set(server: string, identity: MachineIdentity): Promise<void>;
}

/** The identity that a snapshot shows. Rejects with Refused when the server did not say who it is. */
export function identityOf(snapshot: Snapshot): MachineIdentity {
  const computerName = valueOf(snapshot.server.computerName);
  if (computerName === undefined || computerName === '') {
    throw new Refused('cannot-tell', 'The server did not report its own name, so nothing is done on it.');
  }
  return { computerName, machineId: valueOf(snapshot.machineId) ?? '' };
}

/** True where both describe the same machine. Names of Windows computers and GUIDs ignore case. */
export function sameMachine(a: MachineIdentity, b: MachineIdentity): boolean {
  return a.computerName.toLowerCase() === b.computerName.toLowerCase() && a.machineId.toLowerCase() === b.machineId.toLowerCase();
}

/** Checks a server against its pin, or pins it the first time. Rejects with Refused for another machine than the one pinned. */
export async function checkPin(server: string, identity: MachineIdentity, pins: MachinePins): Promise<'first' | 'same'> {
  const pinned = await pins.get(server);
  if (pinned === undefined) {
    await pins.set(server, identity);
    return 'first';
  }
  if (sameMachine(pinned, identity)) return 'same';
  throw new Refused(
    'cannot-tell',
    `'${server}' is another machine than before: it was ${describe(pinned)}, and ${describe(identity)} answers now. Check the address in the servers file; nothing was changed.`,
  );
}

function describe(identity: MachineIdentity): string {
  return identity.machineId === '' ? identity.computerName : `${identity.computerName} (${identity.machineId})`;
}
