import { OutgoingObject } from './fragment.ts';
import { zeroGuid } from './guid.ts';
import { Destination, encodeMessage } from './message.ts';

/** Bytes for one stream of the peer. */
export interface Outgoing {
  /** The pipeline; undefined for the pool. */
  readonly pipeline: string | undefined;
  /** Answers to host calls travel beside the ordinary input. */
  readonly promptResponse: boolean;
  readonly bytes: Uint8Array;
}

/** A message to be sent. `body` gives undefined while it cannot be written yet. */
export interface Draft {
  readonly type: number;
  readonly pool: string;
  readonly pipeline: string | undefined;
  readonly promptResponse: boolean;
  readonly body: () => string | undefined;
}

interface Entry {
  readonly draft: Draft;
  object: OutgoingObject | undefined;
}

/**
 * Messages on their way out. Each stream keeps its order; a message that waits for the session key holds back only
 * its own stream.
 */
export class Outbox {
  private readonly destination: number;
  private entries: Entry[] = [];
  private nextObject = 1n;

  constructor(destination: number = Destination.server) {
    this.destination = destination;
  }

  add(draft: Draft): void {
    const entry: Entry = { draft, object: undefined };
    this.write(entry);
    this.entries.push(entry);
  }

  /** Writes what had to wait. */
  build(): void {
    for (const entry of this.entries) if (entry.object === undefined) this.write(entry);
  }

  drop(pipeline: string): void {
    this.entries = this.entries.filter((e) => e.draft.pipeline !== pipeline);
  }

  get ready(): boolean {
    return this.first() >= 0;
  }

  /** Fragments of the first stream that has something to send, at most `room` bytes. */
  take(room: number): Outgoing | undefined {
    let index = this.first();
    const lead = this.entries[index]?.draft;
    if (lead === undefined) return undefined;
    const parts: Uint8Array[] = [];
    let left = room;
    while (index >= 0) {
      const object = this.entries[index]?.object;
      const bytes = object?.next(left);
      if (object === undefined || bytes === undefined) break;
      parts.push(bytes);
      left -= bytes.length;
      if (!object.done) break;
      this.entries.splice(index, 1);
      index = this.entries.findIndex((e) => sameStream(e.draft, lead));
    }
    return { pipeline: lead.pipeline, promptResponse: lead.promptResponse, bytes: parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts) };
  }

  private write(entry: Entry): void {
    const { draft } = entry;
    const body = draft.body();
    if (body === undefined) return;
    const message = { type: draft.type, pool: draft.pool, pipeline: draft.pipeline ?? zeroGuid, body };
    entry.object = new OutgoingObject(this.nextObject++, encodeMessage(message, this.destination));
  }

  /** The index of the first message that can go and that no earlier one of its stream holds back; -1 where none can. */
  private first(): number {
    const held = new Set<string>();
    for (const [i, { draft, object }] of this.entries.entries()) {
      const stream = `${draft.pipeline ?? ''} ${draft.promptResponse}`;
      if (object !== undefined && !held.has(stream)) return i;
      held.add(stream);
    }
    return -1;
  }
}

function sameStream(a: Draft, b: Draft): boolean {
  return a.pipeline === b.pipeline && a.promptResponse === b.promptResponse;
}
