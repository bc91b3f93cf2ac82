import assert from 'node:assert/strict';
import { proxyFromEnvironment } from '../../../src/cli/proxy.ts';

const host = 'sync01.contoso.example';

describe('the proxy of the command line', () => {
  const cases: readonly (readonly [what: string, environment: Readonly<Record<string, string>>, proxy: string | undefined])[] = [
    ['none where nothing is set', {}, undefined],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128'],
    ['the lower-case name before the other', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'http://b:2'],
    ['a name without a scheme', { https_proxy: 'proxy:3128' }, 'http://proxy:3128'],
    ['ALL_PROXY where no other is set', { ALL_PROXY: 'http://all:1' }, 'http://all:1'],
    ['not HTTP_PROXY, which is for plain HTTP', { HTTP_PROXY: 'http://plain:1', http_proxy: 'http://plain:1' }, undefined],
    ['none where it is set to nothing', { https_proxy: '', HTTPS_PROXY: 'http://a:1', ALL_PROXY: 'http://all:1' }, undefined],
    ['none for an exception by name', { HTTPS_PROXY: 'http://a:1', NO_PROXY: `other.example,${host}` }, undefined],
    ['none for an exception by domain', { HTTPS_PROXY: 'http://a:1', no_proxy: 'other.example .contoso.example' }, undefined],
    ['none for everything', { HTTPS_PROXY: 'http://a:1', NO_PROXY: '*' }, undefined],
    ['it for a host that no exception names', { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'fabrikam.example' }, 'http://a:1'],
  ];
  for (const [what, environment, proxy] of cases) {
    it(what, () => { assert.equal(proxyFromEnvironment(environment)(host), proxy); });
  }

  it('never for this machine', () => {
    assert.equal(proxyFromEnvironment({ HTTPS_PROXY: 'http://a:1' })('127.0.0.1'), undefined);
  });
});
