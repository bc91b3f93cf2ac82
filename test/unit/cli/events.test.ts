import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { main } from '../../../src/cli/main.ts';
import type { Interruption } from '../../../src/cli/exit-codes.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import type { ServerConnection } from '../../../src/session.ts';
import { batch, begin, end, object, ScriptedSession, type Answer } from '../events-reading/scripted-session.ts';
import { FakeClock } from '../run/fake-clock.ts';

interface Ways {
  /** Nobody reads the output after so many pieces of it. */
  readonly readersPatience?: number;
  readonly interruptAfter?: number;
  /** Somebody interrupts once this was said on standard error. */
  readonly interruptWhenSaid?: string;
  /** True: the server cannot be reached. */
  readonly dead?: boolean;
  /** Lines of the journal of a run. */
  readonly journal?: string;
}

/** The command in front of servers that are lists of answers, one list a connection. */
async function events(words: readonly string[], connections: readonly (readonly Answer[])[], ways: Ways = {}): Promise<{ code: number; out: string; err: string; sessions: ScriptedSession[]; files: Readonly<Record<string, string>> | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), 'cli-events-'));
  const sessions: ScriptedSession[] = [];
  const waiting = [...connections];
  const gone = new AbortController();
  let [out, err, pieces] = ['', '', 0];
  let interrupt: (signal: Interruption) => void = () => undefined;
  try {
    writeFileSync(join(folder, 'lab.connect.yaml'), 'version: 1\nservers:\n  - name: practice\n    transport: local\n');
    if (ways.journal !== undefined) {
      mkdirSync(join(folder, 'state', 'runs'), { recursive: true });
      writeFileSync(join(folder, 'state', 'runs', 'run-1.jsonl'), ways.journal);
    }
    const code = await main({
      io: {
        out: (text) => {
          out += text;
          pieces++;
          if (pieces === ways.readersPatience) gone.abort();
          if (pieces === ways.interruptAfter) interrupt('SIGINT');
        },
        err: (text) => {
          err += text;
          if (ways.interruptWhenSaid !== undefined && text.includes(ways.interruptWhenSaid)) interrupt('SIGINT');
        }, terminal: undefined, readInput: () => Promise.resolve(''), environment: {}, folder, home: folder, unread: gone.signal,
        onInterruption: (listener) => {
          interrupt = listener;
          return () => { interrupt = () => undefined; };
        },
      },
      connect: () => Promise.resolve(() => {
        if (ways.dead === true) return Promise.reject(new RemoteError({ reason: 'connection-lost', server: 'practice', message: 'Nobody is there.', remedy: 'Look.' }));
        const session = new ScriptedSession(...waiting.shift() ?? []);
        sessions.push(session);
        const connection: ServerConnection = { server: 'practice', get alive() { return session.alive; }, closed: new Promise(() => undefined), openSession: () => Promise.resolve(session), [Symbol.asyncDispose]: () => Promise.resolve() };
        return Promise.resolve(connection);
      }),
      clock: new FakeClock(), user: { who: 'alice', host: 'LAPTOP' }, state: join(folder, 'state'), version: '1.2.3', newId: randomUUID,
    }, ['events', 'practice', ...words]);
    const packed = join(folder, 'practice.zip');
    const files = existsSync(packed) ? Object.fromEntries(Object.entries(unzipSync(new Uint8Array(readFileSync(packed)))).map(([name, bytes]) => [name, strFromU8(bytes)])) : undefined;
    return { code, out, err, sessions, files };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const two: Answer = () => [begin('System', { count: 2, oldest: 6 }), batch('System', [{ record: 7, id: 7038, message: '=1+1 said\u001b[2J', data: '|ADSync' }, { record: 6, data: '|a|b' }]), end('System', 2)];

describe('events', () => {
  it('prints a line an event, and nothing in it steers the terminal', async () => {
    const { code, out, err } = await events(['--log', 'System'], [[two]]);
    assert.equal(code, 0, err);
    const lines = out.trimEnd().split('\n');
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /System {2}ADSync {2}7038 {2}#7 {2}=1\+1 said \[2J$/);
    assert.match(lines[1] ?? '', /#6 {2}a · b$/);
    assert.ok(!out.includes('\u001b'));
  });

  it('prints JSON that keeps every character, and CSV that no spreadsheet computes', async () => {
    const json = await events(['--log', 'System', '--json'], [[two]]);
    const [first] = json.out.trimEnd().split('\n').map((line) => JSON.parse(line) as { event: { id: number; message: string; data: string[] } });
    assert.deepEqual([first?.event.id, first?.event.message, first?.event.data], [7038, '=1+1 said\u001b[2J', ['ADSync']]);
    const csv = await events(['--log', 'System', '--csv'], [[two]]);
    assert.match(csv.out, /^server,log,recordId,time,id,level,provider,message,data\r\npractice,System,7,[^,]+Z,7038,4,ADSync,"'=1\+1 said \[2J",ADSync\r\n/);
  });

  it('says by its exit code that a log which was named could not be read, and reads the others', async () => {
    const { code, out, err } = await events(['--log', 'Security', '--log', 'System'], [[() => [begin('Security'), end('Security', 0, 'denied', 'Zugriff verweigert')], two]]);
    assert.notEqual(code, 0);
    assert.match(err, /Security: This account may not read it.*Event Log Readers.*Zugriff verweigert/);
    assert.match(out, /#7/);
  });

  it('ends quietly when whoever reads it has seen enough, and stops what runs on the server', async () => {
    const { code, out, err, sessions } = await events(['--log', 'System'], [[function* endless() {
      yield begin('System', { count: 1_000_000, oldest: 1 });
      for (let record = 1_000_000; record > 0; record -= 2) yield batch('System', [{ record }, { record: record - 1 }]);
    }]], { readersPatience: 3 });
    assert.deepEqual([code, err], [0, '']);
    assert.ok(out.split('\n').length <= 10);
    assert.equal(sessions[0]?.stops, 1);
  });

  it('stops the server on Ctrl+C, and says so by its exit code', async () => {
    const { code, sessions } = await events(['--log', 'System'], [[function* endless() {
      yield begin('System', { count: 1_000_000, oldest: 1 });
      for (let record = 1_000_000; record > 0; record -= 2) yield batch('System', [{ record }, { record: record - 1 }]);
    }]], { interruptAfter: 3 });
    assert.equal(code, 130);
    assert.equal(sessions[0]?.stops, 1);
  });

  it('goes on following over a new connection when the first is lost, and repeats no event', async () => {
    const lost: Answer = () => { throw new RemoteError({ reason: 'connection-lost', server: 'practice', message: 'It broke.', remedy: 'Look.' }); };
    const news: Answer = () => [begin('System', { count: 3, oldest: 6 }), batch('System', [{ record: 7, id: 7038 }, { record: 8, message: 'new' }]), end('System', 2)];
    const { out, err } = await events(['--log', 'System', '--since', '1d', '--follow'], [[two, lost], [news]], { interruptAfter: 2 });
    assert.match(err, /The connection was lost; connecting again/);
    assert.deepEqual([...out.matchAll(/#(\d+)/g)].map(([, record]) => record), ['7', '6', '8']);
  });

  it('writes a support package: what a diagnosis finds, journals, events and trace logs, without their secrets', async () => {
    const all: Answer = () => ['System', 'Application', 'Security', 'Microsoft-Windows-Crypto-DPAPI/Operational'].flatMap((log) => log === 'Security' ? [begin(log), end(log, 0, 'denied', 'no')] : [begin(log), batch(log, [{ record: 7, id: 6208, message: 'Password=Secret-abc1' }]), end(log, 1)]);
    const traces: Answer = () => [object({ name: 'trace-20260102-030405.log', text: 'Password=Secret-abc2\n', problem: '' })];
    const journal = '{"v":1,"seq":1,"at":"2026-11-01T00:00:00.000Z","run":"run-1","step":null,"event":"run-started","data":{"server":"practice","computerName":"SYNC1","plan":"service-password"}}\n';
    const { code, out, err, files } = await events(['--support', 'practice.zip'], [[() => [], all, traces]], { journal });
    assert.equal(code, 0, err);
    assert.match(out, /^\S+practice\.zip\n$/);
    assert.deepEqual(Object.keys(files ?? {}).sort(), ['events.events.jsonl', 'findings.json', 'journals/run-1.jsonl', 'problems.txt', 'trace/trace-20260102-030405.log', 'versions.json']);
    assert.equal((JSON.parse(files?.['findings.json'] ?? '') as { read: boolean }).read, true);
    assert.match(files?.['problems.txt'] ?? '', /Security: denied/);
    assert.match(files?.['events.events.jsonl'] ?? '', /6208/);
    assert.doesNotMatch(JSON.stringify(files), /Secret-abc/);
    assert.match(err, /practice: reading the log System[^]*problems\.txt/);
  });

  it('leaves no package where it was interrupted or the server is not reached, and overwrites none', async () => {
    const stopped = await events(['--support', 'practice.zip'], [[() => [], function* endless() {
      yield begin('System', { count: 1_000_000, oldest: 1 });
      for (let record = 1_000_000; record > 0; record--) yield batch('System', [{ record }]);
    }]], { interruptWhenSaid: 'reading the log' });
    assert.equal(stopped.code, 130, stopped.err);
    assert.equal(stopped.files, undefined);
    const lost = await events(['--support', 'practice.zip'], [], { dead: true });
    assert.equal(lost.code, 4, lost.err);
    assert.equal(lost.files, undefined);
    const there = await events(['--support', 'lab.connect.yaml'], []);
    assert.equal(there.code, 2);
    assert.match(there.err, /lab\.connect\.yaml could not be written[^]*Name a file that does not exist yet/);
    const mixed = await events(['--support', 'practice.zip', '--log', 'System'], []);
    assert.deepEqual([mixed.code, mixed.sessions.length], [2, 0]);
  });

  it('refuses what it cannot ask for, before it connects', async () => {
    for (const [words, why] of [[['--level', 'loud'], /--level must be one of/], [['--since', 'yesterday'], /--since needs/], [['--json', '--csv'], /exclude each other/], [['--log', 'Sys*'], /without a pattern/]] as const) {
      const { code, err, sessions } = await events(words, []);
      assert.equal(sessions.length, 0);
      assert.notEqual(code, 0);
      assert.match(err, why);
    }
  });
});
