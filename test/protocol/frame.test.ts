import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Frame } from '../../src/remote/outofproc/frame.ts';
import { dataLine, elementLine, FrameReader } from '../../src/remote/outofproc/frame.ts';
import { ProtocolError } from '../../src/remote/psrp/error.ts';
import { newGuid, zeroGuid } from '../../src/remote/psrp/guid.ts';
import { cases } from '../cases.ts';

const guid = '1c3a6f1e-0000-4000-8000-00000000abcd';

function read(pieces: readonly (string | Uint8Array)[]): { frames: Frame[]; reader: FrameReader } {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  for (const piece of pieces) reader.receive(typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece, (f) => frames.push(f));
  return { frames, reader };
}

describe('the line framing', () => {
  it('writes what the server\'s parser takes', () => {
    assert.equal(Buffer.from(dataLine(zeroGuid, false, Buffer.from('hi'))).toString(), `<Data Stream='Default' PSGuid='${zeroGuid}'>aGk=</Data>\n`);
    assert.equal(Buffer.from(dataLine(guid, true, Buffer.from('hi'))).toString(), `<Data Stream='PromptResponse' PSGuid='${guid}'>aGk=</Data>\n`);
    assert.equal(Buffer.from(elementLine('Signal', guid)).toString(), `<Signal PSGuid='${guid}' />\n`);
  });

  it('reads what was written, however the stream is cut', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 60 }), (blobs, cuts) => {
      const stream = Buffer.concat(blobs.flatMap((b) => [dataLine(guid, b.length % 2 === 0, b), elementLine('DataAck', guid)]));
      const pieces: Uint8Array[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(stream.subarray(at, at + cut));
        at += cut;
      }
      pieces.push(stream.subarray(at));
      const { frames } = read(pieces);
      assert.deepEqual(frames.filter((f) => f.kind === 'Data').map((f) => [Uint8Array.from(f.data), f.promptResponse]), blobs.map((b) => [b, b.length % 2 === 0]));
      assert.equal(frames.filter((f) => f.kind === 'DataAck').length, blobs.length);
    }), cases(300));
  });

  it('takes either quote, CRLF, upper-case GUIDs, no space before the end', () => {
    const { frames } = read([`<DataAck PSGuid="${guid.toUpperCase()}"/>\r\n<Data Stream="Default" PSGuid="${guid}">aGk=</Data>\r\n\r\n\n`]);
    assert.deepEqual(frames.map((f) => [f.kind, f.guid, Buffer.from(f.data).toString()]), [['DataAck', guid, ''], ['Data', guid, 'hi']]);
  });

  const greetings: readonly (readonly [name: string, bytes: string | Buffer])[] = [
    ['a byte order mark', '\ufeff'],
    ['a UTF-16 byte order mark', Buffer.from([0xff, 0xfe])],
    ['empty lines', '\r\n\n\r\n'],
    ['a banner', 'Welcome to CONTOSO.\r\nAuthorized use only!\r\n'],
    ['a banner without an end of line', 'Loading profile... '],
    ['a banner with markup', '<b>Welcome</b>\n<Data>\n<Data Stream=x>\n'],
    ['control sequences', '\u001b[2J\u001b[H\u0007'],
    ['bytes that are no text', Buffer.from([0, 255, 254, 10, 128, 10])],
  ];
  for (const [name, bytes] of greetings) {
    it(`begins after ${name}`, () => {
      const { frames, reader } = read([bytes, elementLine('CommandAck', guid)]);
      assert.deepEqual(frames.map((f) => f.kind), ['CommandAck']);
      assert.equal(reader.sawElement, true);
    });
  }

  it('keeps the beginning of what came before, for the error message', () => {
    const { reader } = read(['Access is denied.\r\n', 'and more']);
    assert.equal(reader.sawElement, false);
    assert.ok((reader.noise + reader.rest).startsWith('Access is denied.\r\nand more') || (reader.noise + reader.rest).includes('Access is denied.'));
    assert.equal(reader.rest, 'and more');
    assert.ok(read(['x'.repeat(5000) + '\n'.repeat(3)]).reader.noise.length <= 2010);
  });

  const refused: readonly (readonly [name: string, line: string])[] = [
    ['text after the protocol has begun', 'hello\n'],
    ['base64 that is none', `<Data Stream='Default' PSGuid='${guid}'>a!Gk</Data>\n`],
    ['base64 that was cut', `<Data Stream='Default' PSGuid='${guid}'>aGk</Data>\n`],
    ['a line that was cut', `<Data Stream='Default' PSGuid='${guid}'>aGk=\n`],
    ['padding in the middle', `<Data Stream='Default' PSGuid='${guid}'>aG==aGk=</Data>\n`],
    ['two elements on a line', `<DataAck PSGuid='${guid}' /><DataAck PSGuid='${guid}' />\n`],
    ['an unknown element', `<Hello PSGuid='${guid}' />\n`],
    ['an unknown stream', `<Data Stream='Other' PSGuid='${guid}'>aGk=</Data>\n`],
    ['a third attribute', `<Data Stream='Default' PSGuid='${guid}' X='y'>aGk=</Data>\n`],
    ['no GUID', "<DataAck PSGuid='' />\n"],
  ];
  for (const [name, line] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => read([elementLine('DataAck', guid), line]), (e: ProtocolError) => e instanceof ProtocolError && e.reason === 'bad-peer' && (e.quoted ?? '').includes(line.trim().slice(0, 20)));
    });
  }

  it('does not collect for ever: a line without an end, noise without an end', () => {
    const endless = function* (chunk: string, count: number): Generator<string> {
      for (let i = 0; i < count; i++) yield chunk;
    };
    assert.throws(() => read([...endless('x'.repeat(100_000), 20)]), (e: ProtocolError) => e.reason === 'limit-exceeded');
    assert.throws(() => read([...endless(`${'x'.repeat(99_999)}\n`, 20)]), (e: ProtocolError) => e.reason === 'limit-exceeded');
    assert.throws(() => read([elementLine('DataAck', newGuid()), ...endless('x'.repeat(1_000_000), 40)]), (e: ProtocolError) => e.reason === 'limit-exceeded');
  });
});
