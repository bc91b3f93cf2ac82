import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { TryReport } from '../../lab/try/report.ts';
import { callLab, processesNaming, tryTimeout } from './support/lab-command.ts';

/** Every allowed combination once; the scenarios take turns. `try` by hand runs any scenario with any of them. */
const runs = [
  ['winrm', 'ntlm', 'stale-scm-password'],
  ['winrm', 'negotiate', 'healthy'],
  ['winrm', 'kerberos', 'key-lost-current'],
  ['winrms', 'ntlm', 'healthy'],
  ['winrms', 'negotiate', 'healthy'],
  ['winrms', 'kerberos', 'healthy'],
  ['winrms', 'basic', 'healthy'],
  ['winrms', 'certificate', 'healthy'],
] as const;

describe('try over WinRM', function () {
  this.timeout(tryTimeout);

  for (const [transport, auth, scenario] of runs) {
    it(`makes ${scenario} healthy over ${transport} with ${auth}, and leaves nothing behind`, async () => {
      const call = await callLab(['try', scenario, '--transport', transport, '--auth', auth, '--json']);
      assert.equal(call.code, 0, call.stderr);
      const report = JSON.parse(call.stdout) as TryReport;
      assert.deepEqual([report.transport, report.auth, report.healthy, report.refused], [transport, auth, true, null]);
      assert.equal(call.folders.length, 1);
      assert.equal(existsSync(call.folders[0]!), false);
      assert.deepEqual(processesNaming(call.folders[0]!), []);
      assert.ok(call.secrets.length > 2, 'its secrets were seen in its store');
      for (const secret of call.secrets) assert.equal((call.stdout + call.stderr).includes(secret.slice(0, 24)), false, 'a secret in the output');
    });
  }
});
