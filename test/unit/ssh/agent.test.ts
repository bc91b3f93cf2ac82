import assert from 'node:assert/strict';
import { agentPlaces } from '../../../src/remote/ssh/agent.ts';
import { readSettings, type SshSurroundings } from '../../../src/remote/ssh/surroundings.ts';

/** A machine with this ssh_config, these variables and these pipes. */
function machine(platform: string, config = '', environment: Readonly<Record<string, string>> = {}, pipes: readonly string[] = []): SshSurroundings {
  return {
    home: '/home/kim', localUser: 'Kim', localHost: 'laptop', environment, platform, configPaths: ['config'], pipes: () => Promise.resolve(pipes),
    files: { home: '/home/kim', read: () => Promise.resolve(config), glob: () => Promise.resolve([]), folderOf: () => '/home/kim/.ssh' },
  };
}

async function places(around: SshSurroundings): Promise<readonly string[]> {
  return await agentPlaces(await readSettings(around, { host: 'aadc01', port: undefined, user: undefined }, 'AADC01'), around);
}

const pipe = (name: string): string => `\\\\.\\pipe\\${name}`;

describe('where SSH agents are looked for', () => {
  it('on Windows: its own agent\'s pipe, and Pageant\'s of this person only', async () => {
    const pipes = ['pageant.kim.0123abcd', 'Pageant.KIM.second', 'pageant.kimberly.0123', 'mojo.1', 'openssh-ssh-agent'];
    assert.deepEqual(await places(machine('win32', '', {}, pipes)), [pipe('openssh-ssh-agent'), pipe('pageant.kim.0123abcd'), pipe('Pageant.KIM.second')]);
  });

  it('SSH_AUTH_SOCK wherever it is set, and nowhere else on other systems', async () => {
    assert.deepEqual(await places(machine('linux', '', { SSH_AUTH_SOCK: '/run/agent' }, ['pageant.kim.1'])), ['/run/agent']);
    assert.deepEqual(await places(machine('win32', '', { SSH_AUTH_SOCK: pipe('other') }, ['pageant.kim.1'])), [pipe('other')]);
    assert.deepEqual(await places(machine('linux')), []);
    assert.deepEqual(await places(machine('darwin', '', { SSH_AUTH_SOCK: '' })), []);
  });

  it('IdentityAgent before all of them, and none means none', async () => {
    assert.deepEqual(await places(machine('win32', `IdentityAgent ${pipe('mine')}\n`, { SSH_AUTH_SOCK: 'other' }, ['pageant.kim.1'])), [pipe('mine')]);
    assert.deepEqual(await places(machine('linux', 'IdentityAgent none\n', { SSH_AUTH_SOCK: '/run/agent' })), []);
  });
});
