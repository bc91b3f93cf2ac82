import assert from 'node:assert/strict';
import { configuredHosts } from '../../../src/remote/ssh/config-hosts.ts';
import type { ConfigFiles } from '../../../src/remote/ssh/config/load.ts';

/** Configuration files in memory. */
const files = (texts: Readonly<Record<string, string>>): ConfigFiles => ({
  home: '/home/u', folderOf: () => '/home/u/.ssh',
  read: (path) => Promise.resolve(texts[path]),
  glob: (pattern) => Promise.resolve(pattern.endsWith('*') ? Object.keys(texts).filter((path) => path.startsWith(pattern.slice(0, -1))) : [pattern]),
});
const config = '/home/u/.ssh/config';

describe('the hosts of an ssh_config that are offered', () => {
  it('are its names, without patterns, negations and comments, each once', async () => {
    const text = 'Host *\n  User u\nHost aadc01 aadc02.example # both\nhost = "gate" !bad *.example aadc0?\n#Host old\nHostName 1.2.3.4\n  HOST aadc01\r\n';
    assert.deepEqual(await configuredHosts(config, files({ [config]: text })), ['aadc01', 'aadc02.example', 'gate']);
  });
  it('are also those of included files, where they are included', async () => {
    const found = await configuredHosts(config, files({ [config]: 'Host first\nInclude config.d/*\nHost last', '/home/u/.ssh/config.d/a': 'Host inside first', '/home/u/.ssh/config.d/b': 'Host more' }));
    assert.deepEqual(found, ['first', 'inside', 'more', 'last']);
  });
  it('are none where there is no file, and none where it cannot be followed', async () => {
    assert.deepEqual(await configuredHosts(config, files({})), []);
    assert.deepEqual(await configuredHosts(config, files({ [config]: 'Host fine\nInclude ~/.ssh/config' })), []);
  });
});
