import assert from 'node:assert/strict';
import { psObject } from '../../src/remote/clixml/values.ts';
import { RemoteError } from '../../src/remote/error.ts';
import { dataLine, elementLine } from '../../src/remote/outofproc/frame.ts';
import { openOverChannel } from '../../src/remote/outofproc/open.ts';
import { newGuid, zeroGuid } from '../../src/remote/psrp/guid.ts';
import { Destination, encodeMessage, MessageType } from '../../src/remote/psrp/message.ts';
import type { RemoteFailureReason, StreamRecord } from '../../src/session.ts';
import type { Behaviour } from './peer.ts';
import { scriptOf, TestPeer } from './peer.ts';

const server = 'CONNECT01 (10.0.0.1:22)';
const limits = { ack: 200, close: 200, signal: 200, key: 200 };

/** One fragment around bytes. */
function fragment(message: Uint8Array, parts: { length?: number; flags?: number } = {}): Uint8Array {
  const head = Buffer.alloc(21);
  head.writeBigUInt64BE(9n, 0);
  head[16] = parts.flags ?? 3;
  head.writeUInt32BE(parts.length ?? message.length, 17);
  return Buffer.concat([head, message]);
}

const poolData = (bytes: Uint8Array): Uint8Array => dataLine(zeroGuid, false, bytes);
const message = (type: number, body: string, pipeline = zeroGuid): Uint8Array => encodeMessage({ type, pool: zeroGuid, pipeline, body }, Destination.client);

/** Every rejection that nobody handled while a test ran. */
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => {
  unhandled.push(reason);
};

