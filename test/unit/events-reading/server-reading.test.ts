import assert from 'node:assert/strict';
import { EventStore } from '../../../src/events/event-store.ts';
import { ServerReading } from '../../../src/providers/events/serverReading.ts';
import type { PSObject, PSValue } from '../../../src/session.ts';
import { ScriptedSession, type Answer } from './scripted-session.ts';

const object = (properties: Readonly<Record<string, PSValue>>): PSObject => ({ kind: 'object', typeNames: [], properties } as unknown as PSObject);
const begin = (log: string, count = 2, oldest = 1): PSObject => object({ kind: 'begin', log, count, oldest, enabled: true, circular: true });
const end = (log: string, outcome = 'read', rows = 0): PSObject => object({ kind: 'end', log, outcome, detail: outcome === 'denied' ? 'Zugriff verweigert' : '', rows, unformatted: 0 });
const batch = (log: string, recordId: number): PSObject => object({ kind: 'batch', log, rows: 1, texts: ['ADSync', 'said'], recordId: recordId.toString(), time: (638_000_000_000_000_000n + BigInt(recordId) * 10_000_000n).toString(), id: '6208', level: '2', provider: '0', message: '1', data: '-1' });
const clock: Answer = () => ['+01:00'];
const broken: Answer = function* () {
  yield begin('System');
  yield batch('System', 2);
  throw new Error('The connection was lost.');
};

function reading(...sessions: readonly ScriptedSession[]): { readonly store: EventStore; readonly one: ServerReading } {
  const store = new EventStore();
  const rest = [...sessions];
  const one = new ServerReading('sync1', store, {
    session: () => { const next = rest.shift(); return next === undefined ? Promise.reject(new Error('no more sessions')) : Promise.resolve(next); },
    delay: () => new Promise(() => undefined), added: () => undefined, changed: () => undefined,
  });
  return { store, one };
}

