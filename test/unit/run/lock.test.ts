import assert from 'node:assert/strict';
import { isLive, lockWinner, readLock, type LockEntry } from '../../../src/connect/lock-entry.ts';
import { Bench } from './harness.ts';

const entry = (values: Partial<LockEntry>): LockEntry => ({ id: 'a', who: 'alice', host: 'A', run: 'a', held: false, created: 1_000, heartbeat: 10_000, leaseMilliseconds: 120_000, bootTime: 0, takenBy: '', ...values });
const reading = (entries: readonly LockEntry[], now = 20_000): { entries: readonly LockEntry[]; now: number; bootTime: number } => ({ entries, now, bootTime: 0 });

describe('the lock on a server', () => {
  it('the oldest live entry wins, a held one before all, ids break a tie', () => {
    assert.equal(lockWinner(reading([entry({ id: 'b', created: 2 }), entry({ id: 'a', created: 3 })]))?.id, 'b');
    assert.equal(lockWinner(reading([entry({ id: 'b', created: 2 }), entry({ id: 'a', created: 3, held: true })]))?.id, 'a');
    assert.equal(lockWinner(reading([entry({ id: 'b', created: 2 }), entry({ id: 'a', created: 2 })]))?.id, 'a');
    assert.equal(lockWinner(reading([])), undefined);
  });

  it('an entry is dead past its lease, after a boot, or with a heartbeat far in the future', () => {
    const now = reading([], 200_000);
    assert.equal(isLive(entry({ heartbeat: 80_001 }), now), true);
    assert.equal(isLive(entry({ heartbeat: 79_999 }), now), false);
    assert.equal(isLive(entry({ heartbeat: 79_999, leaseMilliseconds: 900_000 }), now), true);
    assert.equal(isLive(entry({ heartbeat: 190_000, bootTime: -3_600_000 }), now), false);
    assert.equal(isLive(entry({ heartbeat: 90_000_000 }), now), false);
  });

  it('half-written and planted entries are dropped, not trusted', () => {
    const read = readLock([
      { id: 'A', who: 'x', host: 'h', run: 'r', state: 'held', created: '2026-10-05T00:00:00Z', heartbeat: '2026-10-05T00:00:00Z', leaseSeconds: '120', bootTime: '2026-10-01T00:00:00Z', now: '2026-10-05T00:00:01Z', serverBootTime: '2026-10-01T00:00:00Z' },
      { id: 'B', who: 'x', created: '', heartbeat: '', leaseSeconds: '', bootTime: '' },
      { id: 'C', who: 'x', created: 'soon', heartbeat: 'later', leaseSeconds: 'for ever', bootTime: 'no' },
    ]);
    assert.deepEqual(read.entries.map((one) => one.id), ['a']);
  });

  it('two clients at once: exactly one runs, and the other leaves nothing behind', async () => {
    for (const first of ['11111111-2222-4333-8444-555555555555', 'ffffffff-2222-4333-8444-555555555555']) {
      const second = first.startsWith('1') ? 'ffffffff-2222-4333-8444-555555555555' : '11111111-2222-4333-8444-555555555555';
      const bench = new Bench();
      bench.server.state = 'Stopped';
      const [a, b] = await Promise.all([bench.start({ kind: 'step', step: 'start-service', target: undefined }, first).result, bench.start({ kind: 'step', step: 'start-service', target: undefined }, second).result]);
      assert.deepEqual([a.state, b.state].sort(), ['done', 'refused'], `${a.message} ${b.message}`);
      assert.equal(bench.server.startAttempts, 1);
      assert.equal(bench.server.locks.size, 0);
    }
  });

  it('a second run while the first works is refused by name', async () => {
    const bench = new Bench();
    bench.server.locks.set('99999999-2222-4333-8444-555555555555', {
      who: 'bob', host: 'OTHER', run: 'x', state: 'held', created: new Date(bench.clock.time - 1000).toISOString(), heartbeat: new Date(bench.clock.time).toISOString(), leaseSeconds: '120', bootTime: '2026-10-01T00:00:00.0000000Z',
    });
    const result = await bench.step('stop-service');
    assert.equal(result.state, 'refused');
    assert.match(result.message, /bob on OTHER/);
    assert.equal(bench.server.state, 'Running');
    assert.equal(bench.server.locks.size, 1);
  });

  it('a dead run\'s entry does not keep anybody out', async () => {
    const bench = new Bench();
    bench.server.locks.set('99999999-2222-4333-8444-555555555555', {
      who: 'bob', host: 'OTHER', run: 'x', state: 'held', created: '2026-10-05T09:00:00.000Z', heartbeat: '2026-10-05T09:00:00.000Z', leaseSeconds: '120', bootTime: '2026-10-01T00:00:00.0000000Z',
    });
    const result = await bench.step('stop-service');
    assert.equal(result.state, 'done', result.message);
  });

  it('a run that loses its lock stops before its next action', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    bench.server.before_ = (script) => {
      if (script !== 'set-service-password') return;
      bench.server.locks.clear();
      bench.server.locks.set('00000000-2222-4333-8444-555555555555', {
        who: 'bob', host: 'OTHER', run: 'x', state: 'held', created: '2026-10-05T09:00:00.000Z', heartbeat: '2030-10-05T12:00:00.000Z', leaseSeconds: '3600', bootTime: '2026-10-01T00:00:00.0000000Z',
      });
      bench.clock.time = Date.parse('2030-10-05T12:00:00.000Z');
    };
    const result = await bench.recommended();
    assert.equal(result.state, 'refused', result.message);
    assert.match(result.message, /does not hold the lock of this server any more/);
    assert.equal(bench.server.scmPassword, 'old-Passw0rd');
    assert.equal(bench.server.startAttempts, 0);
  });

  it('a question goes away with the run that asked it: whoever answers late answers nobody', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    let asked: AbortSignal | undefined;
    bench.person.confirm = (_request, signal?: AbortSignal) => {
      asked = signal;
      bench.server.locks.clear();
      bench.server.locks.set('00000000-2222-4333-8444-555555555555', {
        who: 'bob', host: 'OTHER', run: 'x', state: 'held', created: '2026-10-05T09:00:00.000Z', heartbeat: '2030-10-05T12:00:00.000Z', leaseSeconds: '3600', bootTime: '2026-10-01T00:00:00.0000000Z',
      });
      bench.clock.time = Date.parse('2030-10-05T12:00:00.000Z');
      return new Promise(() => undefined);
    };
    const result = await bench.recommended();
    assert.equal(result.state, 'refused', result.message);
    assert.equal(asked?.aborted, true, 'the question is still open');
  });

  it('is the newer one\'s of two that hold it, and the older one\'s of two that wait', () => {
    for (const held of [true, false]) assert.equal(lockWinner(reading([entry({ id: 'older', held, created: 1 }), entry({ id: 'newer', held, created: 2 })]))?.id, held ? 'newer' : 'older');
  });

  it('is not the one\'s whose machine slept, whichever entry is older: not after its lease, and not after its entry was tidied away', async () => {
    for (const isTidied of [false, true]) {
      const bench = new Bench();
      bench.server.wrongScmPassword();
      bench.person.confirm = (request): Promise<boolean> => {
        if (request.step !== 'start-service' && request.step !== 'set-service-password') return Promise.resolve(true);
        // It sleeps for an hour; meanwhile another client finds its lease run out, and takes the lock.
        bench.clock.time += 3_600_000;
        const now = new Date(bench.clock.time).toISOString();
        if (isTidied) bench.server.locks.clear();
        bench.server.locks.set('00000000-2222-4333-8444-555555555555', { who: 'bob', host: 'OTHER', run: 'x', state: 'held', created: now, heartbeat: now, leaseSeconds: '120', bootTime: '2026-10-01T00:00:00.0000000Z', takenBy: '' });
        return Promise.resolve(true);
      };
      const result = await bench.recommended();
      assert.equal(result.state, 'refused', `${isTidied ? 'tidied' : 'run out'}: ${result.message}`);
      assert.match(result.message, /lock/);
      assert.equal(bench.server.startAttempts, 0);
      assert.ok(bench.server.locks.has('00000000-2222-4333-8444-555555555555'));
    }
  });

  it('is not taken back by a client whose machine slept while another had it, also when that one is gone again', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    let calls = 0;
    bench.person.confirm = async (request): Promise<boolean> => {
      if (request.step !== 'start-service' && request.step !== 'set-service-password') return true;
      if (calls > 0) return true;
      bench.clock.time += 3_600_000;
      for (const state of ['waiting', 'held']) await bench.server.handle('lock-write', { Id: '00000000-2222-4333-8444-555555555555', Who: 'bob', FromHost: 'OTHER', Client: 'c', Run: 'x', State: state, LeaseSeconds: 120 });
      await bench.server.handle('lock-release', { Id: '00000000-2222-4333-8444-555555555555' });
      calls = bench.server.calls.length;
      return true;
    };
    const result = await bench.recommended();
    assert.equal(result.state, 'refused', result.message);
    assert.match(result.message, /another client has held it meanwhile/);
    assert.ok(!bench.server.calls.slice(calls).some((script) => ['set-service-password', 'start-service', 'record-step'].includes(script)));
  });

  it('is kept by a client whose machine slept where nobody else came', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    bench.person.confirm = (request): Promise<boolean> => {
      if (request.step === 'set-service-password') bench.clock.time += 600_000;
      return Promise.resolve(true);
    };
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
  });
});
