import assert from 'node:assert/strict';
import { configuredHosts, hostsOf } from '../../../src/remote/ssh/config-hosts.ts';

describe('the hosts of an ssh_config that are offered', () => {
  it('are its names, without patterns, negations and comments, each once', () => {
    assert.deepEqual(hostsOf('Host *\n  User u\nHost aadc01 aadc02.example # both\nhost = "gate" !bad *.example aadc0?\n#Host old\nHostName 1.2.3.4\n  HOST aadc01\r\n'), ['aadc01', 'aadc02.example', 'gate']);
  });
  it('are none where there is no file', async () => {
    assert.deepEqual(await configuredHosts('/nowhere/at/all'), []);
  });
});
