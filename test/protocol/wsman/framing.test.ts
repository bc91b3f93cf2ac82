import assert from 'node:assert/strict';
import { ProtocolError } from '../../../src/remote/psrp/error.ts';
import { isSealedType, readSealed, sealedType, writeSealed } from '../../../src/remote/wsman/framing.ts';

const spnego = 'application/HTTP-SPNEGO-session-encrypted';
const header = Buffer.alloc(16, 7);
/** Ciphertext that looks like everything the framing looks for. */
const nasty = Buffer.from('--Encrypted Boundary--\r\n\tContent-Type: application/octet-stream\r\n;Length=5\r\n-- Encrypted Boundary', 'latin1');

function frame(options: { start?: string; inner?: string; end?: string; newline?: string; length?: number; type?: string; data?: Buffer } = {}): Buffer {
  const { start = '--Encrypted Boundary', inner = '--Encrypted Boundary', end = '--Encrypted Boundary--\r\n', newline = '\r\n', type = spnego, data = nasty } = options;
  const size = Buffer.alloc(4);
  size.writeInt32LE(header.length);
  return Buffer.concat([
    Buffer.from(`${start}${newline}\tContent-Type: ${type}${newline}\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=${options.length ?? data.length}${newline}${inner}${newline}\tContent-Type: application/octet-stream${newline}`),
    size, header, data, Buffer.from(end),
  ]);
}

describe('sealed bodies', () => {
  it('are written byte by byte as MS-WSMV has them', () => {
    const body = writeSealed(spnego, 3, { header: Buffer.from([1, 2]), data: Buffer.from('abc'), padding: 1 });
    assert.equal(body.toString('latin1'), '--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=4\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\u0002\u0000\u0000\u0000\u0001\u0002abc--Encrypted Boundary--\r\n');
    assert.equal(sealedType(spnego), 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"');
  });

  it('come apart again, whatever the ciphertext looks like', () => {
    assert.deepEqual(readSealed(writeSealed('application/HTTP-Kerberos-session-encrypted', nasty.length, { header, data: nasty, padding: 0 })), [{ header, data: nasty }]);
  });

  for (const [what, options] of Object.entries({
    'as Exchange spells the boundary': { start: '-- Encrypted Boundary', inner: '-- Encrypted Boundary', end: '-- Encrypted Boundary--\r\n' },
    'without the hyphens of the end': { end: '--Encrypted Boundary\r\n' },
    'without a line end at the end': { end: '--Encrypted Boundary--' },
    'without an end': { end: '' },
    'with bare line feeds': { newline: '\n' },
    'with empty content': { data: Buffer.alloc(0) },
  })) {
    it(`are read ${what}`, () => {
      assert.deepEqual(readSealed(frame(options)), [{ header, data: 'data' in options ? options.data : nasty }]);
    });
  }

  it('are read in several parts, as CredSSP cuts them', () => {
    const first = frame({ end: '' });
    assert.deepEqual(readSealed(Buffer.concat([first, frame()])).length, 2);
  });

  for (const [what, body] of Object.entries({
    'nothing': Buffer.alloc(0),
    'no boundary': Buffer.from('hello'),
    'plain SOAP': Buffer.from('<s:Envelope/>'),
    'a length beyond the body': frame({ length: 1_000_000 }),
    'a length short of the content': frame({ length: 3 }),
    'no length': Buffer.from(frame().toString('latin1').replace(/;Length=\d+/, ''), 'latin1'),
    'only the first part': frame().subarray(0, 60),
    'an endless head': Buffer.from(`--Encrypted Boundary\r\n${'\tX: y\r\n'.repeat(100_000)}`),
    'a negative header size': Buffer.concat([frame({ data: Buffer.alloc(0), end: '' }).subarray(0, -20), Buffer.from([255, 255, 255, 255]), header]),
  })) {
    it(`are refused: ${what}`, () => {
      assert.throws(() => readSealed(body), ProtocolError);
    });
  }

  it('are told by their type', () => {
    assert.ok(isSealedType(sealedType(spnego)));
    assert.ok(isSealedType('multipart/x-multi-encrypted;protocol="application/HTTP-CredSSP-session-encrypted"'));
    assert.ok(!isSealedType('application/soap+xml;charset=UTF-8'));
    assert.ok(!isSealedType('text/html; x="multipart/encrypted"'));
  });
});
