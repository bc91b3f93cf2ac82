import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import { missing } from '../../../src/connect/fact.ts';
import { readSnapshot } from '../../../src/connect/read-snapshot.ts';
import { eventBlocks } from '../../../src/connect/snapshot.ts';
import type { PSObject, PSValue, StreamRecord } from '../../../src/session.ts';
import { cases } from '../../cases.ts';

function object(properties: Record<string, PSValue>): PSObject {
  return { kind: 'object', typeNames: ['System.Management.Automation.PSCustomObject'], toStringValue: undefined, properties, value: undefined };
}

const output = (properties: Record<string, PSValue>): StreamRecord => ({ stream: 'output', value: object(properties) });
const fact = (name: string, value: PSValue): StreamRecord => output({ fact: name, value, ms: 1 });

const events = (changes: Record<string, PSValue> = {}): StreamRecord => output({
  fact: 'events', block: 'scm', log: 'System', complete: true, ms: 3, recordId: [12n, 11n], time: ['2026-10-05T06:00:01.0000000Z', '2026-10-05T06:00:00.0000000Z'], id: [7000, 7038], level: [2, 2],
  provider: ['Service Control Manager', 'Service Control Manager'], message: ['a', 'b'], data: ['Microsoft Entra ID Sync\u001f%%1069', 'ADSync\u001fCONTOSO\\svc\u001f%%1326'], binary: ['', ''], ...changes,
});

