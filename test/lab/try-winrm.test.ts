import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { labLayout } from '../../lab/layout.ts';
import type { TryAuth, TryTransport } from '../../lab/try/options.ts';
import type { TryReport } from '../../lab/try/report.ts';
import { callLab, processesNaming, tryTimeout } from './support/lab-command.ts';
import { tryBatch, type Tried } from './support/scenario-batch.ts';

/** By the command, as a person calls it. `try` by hand runs any scenario with any combination, `npm run soak -- scenarios` all of them. */
const commands = [
  ['winrm', 'ntlm', 'stale-scm-password'],
  ['winrm', 'kerberos', 'key-lost-current'],
  ['winrms', 'certificate', 'healthy'],
] as const;

/** The other allowed combinations, each on a server of its own behind one listener. */
const together: Readonly<Record<string, readonly [TryTransport, TryAuth]>> = {
  'healthy': ['winrm', 'negotiate'],
  'healthy-application-auth': ['winrms', 'ntlm'],
  'healthy-group-managed': ['winrms', 'negotiate'],
  'healthy-staging': ['winrms', 'kerberos'],
  'healthy-virtual': ['winrms', 'basic'],
};

describe('try over WinRM', function () {
  this.timeout(tryTimeout);

  for (const [transport, auth, scenario] of commands) {
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

describe('tried over WinRM beside each other', function () {
  this.timeout(tryTimeout);
  let tried: ReadonlyMap<string, Tried>;
  before(async () => {
    const all = await tryBatch(labLayout(process.cwd()), Object.keys(together), {
      transport: 'winrm', auth: 'ntlm', width: 2, limit: 240_000,
      how: (name) => { const [transport, auth] = together[name]!; return { transport, auth }; },
    });
    tried = new Map(all.map((one) => [one.scenario, one]));
  });

  for (const [scenario, way] of Object.entries(together)) {
    it(`${scenario} is healthy over ${way.join(' with ')}`, () => {
      const one = tried.get(scenario);
      assert.ok(one !== undefined);
      assert.deepEqual(one.differences, [], one.log.join('\n'));
      assert.deepEqual([one.report?.healthy, one.report?.refused], [true, null]);
    });
  }
});
