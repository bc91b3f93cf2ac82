import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskConfigFiles, standardConfigPaths } from '../../../../src/remote/ssh/config/files.ts';
import { loadConfig } from '../../../../src/remote/ssh/config/load.ts';

describe('ssh_config on the disk', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ssh-home-'));
    await mkdir(join(home, '.ssh', 'conf.d'), { recursive: true });
  });
  afterEach(async () => { await rm(home, { recursive: true, force: true }); });

  it('finds included files by pattern, without hidden ones, and none for a folder that is not there', async () => {
    const config = join(home, '.ssh', 'config');
    await writeFile(config, 'Include conf.d/*.conf nowhere/*\n', { mode: 0o600 });
    for (const name of ['b.conf', 'a.conf', '.hidden.conf', 'c.txt']) await writeFile(join(home, '.ssh', 'conf.d', name), 'Port 7\n', { mode: 0o600 });
    const { entries } = await loadConfig(config, diskConfigFiles(home));
    assert.deepEqual(entries[0]?.included.map((file) => file.path.slice(home.length)), ['/.ssh/conf.d/a.conf', '/.ssh/conf.d/b.conf']);
  });

  it('takes a missing file as an empty one', async () => {
    assert.deepEqual((await loadConfig(join(home, '.ssh', 'config'), diskConfigFiles(home))).entries, []);
  });

  it('refuses a file that others may write: it may name a program', async () => {
    const config = join(home, '.ssh', 'config');
    await writeFile(config, 'ProxyCommand x\n');
    await chmod(config, 0o666);
    await assert.rejects(loadConfig(config, diskConfigFiles(home)), /others may write it/);
  });

  it('looks for the system\'s file where the platform has it', () => {
    assert.deepEqual(standardConfigPaths('/home/kim', 'linux', {}), ['/home/kim/.ssh/config', '/etc/ssh/ssh_config']);
    assert.match(standardConfigPaths('/home/kim', 'win32', { ProgramData: 'D:\\Data' })[1] ?? '', /^D:\\Data.ssh.ssh_config$/);
  });
});
