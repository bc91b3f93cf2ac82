import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ProtocolError } from '../../../src/remote/psrp/error.ts';
import type { HttpResponse } from '../../../src/remote/wsman/http-message.ts';
import { ResponseReader, writePost } from '../../../src/remote/wsman/http-message.ts';

function read(text: string, cuts: readonly number[] = []): HttpResponse | undefined {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new ResponseReader({ head: 4096, body: 10_000 });
  let at = 0;
  let response: HttpResponse | undefined;
  for (const cut of [...cuts, bytes.length]) {
    const end = Math.min(bytes.length, at + Math.max(1, cut));
    if (at < end) response = reader.receive(bytes.subarray(at, end));
    at = end;
  }
  return response ?? reader.end();
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n';
const sized = 'HTTP/1.1 401 \r\nWWW-Authenticate: Negotiate abc\r\nwww-authenticate:Basic realm="x"\r\nContent-Length: 3\r\nConnection: Keep-Alive\r\n\r\nabc';

describe('HTTP answers', () => {
  it('have a body of the length that they say', () => {
    const response = read(sized);
    assert.equal(response?.status, 401);
    assert.deepEqual(response.headers.get('www-authenticate'), ['Negotiate abc', 'Basic realm="x"']);
    assert.equal(response.body.toString(), 'abc');
    assert.equal(response.keepsAlive, true);
  });

  it('come in chunks, with extensions and trailers', () => {
    assert.equal(read(chunked)?.body.toString(), 'hello 0123456789');
  });

  it('end with the connection where they say no length', () => {
    const response = read('HTTP/1.1 200 OK\r\n\r\nto the end');
    assert.equal(response?.body.toString(), 'to the end');
    assert.equal(response.keepsAlive, false);
  });

  it('may follow interim answers', () => {
    assert.equal(read(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n${sized}`)?.status, 401);
  });

  it('tell whether the connection stays', () => {
    assert.equal(read('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')?.keepsAlive, false);
    assert.equal(read('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n')?.keepsAlive, false);
    assert.equal(read('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n')?.keepsAlive, true);
    assert.equal(read('HTTP/1.1 204 No Content\r\n\r\n')?.keepsAlive, true);
  });

  it('are the same however the bytes arrive', () => {
    fc.assert(fc.property(fc.constantFrom(sized, chunked), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (text, cuts) => {
      assert.deepEqual(read(text, cuts), read(text));
    }), { seed: 1, numRuns: 300 });
  });

  it('are incomplete when the connection ends early', () => {
    for (const text of [sized, chunked]) for (let length = 0; length < text.length; length++) assert.equal(read(text.slice(0, length)), undefined);
  });

  for (const [what, text] of Object.entries({
    'another protocol': 'SSH-2.0-OpenSSH_9.2\r\n',
    'HTTP/2': 'HTTP/2 200\r\n\r\n',
    'a header without a colon': 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n',
    'a folded header': 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n',
    'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
    'a length that is no number': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'an unknown coding': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
    'compression': 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n',
    'a chunk without a size': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    'a chunk that is longer than it said': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n',
    'more bytes than said': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab',
  })) {
    it(`are refused: ${what}`, () => {
      assert.throws(() => read(text), ProtocolError);
    });
  }

  for (const [what, text] of Object.entries({
    'a head without an end': `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(5000)}`,
    'too many headers': `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(300)}\r\n`,
    'a body that is announced too long': 'HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n',
    'a chunk that is announced too long': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n',
    'chunks that never end': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(10_001)}`,
    'a body without a length that never ends': `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(10_001)}`,
    'trailers that never end': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(1000)}`,
  })) {
    it(`are bounded: ${what}`, () => {
      assert.throws(() => read(text), (error: ProtocolError) => error.reason === 'limit-exceeded');
    });
  }

  it('answer requests whose headers cannot be split', () => {
    assert.throws(() => writePost('/wsman', { Authorization: 'a\r\nX: y' }, Buffer.alloc(0)), /line break/);
    assert.equal(writePost('/wsman', { A: 'b' }, Buffer.from('cd')).toString(), 'POST /wsman HTTP/1.1\r\nA: b\r\nContent-Length: 2\r\n\r\ncd');
  });
});
