import assert from 'node:assert/strict';
import fc from 'fast-check';
import { psDecimal, psObject, psTyped } from '../../src/remote/clixml/values.ts';
import { dataLine, FrameReader } from '../../src/remote/outofproc/frame.ts';
import type { PsrpClient } from '../../src/remote/psrp/client.ts';
import { ProtocolError } from '../../src/remote/psrp/error.ts';
import { readErrorRecord } from '../../src/remote/psrp/errorRecord.ts';
import type { ClientEvent } from '../../src/remote/psrp/events.ts';
import { decode } from '../../src/remote/clixml/decode.ts';
import type { PSObject, PSValue, SecureString } from '../../src/session.ts';
import errorRecord from './golden/error-record.json' with { type: 'json' };
import errorThrown from './golden/error-thrown.json' with { type: 'json' };
import hostCalls from './golden/host-calls.json' with { type: 'json' };
import secureString from './golden/secure-string.json' with { type: 'json' };
import streams from './golden/streams.json' with { type: 'json' };
import values from './golden/values.json' with { type: 'json' };
import type { Transcript } from './golden.ts';
import { bytesOf, machine, replay } from './golden.ts';
import { cases, fuzzing } from '../cases.ts';

const transcripts: readonly Transcript[] = [errorRecord, errorThrown, hostCalls, secureString, streams, values];

const recordsOf = (events: readonly ClientEvent[]): { stream: string; value: unknown }[] => events.flatMap((e) => (e.type === 'record' ? [e.record] : []));
const endOf = (events: readonly ClientEvent[]): Extract<ClientEvent, { type: 'pipeline-state' }> => {
  const last = events.at(-1);
  return last?.type === 'pipeline-state' ? last : assert.fail('no state at the end');
};

describe('transcripts of a real engine', () => {
  it('streams', () => {
    const events = replay(streams);
    assert.deepEqual(recordsOf(events), [
      { stream: 'verbose', value: 'v' }, { stream: 'output', value: 1 }, { stream: 'debug', value: 'd' }, { stream: 'warning', value: 'w' },
      { stream: 'information', value: { message: 'hello', source: 'f', tags: ['PSHOST'], host: { foreground: 12, background: undefined, noNewLine: false } } },
      { stream: 'progress', value: { activityId: 3, parentActivityId: -1, activity: 'act', status: 'stat', currentOperation: '', percent: -1, secondsRemaining: -1, completed: false } },
    ]);
    assert.deepEqual(endOf(events).state, 4);
    // The server also calls the host for each of the lines.
    assert.deepEqual(events.flatMap((e) => (e.type === 'host-call' ? [e.call.method] : [])), ['WriteVerboseLine', 'WriteDebugLine', 'WriteWarningLine', 'WriteLine3', 'WriteProgress']);
  });

  it('values', () => {
    const found = recordsOf(replay(values)).map((r) => r.value as PSValue);
    assert.deepEqual(found.slice(0, 16), [
      null, 1, 'a_x0041_\ufffe\r\n🎵', 18446744073709551615n, -9223372036854775808n, psDecimal('1.1'), Number.NEGATIVE_INFINITY, psTyped('Char', 'x'),
      psTyped('TimeSpan', 'P10675199DT2H48M5.4775807S'), psTyped('Version', '1.2.3'), psTyped('ScriptBlock', '1+1'), psTyped('Xml', '<a>b</a>'), new Uint8Array([1, 2]),
      { kind: 'date', date: new Date('2026-03-01T12:00:00Z'), raw: '2026-03-01T12:00:00Z' }, new Map<PSValue, PSValue>([['1', 'string'], [1, 'int']]),
      psObject(['System.DayOfWeek', 'System.Enum', 'System.ValueType', 'System.Object'], {}, { text: 'Friday', value: 5 }),
    ]);
    assert.deepEqual(found[16], [1, [2, null]]);
    assert.match((found[17] as PSObject).typeNames[0] ?? '', /DateTimeOffset/);
    assert.equal((found[18] as PSObject).toStringValue, '10.0.0.1');
    assert.equal((found[19] as Map<PSValue, PSValue>).get('x'), 1);
    assert.equal(found.length, 20);
  });

  it('a thrown error', () => {
    const { state, error } = endOf(replay(errorThrown));
    assert.equal(state, 5);
    assert.deepEqual({ ...error, scriptStackTrace: undefined }, {
      message: 'gone', fullyQualifiedErrorId: 'gone', exceptionType: 'System.IO.FileNotFoundException', hresult: -2147024894, target: undefined,
      category: { category: 'OperationStopped', activity: '', reason: 'FileNotFoundException', targetName: '', targetType: '' },
      script: { text: "throw [System.IO.FileNotFoundException]::new('gone', [Exception]::new('inner'))", line: 2, column: 1 },
      scriptStackTrace: undefined, inner: [{ type: 'System.Exception', message: 'inner' }], recommendedAction: undefined,
    });
  });

  it('an error record', () => {
    const [record] = recordsOf(replay(errorRecord));
    const error = record?.value as ReturnType<typeof readErrorRecord>;
    assert.equal(record?.stream, 'error');
    assert.deepEqual([error.message, error.fullyQualifiedErrorId, error.exceptionType, error.target, error.recommendedAction, error.hresult], ['shown instead', 'MyId,f', 'System.IO.IOException', 'the target', 'look', -2146232800]);
    assert.deepEqual(error.category, { category: 'ReadError', activity: 'f', reason: 'IOException', targetName: 'the target', targetType: 'String' });
    assert.equal(error.script?.line, 2);
  });

  it('host calls', () => {
    const calls = replay(hostCalls).flatMap((e) => (e.type === 'host-call' ? [e.call] : []));
    assert.deepEqual(calls.map((c) => [c.method, c.wantsAnswer]), [['PromptForChoice', true], ['Write2', false], ['SetShouldExit', false]]);
    assert.deepEqual(calls[2]?.parameters, [3]);
  });

  it('a secure string that came before its key', () => {
    const found = recordsOf(replay(secureString)).map((r) => r.value);
    assert.deepEqual([found[0], (found[1] as SecureString).reveal(), found[2]], ['before', 'a', 'after']);
  });
});

