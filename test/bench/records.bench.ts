import { FrameReader, dataLine } from '../../src/remote/outofproc/frame.ts';
import { PsrpClient } from '../../src/remote/psrp/client.ts';
import { OutgoingObject } from '../../src/remote/psrp/fragment.ts';
import { newGuid } from '../../src/remote/psrp/guid.ts';
import { Destination, encodeMessage, MessageType } from '../../src/remote/psrp/message.ts';
import type { Figure } from './figure.ts';

const count = 50_000;
const chunkSize = 64 * 1024;

/** Processor time of this process so far, in milliseconds. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** From bytes of the line framing to records, without a process or a socket: what one small record costs this side. */
export function run(): Promise<Figure[]> {
  const client = new PsrpClient();
  const pipeline = client.createPipeline({ script: '', parameters: {}, noInput: true, localScope: true });
  const pool = newGuid();
  const lines = Array.from({ length: count }, (_, i) => {
    const message = encodeMessage({ type: MessageType.pipelineOutput, pool, pipeline, body: `\ufeff<I32>${i}</I32>` }, Destination.client);
    return dataLine(pipeline, false, new OutgoingObject(BigInt(i + 1), message).next(chunkSize) ?? new Uint8Array());
  });
  const stream = Buffer.concat(lines);
  const chunks = Array.from({ length: Math.ceil(stream.length / chunkSize) }, (_, i) => stream.subarray(i * chunkSize, (i + 1) * chunkSize));
  const pass = (): number => {
    const reader = new FrameReader();
    let records = 0;
    const start = cpu();
    for (const chunk of chunks) {
      reader.receive(chunk, (frame) => {
        client.receive(frame.data, frame.guid);
        for (let event = client.nextEvent(); event !== undefined; event = client.nextEvent()) if (event.type === 'record') records++;
      });
    }
    const took = cpu() - start;
    if (records !== count) throw new Error(`${records} of ${count} records came`);
    return took;
  };
  const times = Array.from({ length: 8 }, pass).slice(3);
  const best = Math.min(...times);
  return Promise.resolve([
    { name: 'small records, bytes to values', value: count / best, unit: 'thousand records/s' },
    { name: 'small records, framing and base64', value: stream.length / best / 1000, unit: 'MB/s' },
  ]);
}
