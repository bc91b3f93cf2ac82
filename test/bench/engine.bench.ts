import { FrameReader, dataLine, elementLine } from '../../src/remote/outofproc/frame.ts';
import { PsrpClient } from '../../src/remote/psrp/client.ts';
import { PoolState } from '../../src/remote/psrp/events.ts';
import { zeroGuid } from '../../src/remote/psrp/guid.ts';
import { openEngine, startEngine } from '../protocol/engine.ts';
import type { Figure } from './figure.ts';
import { median } from './figure.ts';

const warmUps = 30;
const rounds = 100;
const recordCount = 10_000;

/** The least that any client can do: bytes made beforehand, nothing of what comes is read but the lines' kinds. */
class Bare {
  readonly client = new PsrpClient();
  private readonly reader = new FrameReader();
  private readonly write: (bytes: Uint8Array) => Promise<void>;
  private readonly incoming: AsyncIterator<Uint8Array>;
  private opening = true;
  private readonly seen: { kind: string; size: number }[] = [];

  constructor(channel: { write: (bytes: Uint8Array) => Promise<void>; incoming: AsyncIterable<Uint8Array> }) {
    this.write = (bytes) => channel.write(bytes);
    this.incoming = channel.incoming[Symbol.asyncIterator]();
  }

  /** Sends a line and reads until `count` lines of `kind` have come. */
  async exchange(line: Uint8Array, kind: string, count = 1): Promise<void> {
    await this.write(line);
    await this.until(kind, count);
  }

  async until(kind: string, count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const index = this.seen.findIndex((s) => s.kind === kind);
      if (index >= 0) {
        this.seen.splice(0, index + 1);
        left--;
        continue;
      }
      const next = await this.incoming.next();
      if (next.done === true) throw new Error('the engine has gone');
      this.reader.receive(next.value, (frame) => {
        this.seen.push({ kind: frame.kind, size: frame.data.length });
        if (this.opening && frame.guid === zeroGuid) this.client.receive(frame.data, undefined);
      });
    }
  }

  async open(): Promise<void> {
    this.client.open();
    const out = this.client.dataToSend(32768);
    if (out === undefined) throw new Error('nothing to send');
    await this.exchange(dataLine(zeroGuid, false, out.bytes), 'DataAck');
    for (;;) {
      const event = this.client.nextEvent();
      if (event?.type === 'pool-state' && event.state === PoolState.opened) break;
      if (event === undefined) await this.until('Data', 1);
    }
    this.opening = false;
  }

  /** One script from its command to its last line of data; `lines` of data are expected. */
  async run(script: string, lines: number): Promise<number> {
    const id = this.client.createPipeline({ script, parameters: {}, noInput: true, localScope: true });
    const create = this.client.dataToSend(32768);
    if (create === undefined) throw new Error('nothing to send');
    const start = performance.now();
    await this.exchange(elementLine('Command', id), 'CommandAck');
    await this.write(dataLine(id, false, create.bytes));
    await this.until('Data', lines);
    const end = performance.now();
    await this.exchange(elementLine('Close', id), 'CloseAck');
    this.client.forget(id);
    return end - start;
  }
}

/** A session on a real engine beside the least that any client would have to do, and how long opening takes. */
export async function run(): Promise<Figure[]> {
  const opening: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const engine = await openEngine();
    opening.push(performance.now() - start);
    await engine.close();
  }
  const engine = await openEngine();
  const { channel, remove } = await startEngine();
  const bare = new Bare(channel);
  await bare.open();
  const ours: number[] = [];
  const least: number[] = [];
  const work: number[] = [];
  // Turn by turn, so that what else the machine does meets both.
  for (let i = 0; i < warmUps + rounds; i++) {
    const before = process.cpuUsage();
    const start = performance.now();
    await engine.session.invoke('"hi"').result;
    const own = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    const other = await bare.run('"hi"', 2);
    if (i >= warmUps) {
      work.push((user + system) / 1000);
      ours.push(own);
      least.push(other);
    }
  }
  const flood = `foreach ($i in 1..${recordCount}) { $i }`;
  const ourFloods: number[] = [];
  const leastFloods: number[] = [];
  const floodWork: number[] = [];
  for (let i = 0; i < 4; i++) {
    leastFloods.push(await bare.run(flood, recordCount + 1));
    const before = process.cpuUsage();
    const start = performance.now();
    const { records } = await engine.run(flood);
    ourFloods.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    floodWork.push((user + system) / records.length);
  }
  const ourFlood = median(ourFloods);
  const leastFlood = median(leastFloods);
  await engine.close();
  await channel.close(1000);
  await remove();
  return [
    { name: 'spawn to open session', value: median(opening), unit: 'ms' },
    { name: 'warm one-line script', value: median(ours), unit: 'ms', beside: `bare exchange ${median(least).toFixed(2)} ms`, ratio: median(ours) / median(least) },
    { name: 'warm one-line script, processor time', value: median(work), unit: 'ms' },
    { name: 'warm one-line script, our share', value: median(ours) - median(least), unit: 'ms' },
    { name: 'records from the engine', value: (recordCount / ourFlood) * 1000, unit: 'records/s', beside: `bare exchange ${((recordCount / leastFlood) * 1000).toFixed(0)}`, ratio: leastFlood / ourFlood },
    { name: 'processor time for each of them', value: median(floodWork), unit: 'µs' },
  ];
}