describe('an error record in Windows PowerShell 5.1\'s form', () => {
  // MS-PSRP 2.2.3.15: all of it in note properties, the invocation's too.
  const xml = '<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.ErrorRecord</T><T>System.Object</T></TN><ToString>Cannot find any service with service name \'nope\'.</ToString><MS>'
    + '<Obj N="Exception" RefId="1"><TN RefId="1"><T>Microsoft.PowerShell.Commands.ServiceCommandException</T><T>System.SystemException</T><T>System.Exception</T><T>System.Object</T></TN>'
    + '<ToString>Microsoft.PowerShell.Commands.ServiceCommandException: Cannot find any service</ToString><Props><S N="ServiceName">nope</S><S N="Message">Cannot find any service with service name \'nope\'.</S><Obj N="Data" RefId="2"><TN RefId="2"><T>System.Collections.ListDictionaryInternal</T></TN><DCT /></Obj>'
    + '<Obj N="InnerException" RefId="3"><TN RefId="3"><T>System.InvalidOperationException</T><T>System.Exception</T></TN><Props><S N="Message">in between</S><Obj N="InnerException" RefId="4"><TN RefId="4"><T>System.ComponentModel.Win32Exception</T></TN><Props><S N="Message">The specified service does not exist</S></Props></Obj></Props></Obj>'
    + '<S N="StackTrace" /><I32 N="HResult">-2146233087</I32></Props></Obj>'
    + '<S N="TargetObject">nope</S><S N="FullyQualifiedErrorId">NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand</S><Nil N="InvocationInfo" />'
    + '<I32 N="ErrorCategory_Category">13</I32><S N="ErrorCategory_Activity">Get-Service</S><S N="ErrorCategory_Reason">ServiceCommandException</S><S N="ErrorCategory_TargetName">nope</S><S N="ErrorCategory_TargetType">String</S>'
    + '<S N="ErrorCategory_Message">ObjectNotFound: (nope:String) [Get-Service], ServiceCommandException</S><B N="SerializeExtendedInfo">true</B>'
    + '<I32 N="InvocationInfo_CommandOrigin">1</I32><B N="InvocationInfo_ExpectingInput">false</B><S N="InvocationInfo_InvocationName">Get-Service</S><S N="InvocationInfo_Line">Get-Service nope_x000D__x000A_</S>'
    + '<I32 N="InvocationInfo_OffsetInLine">3</I32><I64 N="InvocationInfo_HistoryId">1</I64><S N="InvocationInfo_ScriptName"></S><I32 N="InvocationInfo_ScriptLineNumber">7</I32>'
    + '<S N="ErrorDetails_ScriptStackTrace">at &lt;ScriptBlock&gt;, &lt;No file&gt;: line 7</S></MS></Obj>';

  it('is read completely', () => {
    assert.deepEqual(readErrorRecord(decode(xml)), {
      message: "Cannot find any service with service name 'nope'.", fullyQualifiedErrorId: 'NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand',
      category: { category: 'ObjectNotFound', activity: 'Get-Service', reason: 'ServiceCommandException', targetName: 'nope', targetType: 'String' },
      exceptionType: 'Microsoft.PowerShell.Commands.ServiceCommandException', hresult: -2146233087, target: 'nope', script: { text: 'Get-Service nope', line: 7, column: 3 },
      scriptStackTrace: 'at <ScriptBlock>, <No file>: line 7',
      inner: [{ type: 'System.InvalidOperationException', message: 'in between' }, { type: 'System.ComponentModel.Win32Exception', message: 'The specified service does not exist' }],
      recommendedAction: undefined,
    });
  });

  it('is read from whatever is left of it', () => {
    for (const broken of [null, 'text', 5, [], psObject([], {}), psObject([], { Exception: 'flattened' }), psObject([], { ErrorCategory_Category: 999 })] satisfies PSValue[]) {
      const error = readErrorRecord(broken);
      assert.equal(typeof error.message, 'string');
      assert.equal(typeof error.category.category, 'string');
    }
    assert.equal(readErrorRecord(psObject([], { Exception: 'flattened' })).message, 'flattened');
  });

  it('does not follow inner exceptions for ever', () => {
    const loop = psObject(['E'], { Message: 'm' });
    (loop.properties as Record<string, PSValue>)['InnerException'] = loop;
    assert.ok(readErrorRecord(psObject([], { Exception: loop })).inner.length <= 16);
  });
});

