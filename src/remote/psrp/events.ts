import type { PSValue, RemoteErrorRecord, StreamRecord } from '../../session.ts';
import type { HostCall } from './hostCall.ts';

/** States of a runspace pool (MS-PSRP 2.2.3.4). */
export const PoolState = {
  beforeOpen: 0, opening: 1, opened: 2, closed: 3, closing: 4, broken: 5, negotiationSent: 6, negotiationSucceeded: 7, connecting: 8,
} as const;

/** States of a pipeline (MS-PSRP 2.2.3.5). */
export const PipelineState = { notStarted: 0, running: 1, stopping: 2, stopped: 3, completed: 4, failed: 5, disconnected: 6 } as const;

/** What the machine reports, in the order in which it arrived. */
export type ClientEvent =
  | { readonly type: 'negotiated'; readonly protocolVersion: string }
  | { readonly type: 'pool-state'; readonly state: number; readonly error: RemoteErrorRecord | undefined }
  /** A session key is needed: hand a key pair to `exchangeKey`. Comes at most once. */
  | { readonly type: 'key-needed' }
  | { readonly type: 'key-ready' }
  | { readonly type: 'record'; readonly pipeline: string; readonly record: StreamRecord; /** Bytes of its message. */ readonly size: number }
  | { readonly type: 'host-call'; readonly call: HostCall }
  | { readonly type: 'pipeline-state'; readonly pipeline: string; readonly state: number; readonly error: RemoteErrorRecord | undefined }
  /** What the server says about itself, a dictionary, when the pool opens. */
  | { readonly type: 'private-data'; readonly value: PSValue }
  /** A pool that another client had left has taken this one (MS-PSRP 2.2.2.30). */
  | { readonly type: 'connected' }
  | { readonly type: 'user-event'; readonly value: PSValue };
