import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ProtocolError } from '../../src/remote/psrp/error.ts';
import { Defragmenter, fragmentHeader, OutgoingObject } from '../../src/remote/psrp/fragment.ts';
import { newGuid, readGuid, writeGuid } from '../../src/remote/psrp/guid.ts';
import { decodeMessage, Destination, encodeMessage, MessageType } from '../../src/remote/psrp/message.ts';
import { Outbox } from '../../src/remote/psrp/outbox.ts';
import { cases } from '../cases.ts';

/** One fragment with any header. */
function fragment(parts: { object?: bigint; number?: bigint; flags?: number; blob?: Uint8Array; length?: number }): Buffer {
  const blob = parts.blob ?? Buffer.from('x');
  const head = Buffer.alloc(fragmentHeader);
  head.writeBigUInt64BE(parts.object ?? 1n, 0);
  head.writeBigUInt64BE(parts.number ?? 0n, 8);
  head[16] = parts.flags ?? 3;
  head.writeUInt32BE(parts.length ?? blob.length, 17);
  return Buffer.concat([head, blob]);
}

function receiveAll(pieces: readonly Uint8Array[], limit = 1e6): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const defragmenter = new Defragmenter(limit);
  for (const piece of pieces) defragmenter.receive(piece, (m) => messages.push(Uint8Array.from(m)));
  assert.equal(defragmenter.unfinished, false);
  return messages;
}

describe('PSRP fragments', () => {
  it('come together again, whatever their size and however the stream is cut', () => {
    fc.assert(fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 6 }), fc.integer({ min: fragmentHeader + 1, max: 90 }), fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 }),
      (messages, room, cuts) => {
        const fragments: Uint8Array[] = [];
        messages.forEach((message, i) => {
          const object = new OutgoingObject(BigInt(i + 1), message);
          while (!object.done) fragments.push(object.next(room) ?? assert.fail('no room'));
        });
        const stream = Buffer.concat(fragments);
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          pieces.push(stream.subarray(at, at + cut));
          at += cut;
        }
        pieces.push(stream.subarray(at));
        assert.deepEqual(receiveAll(pieces), messages);
      },
    ), cases(500));
  });

  it('number their objects and themselves', () => {
    const object = new OutgoingObject(258n, Buffer.from('abcdef'));
    const first = Buffer.from(object.next(fragmentHeader + 4) ?? []);
    const second = Buffer.from(object.next(fragmentHeader + 4) ?? []);
    assert.equal(first.toString('hex'), '0000000000000102' + '0000000000000000' + '01' + '00000004' + '61626364');
    assert.equal(second.toString('hex'), '0000000000000102' + '0000000000000001' + '02' + '00000002' + '6566');
    assert.equal(object.done, true);
    assert.equal(new OutgoingObject(1n, Buffer.from('a')).next(fragmentHeader), undefined);
  });

  const refused: readonly (readonly [name: string, pieces: readonly Buffer[]])[] = [
    ['a middle without a start', [fragment({ flags: 0 })]],
    ['an end without a start', [fragment({ flags: 2 })]],
    ['a start inside a message', [fragment({ flags: 1 }), fragment({ flags: 1, number: 1n })]],
    ['a gap', [fragment({ flags: 1 }), fragment({ flags: 0, number: 2n })]],
    ['a first fragment that is not number 0', [fragment({ flags: 3, number: 1n })]],
    ['a number beyond 32 bits', [fragment({ flags: 3, number: 2n ** 32n })]],
    ['two messages mixed', [fragment({ flags: 1 }), fragment({ flags: 2, number: 1n, object: 2n })]],
    ['unknown flags', [fragment({ flags: 7 })]],
    ['a length beyond the limit', [fragment({ length: 2_000_000 })]],
    ['the largest length', [fragment({ length: 0xffffffff })]],
    ['a message that grows beyond the limit', [fragment({ flags: 1, blob: Buffer.alloc(900_000) }), fragment({ flags: 2, number: 1n, blob: Buffer.alloc(200_000) })]],
  ];
  for (const [name, pieces] of refused) {
    it(`refuse ${name}`, () => {
      assert.throws(() => receiveAll(pieces), ProtocolError);
    });
  }

  it('tell a limit from a broken stream', () => {
    assert.throws(() => receiveAll([fragment({ length: 0xffffffff })]), (e: ProtocolError) => e.reason === 'limit-exceeded');
    assert.throws(() => receiveAll([fragment({ flags: 0 })]), (e: ProtocolError) => e.reason === 'bad-peer');
  });
});

