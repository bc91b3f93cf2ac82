import type { ConnectServer } from '../../connect/server.ts';
import type { SessionTarget } from '../../session.ts';

/** One server of a servers file as its owner needs it. */
export interface OwnedServer {
  /** Unique over all files; the same as long as file and name are. */
  readonly key: string;
  readonly name: string;
  /** The servers file: its path, or its URI where it is no file of this machine. Machine identities are pinned by it. */
  readonly file: string;
  readonly target: SessionTarget;
  readonly claims: ConnectServer['claims'];
}
