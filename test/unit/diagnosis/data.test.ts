import assert from 'node:assert/strict';
import { parseAccount, sameAccount } from '../../../src/connect/account.ts';
import { compareBuilds, supportOf } from '../../../src/connect/builds.ts';
import { codeOf, logonFault, serviceFault, showCode } from '../../../src/connect/codes.ts';
import { meaningOf } from '../../../src/connect/events.ts';
import { plain } from '../../../src/connect/evidence.ts';

describe('account names', () => {
  const kinds: readonly (readonly [string, string | undefined])[] = [
    ['NT SERVICE\\ADSync', 'virtual'], ['CONTOSO\\gmsa-sync$', 'managed'], ['CONTOSO\\svc', 'domain-user'], ['svc@contoso.example', 'domain-user'], ['.\\AAD_1', 'local-user'], ['sync1\\AAD_1', 'local-user'],
    ['LocalSystem', 'built-in'], ['NT AUTHORITY\\NetworkService', 'built-in'], ['', undefined], ['svc', undefined], ['\\svc', undefined], ['CONTOSO\\', undefined], ['@contoso', undefined], ['x'.repeat(600), undefined],
  ];
  for (const [name, kind] of kinds) it(`${name.slice(0, 30) || 'nothing'} is ${kind ?? 'no account'}`, () => { assert.equal(parseAccount(name, 'SYNC1')?.kind, kind); });

  const pairs: readonly (readonly [string, string, boolean | undefined])[] = [
    ['CONTOSO\\svc', 'contoso\\SVC', true], ['.\\AAD_1', 'SYNC1\\aad_1', true], ['CONTOSO\\svc', 'FABRIKAM\\svc', false], ['CONTOSO\\svc', 'CONTOSO\\svc2', false],
    ['CONTOSO\\svc', 'svc@contoso.example', undefined], ['svc@a.example', 'svc@b.example', false], ['CONTOSO\\svc', 'SYNC1\\svc', false],
  ];
  for (const [a, b, same] of pairs) {
    it(`${a} and ${b}: ${same === undefined ? 'cannot be told' : same ? 'the same' : 'different'}`, () => {
      const [left, right] = [parseAccount(a, 'SYNC1'), parseAccount(b, 'SYNC1')];
      assert.ok(left !== undefined && right !== undefined);
      assert.equal(sameAccount(left, right), same);
      assert.equal(sameAccount(right, left), same);
    });
  }
});

describe('codes', () => {
  const texts: readonly (readonly [string, number | undefined])[] = [
    ['%%1326', 1326], ['%%2149781504', 0x80231000], ['%%-2145185792', 0x80231000], ['0x80231000', 0x80231000], ['1069', 1069], [' %%1069 ', 1069],
    ['-21451857952', undefined], ['The user name or password is incorrect.', undefined], ['', undefined], ['%%', undefined], ['1069 and more', undefined], ['99999999999', undefined], ['1e3', undefined],
  ];
  for (const [text, code] of texts) it(`reads ${JSON.stringify(text)}`, () => { assert.equal(codeOf(text), code); });

  it('shows a code as the documents and services.msc do', () => { assert.equal(showCode(0x80231000), '0x80231000 (-2145185792)'); });
  it('takes signed service codes too', () => { assert.equal(serviceFault(-2145185792)?.fault, 'key'); });
  it('never takes an unavailable domain for a wrong password', () => { for (const code of [1311, 1789, 1398]) assert.equal(logonFault(code)?.fault, 'unavailable'); });
});

describe('builds', () => {
  const order = ['1.1.443.0', '1.1.484.0', '1.1.1050.0', '1.4.18.0', '2.5.3.0', '2.5.79.0', '2.5.190.0', '2.6.1.0'];
  it('compares numbers, not text', () => { for (let i = 1; i < order.length; i++) assert.ok(compareBuilds(order[i - 1] ?? '', order[i] ?? '') < 0, order[i]); });

  const support: readonly (readonly [string, string, string])[] = [
    ['1.6.16.0', '2023-09-30T23:59:59Z', 'supported'], ['1.6.16.0', '2023-10-01T00:00:00Z', 'ended'], ['2.5.190.0', '2027-02-01T00:00:00Z', 'supported'], ['2.5.190.0', '2027-02-02T00:00:00Z', 'ended'],
    ['2.5.100.0', '2026-10-22T00:00:00Z', 'supported'], ['2.5.100.0', '2026-10-23T00:00:00Z', 'ended'], ['2.3.2.0', '2026-10-01T00:00:00Z', 'ended'], ['2.6.79.0', '2026-10-01T00:00:00Z', 'recalled'], ['2.9.0.0', '2030-01-01T00:00:00Z', 'unknown'],
  ];
  for (const [build, at, state] of support) it(`${build} on ${at.slice(0, 10)}: ${state}`, () => { assert.equal(supportOf(build, at).state, state); });
});

describe('events', () => {
  it('knows bad news that comes as information, and good news that comes as a warning', () => {
    assert.equal(meaningOf('ADSync', 6227)?.level, 'information');
    assert.equal(meaningOf('ADSync', 6603)?.level, 'warning');
  });
  it('keeps providers apart', () => {
    assert.equal(meaningOf('MIISKMU', 1)?.id, 1);
    assert.equal(meaningOf('ADSync', 1), undefined);
    assert.equal(meaningOf('constructor', 1), undefined);
    assert.equal(meaningOf('ADSync', 6205), undefined);
  });
  it('covers the database family', () => { for (const id of [6209, 6215, 6222]) assert.match(meaningOf('ADSync', id)?.implies ?? '', /database first/); });
});

describe('texts of a server', () => {
  it('become one line without control characters and of bounded length', () => {
    assert.equal(plain('a\u001b[31mb\r\nc\u202ed'), 'a [31mb c d');
    assert.ok(plain('x'.repeat(10_000)).length < 500);
  });
});
