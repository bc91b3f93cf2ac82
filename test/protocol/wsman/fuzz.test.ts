import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ProtocolError } from '../../../src/remote/psrp/error.ts';
import { connectFragments, createdSelectors, listContext, listedCommands, listedShells, readAnswer, readReceived } from '../../../src/remote/wsman/answer.ts';
import { readFault } from '../../../src/remote/wsman/fault.ts';
import { readSealed, writeSealed } from '../../../src/remote/wsman/framing.ts';
import { ResponseReader } from '../../../src/remote/wsman/http-message.ts';
import { parseXml } from '../../../src/remote/wsman/xml.ts';
import { cases, fuzzing } from '../../cases.ts';
import { fault } from './fake-server.ts';

const received = '<s:Envelope xmlns:s="x" xmlns:a="y" xmlns:rsp="z"><s:Header><a:RelatesTo>uuid:1</a:RelatesTo></s:Header><s:Body><rsp:ReceiveResponse><rsp:Stream Name="stdout" CommandId="FFFFFFFF-0000-1111-2222-333333333333">AAEC&#x41;w==</rsp:Stream><rsp:CommandState CommandId="X" State="u/CommandState/Done"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse></s:Body></s:Envelope>';
const created = '<s:Envelope xmlns:s="x"><s:Body><x:ResourceCreated xmlns:x="t"><w:SelectorSet xmlns:w="w"><w:Selector Name="ShellId">ABC</w:Selector></w:SelectorSet></x:ResourceCreated></s:Body></s:Envelope>';
const listed = '<s:Envelope xmlns:s="x"><s:Body><n:EnumerateResponse xmlns:n="n"><n:EnumerationContext/><w:Items xmlns:w="w"><rsp:Shell xmlns:rsp="r"><rsp:ShellId>FFFFFFFF-0000-1111-2222-333333333333</rsp:ShellId><rsp:State>Disconnected</rsp:State><rsp:ResourceUri>http://schemas.microsoft.com/powershell/Microsoft.PowerShell</rsp:ResourceUri></rsp:Shell></w:Items><w:EndOfSequence xmlns:w="w"/></n:EnumerateResponse></s:Body></s:Envelope>';
const answers = [received, created, listed, fault('uuid:1', 5, 'AccessDenied', 'no', '<f:X>y</f:X>'), '<s:Envelope xmlns:s="x"><s:Body><rsp:ConnectResponse xmlns:rsp="r"><connectResponseXml>AAAA</connectResponseXml></rsp:ConnectResponse></s:Body></s:Envelope>'].map((text) => Buffer.from(text));
const heads = ['HTTP/1.1 200 OK\r\nContent-Type: multipart/encrypted\r\nContent-Length: 5\r\n\r\nhello', 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate TlRM\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 x\r\n\r\nrest'].map((text) => Buffer.from(text));
const sealed = [writeSealed('application/HTTP-SPNEGO-session-encrypted', 40, { header: Buffer.alloc(16, 1), data: Buffer.alloc(40, 2), padding: 0 })];

/** In the suite the same cases each time. */
const tries = (seed: number): { readonly numRuns: number; readonly seed?: number } => ({ ...cases(20_000), ...fuzzing ? {} : { seed } });

/** Bytes changed, cut out, doubled, or another document's put in. */
function mutations(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const spot = fc.nat({ max: 5000 });
  const change = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at: spot, bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('insert' as const), at: spot, bytes: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom('<', '>', '&', '"', '<![CDATA[', '<!--', '</', '&#x', '\r\n', 'Content-Length: 9', '--Encrypted Boundary', ';Length=3').map((text) => Buffer.from(text))) }),
    fc.record({ kind: fc.constant('cut' as const), at: spot, length: fc.nat({ max: 60 }) }),
    fc.record({ kind: fc.constant('double' as const), at: spot, length: fc.nat({ max: 60 }) }),
  );
  return fc.tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 })).map(([seed, changes]) => {
    let bytes = Buffer.from(seed);
    for (const one of changes) {
      const at = one.at % (bytes.length + 1);
      if (one.kind === 'set') bytes.set(one.bytes.subarray(0, bytes.length - at), at);
      else if (one.kind === 'insert') bytes = Buffer.concat([bytes.subarray(0, at), one.bytes, bytes.subarray(at)]);
      else if (one.kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + one.length)]);
      else bytes = Buffer.concat([bytes.subarray(0, at + one.length), bytes.subarray(at)]);
    }
    return bytes;
  });
}

/** Runs something that may only fail by saying that the peer broke the protocol. */
function orProtocolError(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    assert.ok(error.message.length < 500);
  }
}

describe('Whatever a WSMan server sends', function () {
  this.timeout(60_000);

  it('as a SOAP answer is read or refused', () => {
    fc.assert(fc.property(mutations(answers), (bytes) => {
      orProtocolError(() => {
        const { body } = readAnswer(parseXml(bytes.toString('utf8')));
        readFault(body);
        for (const read of [readReceived, createdSelectors, connectFragments, listedShells, listedCommands, listContext]) orProtocolError(() => { read(body); });
      });
    }), tries(5));
  });

  it('as an HTTP answer is read or refused, in whatever pieces', () => {
    fc.assert(fc.property(mutations(heads), fc.integer({ min: 1, max: 50 }), (bytes, size) => {
      orProtocolError(() => {
        const reader = new ResponseReader({ head: 1000, body: 10_000 });
        for (let at = 0; at < bytes.length; at += size) reader.receive(bytes.subarray(at, at + size));
        reader.end();
      });
    }), tries(6));
  });

  it('as a sealed body is taken apart or refused', () => {
    fc.assert(fc.property(mutations(sealed), (bytes) => {
      orProtocolError(() => {
        const parts = readSealed(bytes);
        assert.ok(parts.reduce((sum, part) => sum + part.header.length + part.data.length, 0) <= bytes.length);
      });
    }), tries(7));
  });
});
