import assert from 'node:assert/strict';
import { PlainSecret, psObject } from '../../src/remote/clixml/values.ts';
import type { RemoteError } from '../../src/remote/error.ts';
import { openOverChannel } from '../../src/remote/outofproc/open.ts';
import { MessageType } from '../../src/remote/psrp/message.ts';
import type { ReceivedMessage } from '../../src/remote/psrp/server.ts';
import type { PSValue, SecureString } from '../../src/session.ts';
import { answering, collect, open, options, scriptOf, TestPeer } from './peer.ts';

describe('a session over a channel', function () {
  this.timeout(60_000);

  it('opens, tells who answered, and closes in order', async () => {
    const { peer, session } = await open();
    assert.deepEqual(session.peer, { psVersion: '5.1.17763.1', edition: 'Desktop', protocolVersion: '2.3', computerName: 'CONNECT01', transport: 'test', encryption: undefined });
    assert.deepEqual(session.capabilities, { reconnect: false, maxFragment: 32768 });
    await session[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
    assert.equal(session.alive, false);
    assert.equal(await session.closed, undefined);
    assert.equal(peer.closed, true);
    assert.deepEqual(peer.frames.map((f) => f.kind), ['Data', 'Command', 'Data', 'Close', 'Close']);
  });

  it('declares protocol 2.3, which keeps secure strings encrypted', async () => {
    const { peer, session } = await open();
    assert.ok(Buffer.from(peer.frames[0]?.data ?? []).includes('<Version N="protocolversion">2.3</Version>'));
    await session[Symbol.asyncDispose]();
  });

  it('sends parameters as parameters and says that there is no input', async () => {
    let created: ReceivedMessage | undefined;
    const { session } = await open(answering('param($a) $a', (message, peer) => {
      created = message;
      peer.server.sendState(message.pipeline, 4);
    }));
    const pipeline = session.invoke('param($a) $a', { parameters: { a: "'; Remove-Item *" } });
    assert.equal((await pipeline.result).state, 'completed');
    const text = JSON.stringify(created?.value);
    assert.ok(text.includes('"NoInput":true') && text.includes('{"N":"a","V":"\'; Remove-Item *"}'));
    await session[Symbol.asyncDispose]();
  });

  it('pipes what a script puts out to a command of the same pipeline, and leaves the script as it is', async () => {
    let created: ReceivedMessage | undefined;
    const { session } = await open(answering('if (1) {', (message, peer) => {
      created = message;
      peer.server.sendState(message.pipeline, 4);
    }));
    const pipeline = session.invoke('if (1) {', { scope: 'runspace', pipedTo: { command: 'Out-String', parameters: { Stream: true, Width: 79 } } });
    assert.equal((await pipeline.result).state, 'completed');
    const text = JSON.stringify(created?.value);
    assert.match(text, /"Cmd":"if \(1\) \{","IsScript":true,"UseLocalScope":false,.*"Cmd":"Out-String","IsScript":false,"UseLocalScope":null,/);
    assert.ok(text.includes('{"N":"Stream","V":true}') && text.includes('{"N":"Width","V":79}'), text);
    await session[Symbol.asyncDispose]();
  });

  it('delivers records in order and null as null', async () => {
    const { session } = await open(answering('mixed', ({ pipeline }, peer) => {
      peer.server.send(MessageType.pipelineOutput, pipeline, 1);
      peer.server.send(MessageType.warningRecord, pipeline, psObject([], { InformationalRecord_Message: 'careful' }));
      peer.server.send(MessageType.pipelineOutput, pipeline, undefined);
      peer.server.sendState(pipeline, 2);
      peer.server.sendState(pipeline, 4);
      peer.server.send(MessageType.pipelineOutput, pipeline, 'after the end');
    }));
    const pipeline = session.invoke('mixed');
    assert.deepEqual(await collect(pipeline), [{ stream: 'output', value: 1 }, { stream: 'warning', value: 'careful' }, { stream: 'output', value: null }]);
    await session[Symbol.asyncDispose]();
  });

  it('runs one script after another', async () => {
    const order: string[] = [];
    const { session } = await open({
      onMessage: (message, peer) => {
        if (message.type !== MessageType.createPipeline || scriptOf(message).length > 3) return false;
        order.push(`start ${scriptOf(message)}`);
        setImmediate(() => {
          order.push(`end ${scriptOf(message)}`);
          peer.server.sendState(message.pipeline, 4);
          peer.flush();
        });
        return true;
      },
    });
    await Promise.all(['a', 'b', 'c'].map((s) => session.invoke(s).result));
    assert.deepEqual(order, ['start a', 'end a', 'start b', 'end b', 'start c', 'end c']);
    await session[Symbol.asyncDispose]();
  });

  it('exchanges the session key before it sends a secret, and never sends it plain', async () => {
    let seen: PSValue | undefined;
    const { peer, session } = await open(answering('param($p) 1', (message, at) => {
      seen = message.value;
      at.server.sendState(message.pipeline, 4);
    }));
    await session.invoke('param($p) 1', { parameters: { p: new PlainSecret('hunter2') } }).result;
    const wire = Buffer.concat(peer.frames.map((f) => f.data));
    assert.equal(wire.includes('hunter2') || wire.includes(Buffer.from('hunter2', 'utf16le')), false);
    assert.ok(wire.includes('PublicKey') && wire.includes('<SS N="V">'));
    const secrets: SecureString[] = [];
    const search = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('kind' in value && value.kind === 'secure-string') secrets.push(value as SecureString);
      else for (const inner of Object.values(value)) search(inner);
    };
    search(seen);
    assert.deepEqual(secrets.map((s) => s.reveal()), ['hunter2']);
    await session[Symbol.asyncDispose]();
  });

  it('takes a secure string that comes before any key, and keeps the order around it', async () => {
    const { session } = await open(answering('secret', ({ pipeline }, peer) => {
      peer.server.send(MessageType.pipelineOutput, pipeline, 'before');
      peer.server.send(MessageType.pipelineOutput, pipeline, new PlainSecret('s3cret'));
      peer.server.send(MessageType.pipelineOutput, pipeline, 'after');
      peer.server.sendState(pipeline, 4);
    }));
    const records = await collect(session.invoke('secret'));
    assert.deepEqual(records.map((r) => typeof r.value === 'string' ? r.value : (r.value as SecureString).reveal()), ['before', 's3cret', 'after']);
    await session[Symbol.asyncDispose]();
  });

  it('answers host calls, refuses what nobody answers, and never answers void ones', async () => {
    const answers: PSValue[] = [];
    const call = (id: bigint, method: number, parameters: PSValue[]): PSValue => psObject([], { ci: id, mi: method, mp: parameters });
    const { session } = await open({
      onMessage: (message, peer) => {
        if (message.type === MessageType.pipelineHostResponse) {
          answers.push(message.value);
          if (answers.length === 2) peer.server.sendState(message.pipeline, 4);
          return true;
        }
        if (message.type !== MessageType.createPipeline || scriptOf(message) !== 'ask') return false;
        peer.server.send(MessageType.pipelineHostCall, message.pipeline, call(-100n, 16, ['hello']));
        peer.server.send(MessageType.pipelineHostCall, message.pipeline, call(-100n, 6, [3]));
        peer.server.send(MessageType.pipelineHostCall, message.pipeline, call(7n, 11, []));
        peer.server.send(MessageType.pipelineHostCall, message.pipeline, call(8n, 46, [0]));
        return true;
      },
    });
    const said: unknown[] = [];
    const pipeline = session.invoke('ask', { host: { readLine: () => Promise.resolve('typed'), write: (text) => said.push(text), setExitCode: (code) => said.push(code) } });
    assert.equal((await pipeline.result).state, 'completed');
    assert.deepEqual(said, ['hello\n', 3]);
    assert.equal(answers.length, 2);
    const text = answers.map((a) => JSON.stringify(a, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))).sort((a, b) => Number(a.includes('"ci":"8"')) - Number(b.includes('"ci":"8"')));
    assert.ok(text[0]?.includes('"ci":"7"') === true && text[0].includes('"mr":"typed"'));
    assert.ok(text[1]?.includes('"ci":"8"') === true && text[1].includes('"me":') && text[1].includes('ReadKey'));
    await session[Symbol.asyncDispose]();
  });

  it('turns a host that throws into an error for the script, and goes on', async () => {
    let refusal = '';
    const { session } = await open({
      onMessage: (message, peer) => {
        if (message.type === MessageType.pipelineHostResponse) {
          refusal = JSON.stringify(message.value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
          peer.server.sendState(message.pipeline, 4);
          return true;
        }
        if (message.type !== MessageType.createPipeline || scriptOf(message) !== 'ask') return false;
        peer.server.send(MessageType.pipelineHostCall, message.pipeline, psObject([], { ci: -100n, mi: 13, mp: ['x'] }));
        peer.server.send(MessageType.pipelineHostCall, message.pipeline, psObject([], { ci: 1n, mi: 11, mp: [] }));
        return true;
      },
    });
    const host = {
      readLine: (): Promise<string> => Promise.reject(new Error('the box was closed')),
      write: (): void => {
        throw new Error('no screen');
      },
    };
    assert.equal((await session.invoke('ask', { host }).result).state, 'completed');
    assert.ok(refusal.includes('the box was closed'));
    await session[Symbol.asyncDispose]();
  });

  it('sends input message by message and then its end', async () => {
    const seen: PSValue[] = [];
    const { session } = await open({
      onMessage: (message, peer) => {
        if (message.type === MessageType.pipelineInput) seen.push(message.value);
        else if (message.type === MessageType.endOfPipelineInput) {
          seen.push('end');
          peer.server.sendState(message.pipeline, 4);
        } else return message.type === MessageType.createPipeline && scriptOf(message) === 'input';
        return true;
      },
    });
    await session.invoke('input', { input: [1, 'two', null] }).result;
    assert.deepEqual(seen, [1, 'two', null, 'end']);
    await session[Symbol.asyncDispose]();
  });

  it('takes input only as fast as the server acknowledges it', async () => {
    let acknowledge: (() => void) | undefined;
    let data = 0;
    const { session } = await open({
      onFrame: (frame, peer) => {
        if (frame.kind !== 'Data' || !peer.frames.some((f) => f.kind === 'Command' && f.guid === frame.guid) || ++data <= 2) return false;
        acknowledge = () => {
          peer.obey(frame);
        };
        return true;
      },
      onMessage: (message) => message.type === MessageType.pipelineInput || (message.type === MessageType.createPipeline && scriptOf(message) === 'input'),
    });
    let taken = 0;
    const numbers = function* (): Generator<PSValue> {
      for (;;) yield taken++;
    };
    const stop = new AbortController();
    const pipeline = session.invoke('input', { input: numbers(), signal: stop.signal });
    while (acknowledge === undefined) await new Promise(setImmediate);
    const before = taken;
    for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    assert.ok(taken === before && taken < 500, `${taken} taken`);
    acknowledge();
    while (taken === before) await new Promise(setImmediate);
    stop.abort();
    acknowledge();
    assert.equal((await pipeline.result).state, 'stopped');
    await session[Symbol.asyncDispose]();
  });

  it('fails the pipeline when the input\'s source fails, and stays usable', async () => {
    const { session } = await open({ onMessage: (message) => message.type === MessageType.createPipeline && scriptOf(message) === 'input' });
    const source = function* (): Generator<PSValue> {
      yield 1;
      throw new Error('the file ended early');
    };
    await assert.rejects(session.invoke('input', { input: source() }).result, /the file ended early/);
    assert.equal((await session.invoke('next').result).state, 'completed');
    await session[Symbol.asyncDispose]();
  });

  it('holds the server back while nobody reads, loses nothing, and goes on when somebody does', async () => {
    const total = 100;
    const big = 'x'.repeat(100_000);
    let sent = 0;
    const { peer, session } = await open(answering('flood', ({ pipeline }, at) => {
      for (; sent < total; sent++) at.server.send(MessageType.pipelineOutput, pipeline, `${big}${sent}`);
      at.server.sendState(pipeline, 4);
    }));
    const pipeline = session.invoke('flood');
    while (sent < total) await new Promise(setImmediate);
    for (let i = 0; i < 200; i++) await new Promise(setImmediate);
    const held = peer.pulled;
    for (let i = 0; i < 200; i++) await new Promise(setImmediate);
    assert.equal(peer.pulled, held);
    assert.ok(held * 32 * 1024 < 6 * 2 ** 20, `${held} chunks were read`);
    const records = await collect(pipeline);
    assert.deepEqual(records.map((r) => (r.value as string).slice(100_000)), Array.from({ length: total }, (_, i) => String(i)));
    assert.equal((await pipeline.result).state, 'completed');
    await session[Symbol.asyncDispose]();
  });

  it('can be stopped while nobody reads', async () => {
    const { session } = await open(answering('flood', ({ pipeline }, peer) => {
      for (let i = 0; i < 20_000; i++) peer.server.send(MessageType.pipelineOutput, pipeline, i);
    }));
    const pipeline = session.invoke('flood');
    for (let i = 0; i < 200; i++) await new Promise(setImmediate);
    await pipeline.stop();
    assert.equal((await pipeline.result).state, 'stopped');
    assert.equal((await session.invoke('next').result).state, 'completed');
    await session[Symbol.asyncDispose]();
  });

  it('drops what comes after an iteration was left, and the pipeline runs to its end', async () => {
    const { session } = await open(answering('many', ({ pipeline }, peer) => {
      for (let i = 0; i < 20_000; i++) peer.server.send(MessageType.pipelineOutput, pipeline, i);
      peer.server.sendState(pipeline, 4);
    }));
    const pipeline = session.invoke('many');
    for await (const record of pipeline) if (record.value === 5) break;
    assert.equal((await pipeline.result).state, 'completed');
    await session[Symbol.asyncDispose]();
  });

  it('refuses a second iteration instead of sharing the records out', async () => {
    const { session } = await open();
    const pipeline = session.invoke('x');
    await collect(pipeline);
    await assert.rejects(collect(pipeline), /iterated once/);
    await session[Symbol.asyncDispose]();
  });

  it('fails a script whose parameters cannot be sent, and stays usable', async () => {
    const { session } = await open();
    await assert.rejects(session.invoke('x', { parameters: { big: 2n ** 70n } }).result, (e: RemoteError) => e.failure.reason === 'unsupported');
    assert.equal((await session.invoke('next').result).state, 'completed');
    await session[Symbol.asyncDispose]();
  });

  it('refuses anything but Windows PowerShell 5.1, in one sentence', async () => {
    const peer = new TestPeer({
      onMessage: (message, at) => {
        if (message.type !== MessageType.createPipeline) return false;
        for (const text of ['7.4.6', 'Core', 'CONNECT01']) at.server.send(MessageType.pipelineOutput, message.pipeline, text);
        at.server.sendState(message.pipeline, 4);
        return true;
      },
    });
    await assert.rejects(openOverChannel(peer, options), (e: RemoteError) => e.failure.reason === 'not-windows-powershell' && e.failure.message.includes('7.4.6'));
    assert.equal(peer.closed, true);
  });
});
