import assert from 'node:assert/strict';
import { findPwsh, type PwshSurroundings } from '../../../src/providers/lab/findPwsh.ts';
import { practiceSecrets } from '../../../src/providers/lab/practiceSecrets.ts';

const never = new AbortController().signal;

function machine(versions: Readonly<Record<string, string>>): PwshSurroundings {
  return {
    platform: 'linux', env: { PATH: `relative:${['/a', '/b'].join(':')}`, HOME: '/home/x' },
    version: (file) => {
      const version = versions[file];
      return version === undefined ? Promise.reject(Object.assign(new Error('none'), { code: 'ENOENT' })) : Promise.resolve(version);
    },
  };
}

describe('the PowerShell of the practice lab', () => {
  it('is the first one of the path that is new enough', async () => {
    assert.deepEqual(await findPwsh(machine({ '/a/pwsh': '7.2.1', '/b/pwsh': '7.10.0' }), never), { file: '/b/pwsh', version: '7.10.0' });
  });

  it('is found where installers put it, and never in a relative folder', async () => {
    assert.deepEqual(await findPwsh(machine({ 'relative/pwsh': '7.6.0', '/opt/microsoft/powershell/7/pwsh': '7.4.0-rc.1' }), never), { file: '/opt/microsoft/powershell/7/pwsh', version: '7.4.0-rc.1' });
  });

  it('is told to be missing with every place that was looked at, and what was there', async () => {
    const found = await findPwsh(machine({ '/b/pwsh': '6.2.0' }), never);
    assert.equal(found.file, undefined);
    assert.deepEqual(found.looked.slice(0, 2), ['/a/pwsh', '/b/pwsh (6.2.0)']);
  });

  it('makes a password for each secret that a scenario names, and the two administrators', () => {
    const secrets = practiceSecrets({ account: { password: 'new' }, connectors: [{ stored: { secret: 'old' }, password: 'new' }], title: 'password' });
    assert.deepEqual(Object.keys(secrets).sort(), ['enterpriseAdmin', 'entraAdmin', 'new', 'old']);
    assert.equal(new Set(Object.values(secrets)).size, 4);
  });
});