describe('PSRP messages', () => {
  it('have their header and no byte order mark', () => {
    const bytes = Buffer.from(encodeMessage({ type: MessageType.pipelineOutput, pool: '00112233-4455-6677-8899-aabbccddeeff', pipeline: '00000000-0000-0000-0000-000000000001', body: '<S>é</S>' }, Destination.server));
    assert.equal(bytes.toString('hex'), '02000000' + '04100400' + '33221100554477668899aabbccddeeff' + '00000000000000000000000000000001' + Buffer.from('<S>é</S>').toString('hex'));
  });

  it('lose the byte order mark that servers put before the body', () => {
    const bytes = encodeMessage({ type: 1, pool: newGuid(), pipeline: newGuid(), body: '\ufeff<S>a</S>' }, Destination.client);
    assert.equal(decodeMessage(bytes, Destination.client).body, '<S>a</S>');
  });

  it('are refused when short or meant for somebody else', () => {
    assert.throws(() => decodeMessage(new Uint8Array(39), Destination.client), ProtocolError);
    assert.throws(() => decodeMessage(encodeMessage({ type: 1, pool: newGuid(), pipeline: newGuid(), body: '' }, Destination.server), Destination.client), ProtocolError);
  });

  it('carry GUIDs in .NET\'s order', () => {
    fc.assert(fc.property(fc.uuid(), (guid) => {
      const bytes = new Uint8Array(20);
      writeGuid(guid, bytes, 2);
      assert.equal(readGuid(bytes, 2), guid);
    }));
  });
});

describe('the outbox', () => {
  const draft = (pipeline: string | undefined, body: () => string | undefined, promptResponse = false): Parameters<Outbox['add']>[0] => ({ type: 5, pool: newGuid(), pipeline, promptResponse, body });

  it('packs small messages of one stream and never mixes streams', () => {
    const outbox = new Outbox();
    outbox.add(draft('a', () => '1'));
    outbox.add(draft('b', () => '2'));
    outbox.add(draft('a', () => '3'));
    outbox.add(draft('a', () => '4', true));
    const taken = [outbox.take(1000), outbox.take(1000), outbox.take(1000)];
    assert.deepEqual(taken.map((t) => [t?.pipeline, t?.promptResponse, t?.bytes.length]), [['a', false, 124], ['b', false, 62], ['a', true, 62]]);
    assert.equal(outbox.take(1000), undefined);
  });

  it('holds back only the stream whose message waits', () => {
    const outbox = new Outbox();
    let key = false;
    outbox.add(draft('a', () => (key ? '1' : undefined)));
    outbox.add(draft('a', () => '2'));
    outbox.add(draft('b', () => '3'));
    assert.equal(outbox.take(1000)?.pipeline, 'b');
    assert.equal(outbox.take(1000), undefined);
    assert.equal(outbox.ready, false);
    key = true;
    outbox.build();
    assert.equal(outbox.take(1000)?.bytes.length, 124);
  });

  it('cuts a message to the room there is, even when it changes', () => {
    const outbox = new Outbox();
    outbox.add(draft('a', () => 'x'.repeat(500)));
    const pieces = [outbox.take(100), outbox.take(300), outbox.take(1000)].map((p) => p?.bytes ?? assert.fail('nothing to send'));
    assert.deepEqual(pieces.map((p) => p.length), [100, 300, 540 - 79 - 279 + 21]);
    assert.equal(receiveAll(pieces)[0]?.length, 540);
  });

  it('drops what was for a pipeline that has gone', () => {
    const outbox = new Outbox();
    outbox.add(draft('a', () => '1'));
    outbox.add(draft('b', () => '2'));
    outbox.drop('a');
    assert.equal(outbox.take(1000)?.pipeline, 'b');
    assert.equal(outbox.ready, false);
  });
});
