import assert from 'node:assert/strict';
import type { RemoteFailureReason } from '../../../src/session.ts';
import { isReceiveTimeout, mayOpenAgain, readFault, WsmanFaultError } from '../../../src/remote/wsman/fault.ts';
import { childOf, parseXml } from '../../../src/remote/wsman/xml.ts';
import { fault } from './fake-server.ts';

function read(xml: string): ReturnType<typeof readFault> {
  return readFault(childOf(parseXml(xml), 'Body') ?? assert.fail('no body'));
}

function told(code: number | undefined, subcode = 'InternalError', text = 'The server said this.'): WsmanFaultError {
  return new WsmanFaultError('AADC01', 'Opening Windows PowerShell', read(fault('uuid:1', code, subcode, text)) ?? assert.fail('no fault'));
}

const table: readonly [code: number, reason: RemoteFailureReason, message: RegExp, remedy: RegExp][] = [
  [5, 'access-denied', /denied access/, /Remote Management Users/],
  [995, 'connection-lost', /aborted/, /Connect again/],
  [1223, 'connection-lost', /cancelled/, /Connect again/],
  [1311, 'authentication-failed', /domain controller/, /never change a password/],
  [1326, 'authentication-failed', /user name or the password/, /Check/],
  [1398, 'authentication-failed', /clocks/, /w32tm/],
  [0x8009_0324, 'authentication-failed', /clocks/, /w32tm/],
  [0x8009_030e, 'access-denied', /another one/, /double hop/],
  [0x8007_03fa, 'connection-lost', /profile/, /Wait/],
  [0x8033_8029, 'silent-peer', /time it was given/, /load/],
  [0x8033_803b, 'bad-peer', /not registered/, /Enable-PSRemoting/],
  [0x8033_8049, 'quota-exceeded', /MaxEnvelopeSizekb/, /MaxEnvelopeSizekb/],
  [0x8033_805b, 'connection-lost', /shell is gone/, /Connect again/],
  [0x8033_81a5, 'quota-exceeded', /MaxShellsPerUser/, /Close sessions/],
  [0x8033_81a6, 'quota-exceeded', /MaxConcurrentOperationsPerUser/, /Close sessions/],
  [0x8033_81ab, 'quota-exceeded', /too many users/, /Close sessions/],
  [0x8033_81ac, 'access-denied', /remote shells/, /AllowRemoteShellAccess/],
  [0x8033_81c4, 'connection-lost', /disconnected/, /Reconnect/],
  [0x8033_81cd, 'connection-lost', /another client/, /Disconnect it there/],
  [0x8033_81de, 'connection-lost', /output of the command/, /Reconnect/],
  [0x8033_81e8, 'quota-exceeded', /MaxConcurrentOperationsPerUser/, /Close sessions/],
];

describe('WSMan faults', () => {
  for (const [code, reason, message, remedy] of table) {
    it(`say what ${code > 0xffff ? `0x${code.toString(16).toUpperCase()}` : code} means and what to do`, () => {
      const { failure } = told(code);
      assert.deepEqual([failure.reason, failure.server, failure.quoted], [reason, 'AADC01', 'The server said this.']);
      assert.match(failure.message, message);
      assert.match(failure.message, /^Opening Windows PowerShell failed: .*\.$/);
      assert.match(failure.remedy, remedy);
    });
  }

  it('without a known code are told by their SOAP subcode, else by their number', () => {
    assert.equal(told(undefined, 'AccessDenied').failure.reason, 'access-denied');
    assert.equal(told(77, 'QuotaLimit').failure.reason, 'quota-exceeded');
    assert.equal(told(77, 'EncodingLimit').failure.reason, 'quota-exceeded');
    assert.match(told(77, 'DestinationUnreachable').failure.remedy, /Enable-PSRemoting/);
    assert.match(told(0x8033_8fff).failure.message, /error 2150862847 \(0x80338FFF\)/);
    assert.match(told(undefined).failure.message, /Receiver\/InternalError/);
  });

  it('carry the provider\'s words before WSMan\'s, and the reason where there is nothing else', () => {
    assert.equal(read(fault('x', 1, 'InternalError', 'general', '<f:E>special</f:E> words'))?.text, 'words special');
    assert.equal(read(fault('x', 1, 'InternalError', 'general'))?.text, 'general');
    assert.equal(read(fault('x', 1, 'InternalError', ''))?.text, 'The reason.');
  });

  it('of a Receive without output are no failure', () => {
    assert.equal(isReceiveTimeout(read(fault('x', 2_150_858_793, 'TimedOut', '')) ?? assert.fail()), true);
    assert.equal(isReceiveTimeout(read(fault('x', undefined, 'TimedOut', '')) ?? assert.fail()), true);
    assert.equal(isReceiveTimeout(read(fault('x', 5, 'AccessDenied', '')) ?? assert.fail()), false);
  });

  it('after which a new shell may open are few', () => {
    assert.deepEqual([2_150_858_843, 2_147_943_418, 2_150_859_174, 5, 1223, undefined].map(mayOpenAgain), [true, true, true, false, false, false]);
  });

  it('are not found where there are none, and quote no more than fits', () => {
    assert.equal(read('<s:Envelope xmlns:s="x"><s:Body><a/></s:Body></s:Envelope>'), undefined);
    assert.ok((told(1, 'x', 'y'.repeat(5000)).failure.quoted ?? '').length < 600);
    assert.equal(told(1, 'x', 'bell\u0007').failure.quoted, 'bell\\u0007');
  });
});