describe('transcripts that were damaged', function () {
  this.timeout(fuzzing ? 0 : 120_000);

  /** Reads everything a machine has to say; whatever throws must be a ProtocolError. */
  const survive = (client: PsrpClient, feed: () => void): void => {
    try {
      feed();
      for (let event = client.nextEvent(); event !== undefined; event = client.nextEvent()) assert.equal(typeof event.type, 'string');
    } catch (error) {
      assert.ok(error instanceof ProtocolError, String(error instanceof Error ? error.stack : error));
    }
  };

  const damage = fc.array(fc.record({ at: fc.nat(), kind: fc.constantFrom('flip', 'cut', 'repeat', 'insert'), byte: fc.nat(255), size: fc.integer({ min: 1, max: 64 }) }), { minLength: 1, maxLength: 4 });
  const damaged = (bytes: Uint8Array, changes: readonly { at: number; kind: string; byte: number; size: number }[]): Buffer => {
    let result = Buffer.from(bytes);
    for (const { at: anywhere, kind, byte, size } of changes) {
      const at = result.length === 0 ? 0 : anywhere % result.length;
      if (kind === 'flip') result[at] = byte;
      else if (kind === 'cut') result = Buffer.concat([result.subarray(0, at), result.subarray(at + size)]);
      else if (kind === 'repeat') result = Buffer.concat([result.subarray(0, at + size), result.subarray(at)]);
      else result = Buffer.concat([result.subarray(0, at), Buffer.alloc(size, byte), result.subarray(at)]);
    }
    return result;
  };

  it('end in records or in one ProtocolError, as fragments', () => {
    fc.assert(fc.property(fc.constantFrom(...transcripts), fc.nat(), damage, fc.integer({ min: 60, max: 4000 }), (transcript, which, changes, room) => {
      const { client, pipeline } = machine();
      survive(client, () => {
        transcript.messages.forEach((message, i) => {
          const whole = bytesOf(message, pipeline, BigInt(i + 1), room);
          client.receive(i === which % transcript.messages.length ? damaged(whole, changes) : whole, message.pool ? undefined : pipeline);
        });
      });
    }), cases(2000));
  });

  it('end in records or in one ProtocolError, as lines', () => {
    fc.assert(fc.property(fc.constantFrom(...transcripts), damage, fc.boolean(), (transcript, changes, greeted) => {
      const { client, pipeline } = machine();
      const reader = new FrameReader();
      const lines = transcript.messages.map((message, i) => dataLine(message.pool ? '00000000-0000-0000-0000-000000000000' : pipeline, false, bytesOf(message, pipeline, BigInt(i + 1))));
      survive(client, () => {
        reader.receive(damaged(Buffer.concat([Buffer.from(greeted ? 'Hello\r\n' : ''), ...lines]), changes), (frame) => {
          client.receive(frame.data, frame.guid.startsWith('00000000') ? undefined : frame.guid);
        });
      });
    }), cases(2000));
  });
});
