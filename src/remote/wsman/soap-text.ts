import { isAscii } from 'node:buffer';

/** A SOAP answer as text, with the bulky output left out of it. */
export interface SoapText {
  readonly text: string;
  /** Where in `text` output was left out, and its bytes: base64 as it came. */
  readonly bulk: ReadonlyMap<number, Buffer>;
}

/** Output of fewer bytes than this stays in the text. */
const bulky = 4096;
const lessThan = 0x3c;
/** The start tag of output (MS-WSMV 2.2.4.31). */
const streamTag = /^<(?:[\w.-]+:)?Stream(?:\s[^<>]*)?[^<>/]$|^<(?:[\w.-]+:)?Stream$/;
const longestTag = 512;
const none: ReadonlyMap<number, Buffer> = new Map();

/**
 * Decodes an answer. Output makes up nearly all of a large one and is base64, so it is left as bytes: a string of half a
 * megabyte costs more than everything that is done with it afterwards.
 */
export function readSoapText(bytes: Buffer): SoapText {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString('utf16le', 2), bulk: none };
  if (bytes.length < bulky) return { text: bytes.toString('utf8'), bulk: none };
  const bulk = new Map<number, Buffer>();
  let text = '';
  let kept = 0;
  for (let at = bytes.indexOf(lessThan); at >= 0;) {
    const next = bytes.indexOf(lessThan, at + 1);
    if (next < 0) break;
    if (next - at >= bulky) {
      const from = startOfOutput(bytes, at);
      if (from !== undefined && next - from >= bulky && isAscii(bytes.subarray(from, next))) {
        text += bytes.toString('utf8', kept, from);
        bulk.set(text.length, bytes.subarray(from, next));
        kept = next;
      }
    }
    at = next;
  }
  return { text: text + bytes.toString('utf8', kept), bulk };
}

/** Where the text after a start tag of output begins; undefined where another tag is there. */
function startOfOutput(bytes: Buffer, at: number): number | undefined {
  const head = bytes.toString('latin1', at, at + longestTag);
  const end = head.indexOf('>');
  return end >= 0 && streamTag.test(head.slice(0, end)) ? at + end + 1 : undefined;
}
