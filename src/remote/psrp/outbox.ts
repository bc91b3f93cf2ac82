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

/** The messages of one stream, in order. */
interface Stream {
  readonly pipeline: string | undefined;
  readonly promptResponse: boolean;
  entries: Entry[];
  head: number;
}

/**
 * Messages on their way out. Each stream keeps its order; a message that waits for the session key holds back only
 * its own stream, and streams take turns.
 */
export class Outbox {
  private readonly destination: number;
  private readonly streams = new Map<string, Stream>();
  private nextObject = 1n;

  constructor(destination: number = Destination.server) {
    this.destination = destination;
  }

  add(draft: Draft): void {
    const { pipeline, promptResponse } = draft;
    const entry: Entry = { draft, object: undefined };
    this.write(entry);
    const key = keyOf(draft);
    const stream = this.streams.get(key);
    if (stream === undefined) this.streams.set(key, { pipeline, promptResponse, entries: [entry], head: 0 });
    else stream.entries.push(entry);
  }

  /** Writes what had to wait. */
  build(): void {
    for (const { entries, head } of this.streams.values()) {
      for (const entry of entries.slice(head)) if (entry.object === undefined) this.write(entry);
    }
  }

  drop(pipeline: string): void {
    for (const [key, stream] of this.streams) if (stream.pipeline === pipeline) this.streams.delete(key);
  }

  get ready(): boolean {
    return this.first() !== undefined;
  }

  /** Fragments of the next stream that has something to send, at most `room` bytes. */
  take(room: number): Outgoing | undefined {
    const stream = this.first();
    if (stream === undefined) return undefined;
    const parts: Uint8Array[] = [];
    let left = room;
    for (let object = stream.entries[stream.head]?.object; object !== undefined; object = stream.entries[stream.head]?.object) {
      const bytes = object.next(left);
      if (bytes === undefined) break;
      parts.push(bytes);
      left -= bytes.length;
      if (!object.done) break;
      stream.head++;
    }
    const key = keyOf(stream);
    this.streams.delete(key);
    if (stream.head < stream.entries.length) {
      if (stream.head > 1000) {
        stream.entries = stream.entries.slice(stream.head);
        stream.head = 0;
      }
      this.streams.set(key, stream);
    }
    return { pipeline: stream.pipeline, promptResponse: stream.promptResponse, bytes: parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts) };
  }

  private write(entry: Entry): void {
    const { draft } = entry;
    const body = draft.body();
    if (body === undefined) return;
    const message = { type: draft.type, pool: draft.pool, pipeline: draft.pipeline ?? zeroGuid, body };
    entry.object = new OutgoingObject(this.nextObject++, encodeMessage(message, this.destination));
  }

  /** The first stream whose next message can go. */
  private first(): Stream | undefined {
    for (const stream of this.streams.values()) if (stream.entries[stream.head]?.object !== undefined) return stream;
    return undefined;
  }
}

function keyOf(of: { readonly pipeline: string | undefined; readonly promptResponse: boolean }): string {
  return `${of.pipeline ?? ''} ${of.promptResponse}`;
}
