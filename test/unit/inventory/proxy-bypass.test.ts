import assert from 'node:assert/strict';
import { bypasses } from '../../../src/inventory/proxy-bypass.ts';

describe('exceptions from the proxy', () => {
  const cases: readonly (readonly [string, readonly string[], boolean])[] = [
    ['aadc01.contoso.example', [], false],
    ['aadc01.contoso.example', ['aadc01.contoso.example'], true],
    ['AADC01.contoso.example.', ['aadc01.Contoso.example'], true],
    ['aadc01.contoso.example', ['contoso.example'], true],
    ['aadc01.contoso.example', ['.contoso.example'], true],
    ['aadc01.contoso.example', ['*.contoso.example'], true],
    ['aadc01.notcontoso.example', ['contoso.example'], false],
    ['contoso.example', ['*.contoso.example'], true],
    ['aadc01.contoso.example', ['other.example', '*'], true],
    ['aadc01.contoso.example', ['contoso.example:5986'], true],
    ['aadc01.contoso.example', ['', ' ', '.'], false],
    ['10.1.2.3', ['10.1.2.3'], true],
    ['10.1.2.3', ['2.3'], false],
    ['fd00::1', ['fd00::1'], true],
    ['fd00::1', ['[fd00::1]:5986'], true],
    ['localhost', [], true],
    ['127.0.0.2', [], true],
    ['::1', [], true],
  ];
  for (const [host, exceptions, expected] of cases) {
    it(`${expected ? 'reach' : 'do not reach'} ${host} by ${JSON.stringify(exceptions)}`, () => {
      assert.equal(bypasses(host, exceptions), expected);
    });
  }
});
