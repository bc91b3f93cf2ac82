import assert from 'node:assert/strict';
import { RemoteError } from '../../src/remote/error.ts';
import { MessageType } from '../../src/remote/psrp/message.ts';
import type { PSValue } from '../../src/session.ts';
import { answering, open, scriptOf } from './peer.ts';

describe('stopping a script', function () {
  this.timeout(60_000);

  it('stops by signal: before its turn, while it runs', async () => {
    const { peer, session } = await open({ onMessage: (message) => message.type === MessageType.createPipeline && scriptOf(message) === 'endless' });
    const stop = new AbortController();
    const running = session.invoke('endless', { signal: stop.signal });
    const waiting = session.invoke('never sent', { signal: stop.signal });
    while (!peer.frames.some((f, i) => f.kind === 'Data' && i > 4)) await new Promise(setImmediate);
    stop.abort();
    assert.equal((await running.result).state, 'stopped');
    assert.equal((await waiting.result).state, 'stopped');
    assert.equal((await session.invoke('late', { signal: stop.signal }).result).state, 'stopped');
    assert.equal(peer.frames.filter((f) => f.kind === 'Signal').length, 1);
    await session[Symbol.asyncDispose]();
  });

  it('lets a stop wait until a long command has arrived, and drops the input behind it', async () => {
    let commands = 0;
    let inputs = 0;
    const stop = new AbortController();
    const { peer, session } = await open({
      onFrame: (frame) => {
        // After the first piece of a command in many pieces, before the others.
        if (frame.kind === 'Data' && frame.data.length > 30_000) stop.abort();
        return false;
      },
      onMessage: (message) => {
        if (message.type === MessageType.pipelineInput) inputs++;
        else if (message.type === MessageType.createPipeline && scriptOf(message) === 'long') commands++;
        else return false;
        return true;
      },
    });
    const pipeline = session.invoke('long', { parameters: { text: 'x'.repeat(200_000) }, input: ['y'.repeat(200_000)], signal: stop.signal });
    assert.equal((await pipeline.result).state, 'stopped');
    assert.deepEqual([commands, inputs], [1, 0]);
    const kinds = peer.frames.map((f) => f.kind).slice(5);
    assert.ok(kinds.indexOf('Signal') > kinds.lastIndexOf('Data'), kinds.join(' '));
    await session[Symbol.asyncDispose]();
  });

  it('takes a stop after an aborted signal for the same stop', async () => {
    const { peer, session } = await open({ onMessage: (message) => message.type === MessageType.createPipeline && scriptOf(message) === 'endless' });
    const stop = new AbortController();
    const pipeline = session.invoke('endless', { signal: stop.signal });
    while (!peer.frames.some((f, i) => f.kind === 'Data' && i > 4)) await new Promise(setImmediate);
    stop.abort();
    await pipeline.stop();
    assert.equal((await pipeline.result).state, 'stopped');
    assert.equal(session.alive, true);
    assert.equal(peer.frames.filter((f) => f.kind === 'Signal').length, 1);
    await session[Symbol.asyncDispose]();
  });

  it('forgets the input of a script that ended before taking it', async () => {
    const { peer, session } = await open(answering('short', ({ pipeline }, at) => {
      at.server.sendState(pipeline, 4);
    }));
    let more = (): void => undefined;
    const input = async function* (): AsyncGenerator<PSValue> {
      yield 1;
      yield 2;
      await new Promise<void>((resolve) => {
        more = resolve;
      });
      yield 3;
    };
    assert.equal((await session.invoke('short', { input: input() }).result).state, 'completed');
    more();
    assert.equal((await session.invoke('next').result).state, 'completed');
    await session[Symbol.asyncDispose]();
    const announced = peer.frames.filter((f) => f.kind === 'Command').map((f) => f.guid);
    assert.equal(new Set(announced).size, announced.length);
    assert.equal(announced.length, 3);
  });

  it('drops the connection at the second stop', async () => {
    const { peer, session } = await open({
      onFrame: (frame) => frame.kind === 'Signal',
      onMessage: (message) => message.type === MessageType.createPipeline && scriptOf(message) === 'stubborn',
    });
    const pipeline = session.invoke('stubborn', { name: 'a stubborn script' });
    while (!peer.frames.some((f, i) => f.kind === 'Data' && i > 4)) await new Promise(setImmediate);
    const first = pipeline.stop();
    await pipeline.stop();
    await first;
    await assert.rejects(pipeline.result, (e: RemoteError) => e instanceof RemoteError && e.failure.reason === 'cancelled' && e.message.includes('a stubborn script'));
    assert.equal((await session.closed)?.reason, 'cancelled');
    assert.equal(peer.closed, true);
    await assert.rejects(session.invoke('more').result, RemoteError);
  });

  it('closes while a script runs by stopping it', async () => {
    const { peer, session } = await open({ onMessage: (message) => message.type === MessageType.createPipeline && scriptOf(message) === 'endless' });
    const pipeline = session.invoke('endless');
    while (!peer.frames.some((f, i) => f.kind === 'Data' && i > 4)) await new Promise(setImmediate);
    await session[Symbol.asyncDispose]();
    assert.equal((await pipeline.result).state, 'stopped');
    assert.equal(await session.closed, undefined);
    await assert.rejects(session.invoke('more').result, (e: RemoteError) => e.failure.reason === 'closed');
  });
});