describe('a hostile peer', function () {
  this.timeout(60_000);

  before(() => process.on('unhandledRejection', onUnhandled));
  after(() => process.off('unhandledRejection', onUnhandled));
  afterEach(async () => {
    await new Promise(setImmediate);
    assert.deepEqual(unhandled.splice(0), []);
  });

  /** Opens a session that must fail; returns its one error. */
  async function failure(behaviour: Behaviour, act?: (peer: TestPeer) => void): Promise<RemoteError> {
    const peer = new TestPeer(behaviour);
    act?.(peer);
    const error: unknown = await openOverChannel(peer, { server, transport: 'test', encryption: undefined, openTimeout: 1000, limits }).then(() => assert.fail('it opened'), (e: unknown) => e);
    assert.ok(error instanceof RemoteError, String(error));
    assert.equal(error.failure.server, server);
    assert.ok(error.message.startsWith(`${server}: `) && error.failure.remedy.length > 10, error.message);
    assert.ok((error.failure.quoted ?? '').length < 600);
    assert.equal(peer.closed, true);
    return error;
  }

  const silent: Behaviour = { onFrame: () => true };

  describe('while a session is opened', () => {
    const cases: readonly (readonly [name: string, reason: RemoteFailureReason, quoted: RegExp | undefined, behaviour: Behaviour, act?: (peer: TestPeer) => void])[] = [
      ['says nothing', 'silent-peer', undefined, silent],
      ['says nothing but on standard error', 'bad-peer', /is not recognized/, silent, (peer) => {
        peer.errors = "'powershell.exe' is not recognized as an internal or external command";
      }],
      ['greets and says nothing more', 'bad-peer', /Authorized use only/, { ...silent, greeting: 'Authorized use only!\r\n' }],
      ['sends a shell\'s prompt', 'bad-peer', /C:\\Users/, { ...silent, greeting: 'Microsoft Windows [Version 10.0]\r\nC:\\Users\\admin>' }],
      ['sends control sequences', 'bad-peer', /\\u001b\[2J/, { ...silent, greeting: '\u001b[2Jhello' }],
      ['exits at once', 'bad-peer', /Access is denied/, silent, (peer) => {
        peer.errors = 'Access is denied.';
        peer.end({ exitCode: 5, signal: undefined, error: undefined });
      }],
      ['cannot be started', 'unreachable', undefined, silent, (peer) => {
        peer.end({ exitCode: undefined, signal: undefined, error: new Error('spawn ENOENT') });
      }],
      ['breaks after the acknowledgement', 'connection-lost', undefined, {
        onFrame: (frame, peer) => {
          peer.emit(elementLine('DataAck', frame.guid));
          peer.end({ exitCode: 1, signal: undefined, error: undefined });
          return true;
        },
      }],
      ['acknowledges and says nothing more', 'silent-peer', undefined, {
        onFrame: (frame, peer) => {
          peer.emit(elementLine('DataAck', frame.guid));
          return true;
        },
      }],
      ['acknowledges something else', 'silent-peer', undefined, {
        onFrame: (_, peer) => {
          peer.emit(elementLine('CloseAck', newGuid()));
          return true;
        },
      }],
      ['floods before the protocol', 'limit-exceeded', /xxxx/, { ...silent, greeting: `${'x'.repeat(2_000_000)}\n` }],
      ['floods without a line end', 'limit-exceeded', undefined, { ...silent, greeting: 'x'.repeat(2_000_000) }],
      ['sends a client\'s element', 'bad-peer', undefined, { ...silent, greeting: elementLine('Command', zeroGuid) }],
      ['sends text in the middle', 'bad-peer', /Warning: disk full/, { ...silent, greeting: Buffer.concat([elementLine('DataAck', zeroGuid), Buffer.from('Warning: disk full\n')]) }],
      ['sends a fragment that promises four gigabytes', 'limit-exceeded', undefined, { ...silent, greeting: poolData(fragment(Buffer.from('x'), { length: 0xffffffff })) }],
      ['sends fragments out of order', 'bad-peer', undefined, { ...silent, greeting: poolData(fragment(Buffer.from('x'), { flags: 0 })) }],
      ['sends half a message', 'silent-peer', undefined, { ...silent, greeting: poolData(fragment(Buffer.from('x'), { flags: 1 })) }],
      ['sends a message without a header', 'bad-peer', undefined, { ...silent, greeting: poolData(fragment(Buffer.from('x'))) }],
      ['sends a message of an unknown type', 'bad-peer', /<S>hi<\/S>/, { ...silent, greeting: poolData(fragment(message(0x12345, '<S>hi</S>'))) }],
      ['sends a message for servers', 'bad-peer', undefined, { ...silent, greeting: poolData(fragment(encodeMessage({ type: MessageType.sessionCapability, pool: zeroGuid, pipeline: zeroGuid, body: '<S>x</S>' }, Destination.server))) }],
      ['sends XML that is none', 'bad-peer', /<oops/, { ...silent, greeting: poolData(fragment(message(MessageType.sessionCapability, '<oops'))) }],
      ['sends an entity to expand', 'bad-peer', /&lol;/, { ...silent, greeting: poolData(fragment(message(MessageType.sessionCapability, '<S>&lol;</S>'))) }],
      ['sends a depth bomb', 'bad-peer', undefined, { ...silent, greeting: poolData(fragment(message(MessageType.runspacePoolState, '<Obj><MS>'.repeat(200_000)))) }],
      ['negotiates another protocol', 'bad-peer', /9\.9/, { ...silent, greeting: poolData(fragment(message(MessageType.sessionCapability, '<Obj RefId="0"><MS><Version N="protocolversion">9.9</Version></MS></Obj>'))) }],
      ['sends a state without a number', 'bad-peer', undefined, { ...silent, greeting: poolData(fragment(message(MessageType.runspacePoolState, '<Obj RefId="0"><MS /></Obj>'))) }],
      ['breaks the pool', 'bad-peer', /no more shells/, { ...silent, greeting: poolData(fragment(message(MessageType.runspacePoolState, '<Obj RefId="0"><MS><I32 N="RunspaceState">5</I32><Obj N="ExceptionAsErrorRecord" RefId="1"><ToString>no more shells</ToString></Obj></MS></Obj>'))) }],
      ['sends a session key that nobody asked for', 'bad-peer', undefined, { ...silent, greeting: poolData(fragment(message(MessageType.encryptedSessionKey, '<Obj RefId="0"><MS><S N="EncryptedSessionKey">AA==</S></MS></Obj>'))) }],
      ['never opens the pool', 'silent-peer', undefined, {
        onFrame: (frame, peer) => {
          if (frame.kind !== 'Data') return false;
          peer.emit(elementLine('DataAck', frame.guid));
          peer.emit(poolData(fragment(message(MessageType.runspacePoolState, '<Obj RefId="0"><MS><I32 N="RunspaceState">1</I32></MS></Obj>'))));
          return true;
        },
      }],
      ['does not tell its version', 'bad-peer', /no such luck/, {
        onMessage: (m, peer) => {
          if (m.type === MessageType.createPipeline) peer.server.sendState(m.pipeline, 5, psObject([], { FullyQualifiedErrorId: 'x' }, { text: 'no such luck' }));
          return true;
        },
      }],
    ];
    for (const [name, reason, quoted, behaviour, act] of cases) {
      it(`${name}: ${reason}`, async () => {
        const error = await failure(behaviour, act);
        assert.equal(error.failure.reason, reason, error.message);
        if (quoted !== undefined) assert.match(error.failure.quoted ?? '', quoted);
      });
    }

    it('acknowledges something else on the same stream: silent-peer, naming what was awaited', async () => {
      const error = await failure({
        onFrame: (frame, peer) => {
          peer.emit(elementLine('CloseAck', frame.guid));
          return true;
        },
      });
      assert.equal(error.failure.reason, 'silent-peer');
      assert.ok(error.message.includes('the acknowledgement of data'), error.message);
    });

    it('goes silent after any one of its lines: one error, in time', async () => {
      for (let allowed = 0; allowed < 3; allowed++) {
        let seen = 0;
        const error = await failure({ onFrame: () => seen++ >= allowed });
        assert.equal(error.failure.reason, 'silent-peer', `${allowed}: ${error.message}`);
      }
    });

    it('exits after any one of its lines: one error, at once', async () => {
      for (let allowed = 0; allowed < 3; allowed++) {
        let seen = 0;
        const error = await failure({
          onFrame: (_, peer) => {
            if (seen++ < allowed) return false;
            peer.end({ exitCode: 1, signal: undefined, error: undefined });
            return true;
          },
        });
        assert.ok(['connection-lost', 'bad-peer'].includes(error.failure.reason) && error.message.includes('exit code 1'), error.message);
      }
    });

    it('can be given up by the person who waits', async () => {
      const stop = new AbortController();
      const peer = new TestPeer(silent);
      const opening = openOverChannel(peer, { server, transport: 'test', encryption: undefined, signal: stop.signal });
      stop.abort();
      await assert.rejects(opening, (e: RemoteError) => e.failure.reason === 'cancelled');
      await assert.rejects(openOverChannel(new TestPeer(), { server, transport: 'test', encryption: undefined, signal: stop.signal }), (e: RemoteError) => e.failure.reason === 'cancelled');
    });
  });

  describe('while a script runs', () => {
    /** Opens a session, lets the peer misbehave in the script `go`, and returns the one error that everything gets. */
    async function running(misbehave: (pipeline: string, peer: TestPeer) => void, more: { behaviour?: Behaviour; silenceLimit?: number } = {}): Promise<RemoteError> {
      const peer = new TestPeer({
        ...more.behaviour,
        onMessage: (m, at) => {
          if (m.type !== MessageType.createPipeline || scriptOf(m) !== 'go') return false;
          misbehave(m.pipeline, at);
          return true;
        },
      });
      const session = await openOverChannel(peer, { server, transport: 'test', encryption: undefined, openTimeout: 1000, limits });
      const pipeline = session.invoke('go', { silenceLimit: more.silenceLimit ?? 0, name: 'the test\'s script' });
      const waiting = session.invoke('afterwards');
      const records: StreamRecord[] = [];
      const iterated: unknown = await (async () => {
        for await (const record of pipeline) records.push(record);
      })().then(() => undefined, (e: unknown) => e);
      const error: unknown = await pipeline.result.then(() => assert.fail('it ended well'), (e: unknown) => e);
      assert.ok(error instanceof RemoteError, String(error));
      assert.equal(iterated, error);
      assert.equal(await waiting.result.catch((e: unknown) => e), error);
      assert.equal(await session.closed, error.failure);
      assert.equal(session.alive, false);
      assert.equal(await session.invoke('later').result.catch((e: unknown) => e), error);
      await session[Symbol.asyncDispose]();
      assert.equal(peer.closed, true);
      assert.equal(error.failure.server, server);
      return error;
    }

    it('exits: connection-lost, with the code and what it last said', async () => {
      const error = await running((_, peer) => {
        peer.errors = 'Remote transport error: out of memory';
        peer.end({ exitCode: 160, signal: undefined, error: undefined });
      });
      assert.equal(error.failure.reason, 'connection-lost');
      assert.ok(error.message.includes('160'));
      assert.match(error.failure.quoted ?? '', /out of memory/);
    });

    it('is killed: connection-lost, with the signal', async () => {
      const error = await running((_, peer) => {
        peer.end({ exitCode: undefined, signal: 'SIGKILL', error: undefined });
      });
      assert.ok(error.message.includes('SIGKILL'));
    });

    it('goes silent: silent-peer, naming the script, within the silence limit', async () => {
      const error = await running(() => undefined, { silenceLimit: 100 });
      assert.equal(error.failure.reason, 'silent-peer');
      assert.ok(error.message.includes('the test\'s script') && error.message.includes('0.1 seconds'), error.message);
    });

    it('says a little and goes silent: silent-peer as well', async () => {
      const error = await running((pipeline, peer) => {
        peer.server.send(MessageType.pipelineOutput, pipeline, 'a little');
      }, { silenceLimit: 100 });
      assert.equal(error.failure.reason, 'silent-peer');
    });

    it('sends something unreadable: bad-peer', async () => {
      const error = await running((pipeline, peer) => {
        peer.server.sendBody(MessageType.pipelineOutput, pipeline, '<S>half');
      });
      assert.equal(error.failure.reason, 'bad-peer');
      assert.match(error.failure.quoted ?? '', /half/);
    });

    it('sends a message on another pipeline\'s stream: bad-peer', async () => {
      const error = await running((pipeline, peer) => {
        peer.emit(dataLine(pipeline, false, fragment(message(MessageType.pipelineOutput, '<S>x</S>', newGuid()))));
      });
      assert.equal(error.failure.reason, 'bad-peer');
    });

    it('sends an unknown message: bad-peer', async () => {
      const error = await running((pipeline, peer) => {
        peer.server.sendBody(0x00045555, pipeline, '<S>x</S>');
      });
      assert.equal(error.failure.reason, 'bad-peer');
    });

    it('sends a host call without its parts: bad-peer', async () => {
      const error = await running((pipeline, peer) => {
        peer.server.send(MessageType.pipelineHostCall, pipeline, psObject([], { ci: 'x' }));
      });
      assert.equal(error.failure.reason, 'bad-peer');
    });

    it('closes the runspace: connection-lost', async () => {
      const error = await running((_, peer) => {
        peer.server.send(MessageType.runspacePoolState, zeroGuid, psObject([], { RunspaceState: 3 }));
      });
      assert.equal(error.failure.reason, 'connection-lost');
    });

    it('sends a secret and never the key: silent-peer, in time', async () => {
      const error = await running((pipeline, peer) => {
        peer.server.sendBody(MessageType.pipelineOutput, pipeline, '<SS>AAAA</SS>');
      }, { behaviour: { onFrame: (frame, peer) => {
        if (frame.kind !== 'Data' || frame.guid !== zeroGuid || !Buffer.from(frame.data).includes('PublicKey')) return false;
        peer.emit(elementLine('DataAck', frame.guid));
        return true;
      } } });
      assert.equal(error.failure.reason, 'silent-peer');
      assert.ok(error.message.includes('session key'));
    });

    it('floods while the key is awaited: limit-exceeded', async () => {
      const error = await running((pipeline, peer) => {
        peer.server.sendBody(MessageType.pipelineOutput, pipeline, '<SS>AAAA</SS>');
        for (let i = 0; i < 40; i++) peer.server.sendBody(MessageType.pipelineOutput, pipeline, `<S>${'x'.repeat(500_000)}</S>`);
      }, { behaviour: { onFrame: (frame) => frame.kind === 'Data' && frame.guid === zeroGuid && Buffer.from(frame.data).includes('PublicKey') } });
      assert.equal(error.failure.reason, 'limit-exceeded');
    });

    it('does not acknowledge input: silent-peer', async () => {
      const peer = new TestPeer({
        onFrame: (frame) => frame.kind === 'Data' && Buffer.from(frame.data).includes('<S>drop me</S>'),
        onMessage: (m) => m.type === MessageType.createPipeline && scriptOf(m) === 'go',
      });
      const session = await openOverChannel(peer, { server, transport: 'test', encryption: undefined, limits });
      const pipeline = session.invoke('go', { input: ['drop me'] });
      await assert.rejects(pipeline.result, (e: RemoteError) => e.failure.reason === 'silent-peer');
    });

    it('ignores a stop: silent-peer, within its limit', async () => {
      const peer = new TestPeer({
        onFrame: (frame, at) => {
          if (frame.kind !== 'Signal') return false;
          at.emit(elementLine('SignalAck', frame.guid));
          return true;
        },
        onMessage: (m) => m.type === MessageType.createPipeline && scriptOf(m) === 'go',
      });
      const session = await openOverChannel(peer, { server, transport: 'test', encryption: undefined, limits });
      const pipeline = session.invoke('go');
      while (!peer.frames.some((f, i) => f.kind === 'Data' && i > 4)) await new Promise(setImmediate);
      await pipeline.stop();
      await assert.rejects(pipeline.result, (e: RemoteError) => e.failure.reason === 'silent-peer' && e.message.includes('stopped pipeline'));
    });

    it('does not acknowledge the close: the session still ends, in time', async () => {
      const peer = new TestPeer({ onFrame: (frame) => frame.kind === 'Close' && frame.guid === zeroGuid });
      const session = await openOverChannel(peer, { server, transport: 'test', encryption: undefined, limits });
      await session[Symbol.asyncDispose]();
      assert.equal(peer.closed, true);
      assert.equal(await session.closed, undefined);
    });
  });
});
