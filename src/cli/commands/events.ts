import { plain } from '../../connect/evidence.ts';
import { isConnectionLost } from '../../connect/run-errors.ts';
import type { EventBatch } from '../../events/event-batch.ts';
import type { LogEnd } from '../../events/reading/log-reading.ts';
import { readEvents } from '../../events/reading/read-events.ts';
import { tailEvents } from '../../events/reading/tail-events.ts';
import type { TailPoint } from '../../events/reading/tail-point.ts';
import { rowsOf } from '../event-lines.ts';
import { eventOptions, type EventOptions } from '../event-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interrupted.ts';
import type { CliPorts } from '../io.ts';
import { ReachedServer } from '../reached-server.ts';
import { Secrets } from '../secrets.ts';
import { readServers, selectServers } from '../servers.ts';

/** Waits before a lost connection is made anew while following, in milliseconds; the last one stays. */
const reconnectDelays = [1_000, 4_000, 15_000, 60_000] as const;

/** `events`: prints the events of one server as they come, log after log and newest first; with --follow also what is written from then on; with --support writes a package instead. */
export async function eventsCommand(ports: CliPorts, words: readonly string[]): Promise<number> {
  const options = eventOptions(words, ports.clock.now());
  const [listed] = selectServers(await readServers(ports.io, options.servers), [options.server], undefined);
  if (listed === undefined) return exitCodes.wrongCall;
  const secrets = new Secrets(ports.io);
  await using server = new ReachedServer(listed.target, ports, secrets);
  const { support } = options;
  if (support !== undefined) {
    const { saveSupportPackage } = await import('../support-package.ts');
    await interruptible(ports.io, async (signal) => { await saveSupportPackage(ports, { server, transport: listed.target.transport, secrets, file: support }, signal); });
    return exitCodes.done;
  }
  const printer = new EventPrinter(ports, options, server.name);
  try {
    await interruptible(ports.io, async (interrupted) => {
      const signal = ports.io.unread === undefined ? interrupted : AbortSignal.any([interrupted, ports.io.unread]);
      const points = new Map<string, TailPoint>();
      if (options.past) await readPast(server, options, printer, points, signal);
      if (options.follow) await follow(server, ports, options, printer, points, signal);
    });
  } catch (error) {
    // Whoever read the output has seen enough.
    if (ports.io.unread?.aborted !== true) throw error;
  }
  return printer.unreadable ? exitCodes.unreachable : exitCodes.done;
}

async function readPast(server: ReachedServer, options: EventOptions, printer: EventPrinter, points: Map<string, TailPoint>, signal: AbortSignal): Promise<void> {
  const session = await server.session(signal);
  for (const selection of options.logs) {
    let newest = 0;
    let anchor: TailPoint['anchor'];
    for await (const reading of readEvents(session, [selection], { signal, firstPage: Math.min(50, selection.limit ?? 50) })) {
      if (reading.kind === 'reach') newest = reading.reach.newest ?? 0;
      else if (reading.kind === 'batch') {
        anchor ??= { recordId: reading.batch.recordId[0] ?? 0, time: reading.batch.time[0] ?? 0 };
        await printer.batch(reading.batch);
      } else {
        printer.end(reading.end);
        if (reading.end.outcome === 'read') points.set(selection.log, { recordId: Math.max(newest, anchor?.recordId ?? 0), anchor });
      }
    }
  }
}

async function follow(server: ReachedServer, ports: CliPorts, options: EventOptions, printer: EventPrinter, points: Map<string, TailPoint>, signal: AbortSignal): Promise<void> {
  const delay = (milliseconds: number, until: AbortSignal): Promise<void> => ports.clock.delay(milliseconds, until);
  // What could not be read a moment ago was told, and is not followed.
  const logs = options.past ? options.logs.filter(({ log }) => points.has(log)) : options.logs;
  for (let lost = 0; ;) {
    try {
      for await (const news of tailEvents(await server.session(signal), logs, { signal, delay, points })) {
        lost = 0;
        if (news.kind === 'batch') await printer.batch(news.batch);
        else if (news.kind === 'end') printer.end(news.end);
        else printer.note(news.kind === 'cleared' ? `The log ${news.log} was emptied.` : `The log ${news.log} is full: its events ${news.from} to ${news.to} were overwritten before they were read.`);
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isConnectionLost(error)) throw error;
      printer.note('The connection was lost; connecting again.');
      await delay(reconnectDelays[Math.min(lost++, reconnectDelays.length - 1)] ?? 0, signal);
    }
  }
}

/** Prints rows as fast as they are read on the other side, and everything else on standard error. */
class EventPrinter {
  unreadable = false;
  readonly #ports: CliPorts;
  readonly #options: EventOptions;
  readonly #server: string;
  #head: string;

  constructor(ports: CliPorts, options: EventOptions, server: string) {
    this.#ports = ports;
    this.#options = options;
    this.#server = server;
    this.#head = options.format.head;
  }

  async batch(batch: EventBatch): Promise<void> {
    const { text, format } = this.#options;
    const rows = rowsOf(this.#server, batch).filter(({ message, data, provider }) => text === undefined || [message ?? '', provider, ...data].some((part) => part.toLowerCase().includes(text)));
    if (rows.length === 0) return;
    this.#ports.io.out(this.#head + rows.map(format.line).join(''));
    this.#head = '';
    await this.#ports.io.drained?.();
  }

  end({ log, outcome, detail }: LogEnd): void {
    if (outcome === 'read') return;
    // Of the logs that nobody named, one may be refused: Security needs more rights than the rest.
    if (this.#options.named || outcome === 'failed') this.unreadable = true;
    const why = { missing: 'The server has no such log.', denied: 'This account may not read it: it takes an administrator, or a member of Event Log Readers.', failed: 'Windows could not read it.' }[outcome];
    this.note(`${log}: ${why}${detail === '' ? '' : ` It said: ${detail}`}`);
  }

  note(text: string): void {
    this.#ports.io.err(`${this.#server}: ${plain(text)}\n`);
  }
}