describe('reading a snapshot', () => {
  it('reads values, tables and events', () => {
    const snapshot = readSnapshot([
      fact('server.computerName', 'SYNC1'), fact('service.exitCode', -2145185792), fact('service.processId', 7n), fact('shell.elevated', true), fact('installation.build', '2.6.84.0 (release)'),
      fact('server.clock', '2026-10-05T06:00:00.1234567Z'), output({ fact: 'machineId', missing: 'access-denied', detail: 'no', ms: 1 }), fact('domainController.exitCode', 1355),
      output({ fact: 'connectors', ms: 1, name: ['a', 'b'], identifier: ['{B891884F-051E-4A83-95AF-2544101C9083}', 'x'], typeName: ['Extensible2', 'AD'], subtype: ['', ''], forest: ['', 'f'], loginDomain: ['', 'D'], loginUser: ['', 'u'], userName: ['Sync_1', ''] }),
      output({ fact: 'busy', ms: 1, connector: [], state: [] }),
      output({ fact: 'markers', ms: 1, path: ['Abandon', 'Abandon', ''], name: ['Intent', 'ExitCode', 'SchedulerBefore'], value: ['now', '0', 'True'] }),
      events(),
    ]);
    assert.deepEqual(snapshot.server.computerName, { known: true, value: 'SYNC1' });
    assert.deepEqual(snapshot.service.exitCode, { known: true, value: 0x80231000 });
    assert.deepEqual(snapshot.service.processId, { known: true, value: 7 });
    assert.deepEqual(snapshot.installation.build, { known: true, value: '2.6.84.0' });
    assert.deepEqual(snapshot.machineId, { known: false, why: 'access-denied', detail: 'no' });
    assert.deepEqual(snapshot.domainController.writable, { known: true, value: false });
    assert.deepEqual(snapshot.connectors.known && snapshot.connectors.value.map((c) => [c.name, c.type]), [['a', 'Entra'], ['b', 'AD']]);
    assert.deepEqual(snapshot.busy, { known: true, value: [] });
    assert.deepEqual(snapshot.markers.known && snapshot.markers.value.map((m) => [m.path, [...m.values]]), [['Abandon', [['Intent', 'now'], ['ExitCode', '0']]], ['', [['SchedulerBefore', 'True']]]]);
    assert.deepEqual(snapshot.events.records.map((e) => [e.recordId, e.id, e.data]), [[12, 7000, ['Microsoft Entra ID Sync', '%%1069']], [11, 7038, ['ADSync', 'CONTOSO\\svc', '%%1326']]]);
    assert.equal(snapshot.events.missing.size, eventBlocks.length - 1);
    assert.deepEqual([...snapshot.events.full], []);
  });

  it('takes the scheduler from the local settings where the cloud cannot be reached', () => {
    const settings = output({ fact: 'globalSettings', ms: 1, name: ['Microsoft.Synchronize.SynchronizationSchedule', 'Microsoft.Synchronize.StagingMode'], value: ['True', 'false'] });
    const failed = output({ fact: 'scheduler.syncCycleEnabled', missing: 'failed', detail: 'modal dialog', ms: 9 });
    const { scheduler } = readSnapshot([settings, failed]);
    assert.deepEqual(scheduler.syncCycleEnabled, { known: true, value: true });
    assert.deepEqual(scheduler.stagingMode, { known: true, value: false });
    assert.deepEqual(scheduler.cloud, { known: false, why: 'failed', detail: 'modal dialog' });
    assert.deepEqual(readSnapshot([settings, fact('scheduler.syncCycleEnabled', false)]).scheduler.syncCycleEnabled, { known: true, value: false });
  });

  const bad: readonly (readonly [string, readonly StreamRecord[], (s: ReturnType<typeof readSnapshot>) => { known: boolean; why?: string }])[] = [
    ['a number where text belongs', [fact('server.computerName', 7)], (s) => s.server.computerName],
    ['text where a truth value belongs', [fact('shell.elevated', 'True')], (s) => s.shell.elevated],
    ['an object where a number belongs', [fact('service.exitCode', object({}))], (s) => s.service.exitCode],
    ['a number beyond 32 bits', [fact('service.exitCode', 0x1_0000_0000)], (s) => s.service.exitCode],
    ['a fraction', [fact('service.exitCode', 1.5)], (s) => s.service.exitCode],
    ['an enormous text', [fact('server.computerName', 'x'.repeat(5000))], (s) => s.server.computerName],
    ['the same fact twice', [fact('server.computerName', 'SYNC1'), fact('server.computerName', 'SYNC2')], (s) => s.server.computerName],
    ['a local time', [fact('server.clock', '2026-10-05T06:00:00')], (s) => s.server.clock],
    ['an impossible time', [fact('server.clock', '2026-13-45T06:00:00Z')], (s) => s.server.clock],
    ['a build without numbers', [fact('installation.build', 'newest')], (s) => s.installation.build],
    ['an unknown sign-in mode', [fact('authenticationMode', 'Magic')], (s) => s.authenticationMode],
    ['columns of different length', [output({ fact: 'busy', connector: ['a'], state: [] }), output({ fact: 'connectors', ms: 1, name: ['a', 'b'], identifier: ['x'] })], (s) => s.connectors],
    ['too many rows', [output({ fact: 'busy', connector: Array.from({ length: 6000 }, () => 'a') })], (s) => s.busy],
  ];
  for (const [name, records, pick] of bad) {
    it(`takes ${name} as a missing fact`, () => {
      const read = pick(readSnapshot(records));
      assert.equal(read.known, false);
      assert.equal(read.why, 'bad-answer');
    });
  }

  it('gives the reason of the script for a missing fact, and "failed" for one it does not know', () => {
    assert.equal(reason([output({ fact: 'machineId', missing: 'command-absent' })]), 'command-absent');
    assert.equal(reason([output({ fact: 'machineId', missing: 'because I say so' })]), 'failed');
    assert.equal(reason([]), 'timed-out');
  });

  it('takes events that came twice, or with columns that do not fit, as not read', () => {
    assert.equal(readSnapshot([events(), events()]).events.missing.has('scm'), true);
    assert.equal(readSnapshot([events({ id: [7000] })]).events.missing.has('scm'), true);
    assert.equal(readSnapshot([events({ missing: 'access-denied' })]).events.missing.get('scm')?.known, false);
    assert.deepEqual([...readSnapshot([events({ complete: false })]).events.full], ['scm']);
  });

  it('drops single events that make no sense and keeps the rest', () => {
    const { records } = readSnapshot([events({ recordId: ['x', 11n] })]).events;
    assert.deepEqual(records.map((e) => e.recordId), [11]);
  });

  it('ignores every stream but the output, and objects without a fact', () => {
    const noise: StreamRecord[] = [{ stream: 'warning', value: 'server.computerName' }, { stream: 'output', value: null }, { stream: 'output', value: 'text' }, { stream: 'output', value: [1, 2] }, output({}), output({ fact: 3 })];
    assert.equal(readSnapshot(noise).server.computerName.known, false);
  });

  it('never throws and never concludes a lost key from noise', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('ADSync', 'Stopped', 'Running', '2026-10-05T06:00:00Z', '%%2149781504', 'System'));
    const value: fc.Arbitrary<PSValue> = fc.letrec<{ value: PSValue }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.constant(null), fc.boolean(), text, fc.double(), fc.bigInt(), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(text, tie('value'), { maxKeys: 4 }).map(object)),
    })).value;
    const name = fc.constantFrom('events', 'connectors', 'markers', 'service.state', 'service.exitCode', 'service.exists', 'runs', 'globalSettings', 'server.clock', 'installation.build', 'original.baseline', '__proto__', 'constructor');
    const columns = fc.constantFrom('block', 'log', 'recordId', 'time', 'id', 'level', 'provider', 'message', 'data', 'binary', 'value', 'missing', 'name', 'path', '__proto__');
    const record = fc.tuple(name, fc.dictionary(columns, value)).map(([fact, fields]) => output({ ...fields, fact }));
    fc.assert(fc.property(fc.array(record, { maxLength: 12 }), (records) => {
      const found = diagnose(readSnapshot(records));
      assert.ok(found.length > 0);
      assert.equal(found.some((f) => f.plan === 'full-abandonment'), false);
    }), cases(300));
  });
});

function reason(records: readonly StreamRecord[]): string | undefined {
  const { machineId } = readSnapshot(records, missing('timed-out'));
  return machineId.known ? undefined : machineId.why;
}
