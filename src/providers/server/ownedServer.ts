import type { ConnectServer } from '../../connect/server.ts';
import type { SessionTarget } from '../../session.ts';

/** One server of a servers file as its owner needs it. */
export interface OwnedServer {
  /** Unique over all files; the same as long as file and name are. */
  readonly key: string;
  readonly name: string;
  readonly target: SessionTarget;
  readonly claims: ConnectServer['claims'];
}
