import { XMLParser } from 'fast-xml-parser';
import { decode } from '../../src/remote/clixml/decode.ts';
import { encode } from '../../src/remote/clixml/encode.ts';
import { psObject } from '../../src/remote/clixml/values.ts';
import type { PSValue } from '../../src/session.ts';
import type { Figure } from './figure.ts';

/** A record as the event reader's scripts emit it: flat, short strings, some escapes. */
function sample(i: number): PSValue {
  return psObject(['System.Management.Automation.PSCustomObject', 'System.Object'], {
    log: 'Application', recordId: BigInt(i) * 7919n, time: '2026-03-01T12:00:00.0000000Z', id: 6208 + (i % 20), level: i % 5,
    provider: 'ADSync', message: `The server encryption keys could not be accessed.\r\nUser action: check <account> & key set ${i}.`, handled: i % 2 === 0,
  });
}

/** What somebody would write on a general parser: the same values out of its tree, for the tags of the sample. */
function besideDecoder(): (xml: string) => unknown {
  const parser = new XMLParser({ ignoreAttributes: false, preserveOrder: true, trimValues: false, parseTagValue: false });
  interface Node { readonly [tag: string]: unknown; readonly ':@'?: Readonly<Record<string, string>> }
  const text = (children: readonly Node[]): string => {
    const raw = children[0]?.['#text'];
    return typeof raw === 'string' ? raw.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : '';
  };
  const value = (node: Node): unknown => {
    const tag = Object.keys(node).find((k) => k !== ':@') ?? '';
    const children = node[tag] as readonly Node[];
    switch (tag) {
      case 'S': return text(children);
      case 'I32': return Number(text(children));
      case 'I64': return BigInt(text(children));
      case 'B': return text(children) === 'true';
      case 'Obj': {
        const made: Record<string, unknown> = {};
        for (const part of children) {
          for (const property of (part['MS'] ?? part['Props'] ?? []) as readonly Node[]) made[property[':@']?.['@_N'] ?? ''] = value(property);
        }
        return made;
      }
      default: return null;
    }
  };
  return (xml) => value((parser.parse(xml) as readonly Node[])[0] ?? {});
}

/** Processor time of this process so far, in milliseconds: it does not count what others do on the machine. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Decodes the documents over and over for about `milliseconds` of processor time; returns bytes per second of it. */
function rate(documents: readonly string[], milliseconds: number, read: (xml: string) => unknown): number {
  const bytes = documents.reduce((sum, d) => sum + Buffer.byteLength(d), 0);
  let done = 0;
  const start = cpu();
  let now = start;
  do {
    for (const document of documents) read(document);
    done += bytes;
    now = cpu();
  } while (now - start < milliseconds);
  return (done / (now - start)) * 1000;
}

/** Decoding CLIXML: our scanner and a general XML parser on the same records in the same run. */
export function run(): Promise<Figure[]> {
  const records = Array.from({ length: 1000 }, (_, i) => encode(sample(i)));
  const strings = Array.from({ length: 10 }, (_, i) => encode('A line of plain text. '.repeat(10_000) + i.toString()));
  const beside = besideDecoder();
  rate(records, 300, decode);
  rate(records.slice(0, 100), 300, beside);
  const own = rate(records, 1500, decode);
  const other = rate(records, 1500, beside);
  const long = rate(strings, 500, decode);
  const average = records.reduce((sum, d) => sum + d.length, 0) / records.length;
  return Promise.resolve([
    { name: 'CLIXML decode, flat records', value: own / 1e6, unit: 'MB/s', beside: `fast-xml-parser ${(other / 1e6).toFixed(1)} MB/s`, ratio: own / other },
    { name: 'CLIXML decode, flat records', value: own / average / 1000, unit: 'thousand records/s' },
    { name: 'CLIXML decode, long strings', value: long / 1e6, unit: 'MB/s' },
  ]);
}