describe('reading one server for the viewer', () => {
  it('tells that a log is denied, and reads the others', async () => {
    const { store, one } = reading(new ScriptedSession(clock, () => [begin('Security', -1, -1), end('Security', 'denied'), begin('System'), batch('System', 2), end('System', 'read', 1)]));
    await one.read([{ log: 'Security' }, { log: 'System' }]);
    assert.deepEqual(one.news, [{ kind: 'denied', log: 'Security', detail: 'Zugriff verweigert' }]);
    assert.equal(store.size, 1);
    assert.equal(one.complete, true);
    await one.dispose();
  });

  it('keeps what came before the session died, says so, and goes on over another one when it is asked to', async () => {
    const second = new ScriptedSession(() => [begin('System'), batch('System', 1), end('System', 'read', 1)]);
    const { store, one } = reading(new ScriptedSession(clock, broken), second);
    await one.read([{ log: 'System' }]);
    assert.deepEqual(one.news, [{ kind: 'lost', message: 'The connection was lost.' }]);
    assert.equal(store.size, 1);
    assert.equal(one.complete, false);
    await one.more();
    assert.deepEqual(one.news, []);
    assert.equal(store.size, 2);
    assert.equal(one.complete, true);
    await one.dispose();
  });

  it('reads what is asked for while it reads', async () => {
    let more = (): Promise<void> => Promise.resolve();
    const session = new ScriptedSession(clock, () => { void more(); return [begin('System'), batch('System', 2), end('System', 'read', 1)]; }, () => [begin('Setup', 1), batch('Setup', 1), end('Setup', 'read', 1)]);
    const { store, one } = reading(session);
    more = () => one.read([{ log: 'Setup' }]);
    await one.read([{ log: 'System' }]);
    assert.deepEqual(store.logs.names, ['System', 'Setup']);
    assert.equal(one.complete, true);
    await one.dispose();
  });

  it('reads a log as a whole when that is asked for while a part of it is being read', async () => {
    let more = (): Promise<void> => Promise.resolve();
    const session = new ScriptedSession(clock, () => { void more(); return [begin('System'), batch('System', 2), end('System', 'read', 1)]; }, () => [begin('System'), batch('System', 3), batch('System', 2), batch('System', 1), end('System', 'read', 3)]);
    const { store, one } = reading(session);
    more = () => one.read([{ log: 'System' }]);
    await one.read([{ log: 'System', any: [{ ids: [6208] }] }]);
    assert.equal(store.size, 3);
    assert.equal(session.calls.length, 3);
    assert.equal(one.complete, true);
    await one.dispose();
  });

  it('reads the event that was asked for first over the session that reads on', async () => {
    const { store, one } = reading(new ScriptedSession(() => [begin('System'), batch('System', 1), end('System', 'read', 1)], clock, () => [begin('System'), batch('System', 2), batch('System', 1), end('System', 'read', 2)]));
    const done = one.read([{ log: 'System' }], { log: 'System', recordId: 1 });
    // Connecting is told from the start, and can be called off.
    assert.equal(one.active, true);
    await done;
    assert.deepEqual([store.size, one.news], [2, []]);
    await one.dispose();
  });

  it('says that an event which was asked for is gone, and reads the others', async () => {
    const { store, one } = reading(new ScriptedSession(() => [begin('System'), end('System', 'read', 0)], clock, () => [begin('System'), batch('System', 2), end('System', 'read', 1)]));
    await one.read([{ log: 'System' }], { log: 'System', recordId: 1 });
    assert.deepEqual([store.size, one.news], [1, [{ kind: 'gone', log: 'System' }]]);
    await one.dispose();
  });

  it('does not say that an event is gone where its log may not be read', async () => {
    const { one } = reading(new ScriptedSession(() => [begin('Security', -1, -1), end('Security', 'denied')], clock, () => [begin('Security', -1, -1), end('Security', 'denied')]));
    await one.read([{ log: 'Security' }], { log: 'Security', recordId: 1 });
    assert.deepEqual(one.news.map(({ kind }) => kind), ['denied']);
    await one.dispose();
  });

  it('opens one session where reading and following begin together', async () => {
    let opened = 0;
    const session = new ScriptedSession(clock, () => [begin('System'), batch('System', 1), end('System', 'read', 1)]);
    const one = new ServerReading('sync1', new EventStore(), { session: async () => { opened++; await Promise.resolve(); return session; }, delay: () => new Promise(() => undefined), added: () => undefined, changed: () => undefined });
    one.follow(true);
    await one.read([{ log: 'System' }]);
    assert.equal(opened, 1);
    await one.dispose();
  });

  it('closes a session that comes after the tab is gone', async () => {
    let give: (session: ScriptedSession) => void = () => undefined;
    const late = new Promise<ScriptedSession>((resolve) => { give = resolve; });
    const one = new ServerReading('sync1', new EventStore(), { session: () => late, delay: () => new Promise(() => undefined), added: () => undefined, changed: () => undefined });
    const done = one.read([{ log: 'System' }], { log: 'System', recordId: 1 });
    await one.dispose();
    let closed = false;
    give(Object.assign(new ScriptedSession(), { [Symbol.asyncDispose]: () => { closed = true; return Promise.resolve(); } }));
    await done;
    assert.equal(closed, true);
  });

  it('catches up with what was written since, also in a log that was empty, and looks once', async () => {
    const session = new ScriptedSession(clock,
      () => [begin('System'), batch('System', 2), end('System', 'read', 1), begin('Setup', 0, 0), end('Setup', 'read', 0)],
      () => [begin('Setup', 1), batch('Setup', 1), end('Setup', 'read', 1)],
      () => [begin('System', 3), batch('System', 2), batch('System', 3), end('System', 'read', 2), begin('Setup', 1), batch('Setup', 1), end('Setup', 'read', 1)]);
    const { store, one } = reading(session);
    await one.read([{ log: 'System' }, { log: 'Setup' }]);
    assert.equal(store.size, 1);
    await one.catchUp();
    assert.equal(store.size, 3);
    assert.ok(store.find('sync1', 'System', 3) >= 0 && store.find('sync1', 'Setup', 1) >= 0);
    assert.deepEqual([one.news, one.complete, one.following], [[], true, false]);
    await one.dispose();
  });

  it('tells of a log that was cleared while it was followed, and keeps what was read', async () => {
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => { tell = resolve; });
    const store = new EventStore();
    const session = new ScriptedSession(clock, () => [begin('System'), batch('System', 2), end('System', 'read', 1)], () => { return [begin('System', 1, 1), end('System', 'read', 0)]; }, () => [begin('System', 1, 1), batch('System', 1), end('System', 'read', 1)]);
    const one = new ServerReading('sync1', store, {
      session: () => Promise.resolve(session), delay: () => new Promise(() => undefined), added: () => undefined,
      changed: () => { if (one.news.some(({ kind }) => kind === 'cleared')) tell(); },
    });
    await one.read([{ log: 'System' }]);
    one.follow(true);
    await told;
    assert.deepEqual(one.news, [{ kind: 'cleared', log: 'System' }]);
    assert.ok(store.size >= 1);
    await one.dispose();
  });
});
