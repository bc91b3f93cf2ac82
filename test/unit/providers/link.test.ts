import assert from 'node:assert/strict';
import { ServerLink } from '../../../src/providers/server/link.ts';
import { WakeWatch } from '../../../src/providers/server/wakeWatch.ts';
import type { ConnectionState } from '../../../src/providers/server/state.ts';
import type { ServerConnection } from '../../../src/session.ts';
import type { Pipeline } from '../../../src/session.ts';
import { deferred, failure, FakeConnection, FakeSession } from './fakes.ts';

const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** A session whose pipelines never end. */
class SilentSession extends FakeSession {
  override invoke(): Pipeline {
    return { result: new Promise(() => undefined), stop: () => Promise.resolve(), [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
  }
}

/** A session that ended without a word: the other side is gone, and asking it fails. */
class DeadSession extends FakeSession {
  override invoke(): Pipeline {
    const result = Promise.reject(new Error('gone'));
    result.catch(() => undefined);
    return { result, stop: () => Promise.resolve(), [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('gone')) }) };
  }
}

function make(open: (signal: AbortSignal) => Promise<ServerConnection>): { link: ServerLink; states: ConnectionState[]; kinds: () => string[] } {
  const states: ConnectionState[] = [];
  const link = new ServerLink({ open, changed: (state) => states.push(state) });
  return { link, states, kinds: () => states.map((state) => state.kind) };
}

describe('server link', () => {
  it('opens one connection however many ask for it, and keeps the session', async () => {
    const connection = new FakeConnection();
    let opened = 0;
    const { link, kinds } = make(() => { opened++; return Promise.resolve(connection); });
    const [a, b] = await Promise.all([link.session(), link.session()]);
    assert.equal(a, b);
    assert.equal(await link.session(), a);
    assert.equal(opened, 1);
    assert.equal(connection.sessions.length, 1);
    assert.deepEqual(kinds(), ['connecting', 'connected']);
  });

  it('opens a fresh runspace over the same connection when it is renewed', async () => {
    const connection = new FakeConnection();
    const { link } = make(() => Promise.resolve(connection));
    const first = await link.session();
    const second = await link.renew();
    assert.notEqual(first, second);
    assert.equal(first.alive, false);
    assert.equal(second.alive, true);
    assert.equal(connection.sessions.length, 2);
  });

  it('says that the connection was lost, why, and connects again at the next use', async () => {
    const connections = [new FakeConnection(() => new SilentSession()), new FakeConnection()];
    let n = 0;
    const { link, states, kinds } = make(() => Promise.resolve(connections[n++]!));
    // Something runs, and its end never comes.
    (await link.session()).invoke('x');
    connections[0]!.end(failure('The server went away.'));
    await settled();
    const lost = states.at(-1);
    assert.ok(lost?.kind === 'lost');
    assert.equal(lost.problem.message, 'The server went away.');
    const again = await link.session();
    assert.equal(again.alive, true);
    assert.deepEqual(kinds(), ['connecting', 'connected', 'lost', 'connecting', 'connected']);
    assert.deepEqual(states[3], { kind: 'connecting', again: true });
  });

  it('cancels an attempt and is disconnected afterwards, not failed', async () => {
    const { link, kinds } = make((signal) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => { reject(new DOMException('cancelled', 'AbortError')); });
    }));
    const attempt = link.session();
    link.cancel();
    await assert.rejects(attempt, { name: 'AbortError' });
    assert.deepEqual(kinds(), ['connecting', 'disconnected']);
  });

  it('closes a connection that arrives after it was cancelled', async () => {
    const late = deferred<ServerConnection>();
    const connection = new FakeConnection();
    const { link, kinds } = make(() => late.promise);
    const attempt = link.session();
    link.cancel();
    late.resolve(connection);
    await assert.rejects(attempt);
    assert.equal(connection.alive, false);
    assert.equal(kinds().at(-1), 'disconnected');
  });

  it('keeps why connecting failed and can try again', async () => {
    let n = 0;
    const { link, states } = make(() => n++ === 0 ? Promise.reject(Object.assign(new Error('no'), { failure: failure('Port 22 is closed.') })) : Promise.resolve(new FakeConnection()));
    await assert.rejects(link.session());
    const failed = states.at(-1);
    assert.ok(failed?.kind === 'failed');
    assert.equal(failed.problem.message, 'Port 22 is closed.');
    assert.equal((await link.session()).alive, true);
  });

  it('closes session and connection, and says so once', async () => {
    const connection = new FakeConnection();
    const { link, kinds } = make(() => Promise.resolve(connection));
    const session = await link.session();
    await link.close();
    await connection.closed;
    assert.equal(session.alive, false);
    assert.equal(connection.alive, false);
    assert.deepEqual(kinds(), ['connecting', 'connected', 'disconnected']);
  });

  it('takes the end of an idle connection for no error, and connects again at the next use', async () => {
    const connections = [new FakeConnection(), new FakeConnection()];
    let n = 0;
    const { link, states, kinds } = make(() => Promise.resolve(connections[n++]!));
    await link.session();
    connections[0]!.end(failure('The server closed the connection.'));
    await settled();
    assert.deepEqual(states.at(-1), { kind: 'disconnected', idle: { message: 'The server closed the connection.', remedy: 'Connect again.' } });
    await link.session();
    assert.deepEqual(kinds(), ['connecting', 'connected', 'disconnected', 'connecting', 'connected']);
  });

  it('asks a session after sleep whether it is there, and replaces a dead one at the next use only', async () => {
    const connections = [new FakeConnection(() => new DeadSession()), new FakeConnection()];
    let n = 0;
    const { link, kinds } = make(() => Promise.resolve(connections[n++]!));
    const dead = await link.session();
    link.suspect();
    assert.equal(n, 1);
    const session = await link.session();
    assert.notEqual(session, dead);
    assert.deepEqual(kinds(), ['connecting', 'connected', 'disconnected', 'connecting', 'connected']);
  });

  it('keeps a session that answers after sleep', async () => {
    const { link, kinds } = make(() => Promise.resolve(new FakeConnection()));
    const session = await link.session();
    link.suspect();
    assert.equal(await link.session(), session);
    assert.deepEqual(kinds(), ['connecting', 'connected']);
  });
});

describe('watch for sleep', () => {
  it('tells that the clock jumped, once, and not of a timer that was a little late', () => {
    let now = 0;
    let woke = 0;
    const watch = new WakeWatch(() => now, () => { woke++; });
    try {
      for (const step of [10_000, 25_000, 3_600_000, 10_000]) {
        now += step;
        watch.look();
      }
      assert.equal(woke, 1);
    } finally {
      watch.dispose();
    }
  });
});
