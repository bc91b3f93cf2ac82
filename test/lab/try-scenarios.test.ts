import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioContent } from '../../lab/scenario.ts';
import { loadScenario, usualScenarios } from '../../lab/scenario.ts';
import { labLayout } from '../../lab/layout.ts';
import type { TryReport } from '../../lab/try/report.ts';
import { callLab, processesNaming, tryTimeout, type LabCall } from './support/lab-command.ts';

const lab = labLayout(process.cwd());
const scenarios = readdirSync(lab.scenarios).map((file) => file.replace(/\.json$/, '')).sort();

/** The one line that `--json` prints. */
function reportOf(call: LabCall): TryReport {
  const lines = call.stdout.trimEnd().split('\n');
  assert.equal(lines.length, 1, `more than one line on standard output: ${call.stdout}`);
  return JSON.parse(lines[0]!) as TryReport;
}

function assertNothingLeft(call: LabCall): void {
  assert.equal(call.folders.length, 1, 'the call was seen to make one folder');
  const [folder] = call.folders;
  assert.equal(existsSync(folder!), false, `${folder!} is still there`);
  assert.deepEqual(processesNaming(folder!), []);
}

function assertNoSecretShown(call: LabCall): void {
  assert.ok(call.secrets.length > 2, 'its secrets were seen in its store');
  for (const secret of call.secrets) {
    // The first 24 characters are letters and digits: no encoding changes them.
    assert.equal((call.stdout + call.stderr).includes(secret.slice(0, 24)), false, 'a secret in the output');
  }
}

function assertAsExpected(report: TryReport, { expect }: ScenarioContent): void {
  if (expect.before) assert.deepEqual(report.before, expect.before);
  if (expect.plans) assert.deepEqual(report.plans, expect.plans);
  if (expect.after) assert.deepEqual(report.after, expect.after);
}

describe('try', function () {
  this.timeout(tryTimeout);

  it('has the scenarios of the main job, and those that the lab is known by', () => {
    assert.deepEqual(usualScenarios.filter((name) => !scenarios.includes(name)), []);
    assert.ok(usualScenarios.length >= 12);
  });

  for (const scenario of ['healthy', 'stale-scm-password', 'key-lost-1.1.443', 'key-lost-current']) {
    it(`repairs ${scenario} over ssh`, async () => {
      const call = await callLab(['try', scenario, '--transport', 'ssh', '--json']);
      assert.equal(call.code, 0, call.stderr);
      const report = reportOf(call);
      assertAsExpected(report, loadScenario(lab, scenario).content);
      assert.deepEqual([report.scenario, report.transport, report.auth, report.healthy, report.refused], [scenario, 'ssh', 'key', true, null]);
      for (const step of report.steps) assert.ok(['done', 'skipped'].includes(step.state), `${step.id} ${step.state}`);
      assertNothingLeft(call);
      assertNoSecretShown(call);
    });
  }

  it('exits 0 where a server is refused as its scenario expects', async () => {
    const call = await callLab(['try', 'account-blocked', '--transport', 'local', '--json']);
    assert.equal(call.code, 0, call.stderr);
    const report = reportOf(call);
    assertAsExpected(report, loadScenario(lab, 'account-blocked').content);
    assert.deepEqual([report.auth, report.healthy, report.refused?.finding], ['none', false, 'account-blocked']);
    assertNothingLeft(call);
  });

  it('says in words what happens without --json', async () => {
    const call = await callLab(['try', 'stale-scm-password', '--transport', 'local']);
    assert.equal(call.code, 0, call.stderr);
    assert.match(call.stdout, /Found: stale-scm-password/);
    assert.match(call.stdout, /\[set-service-password\] done/);
    assert.match(call.stdout, /healthy by its own state; [\d.]+ s\n$/);
    assertNothingLeft(call);
    assertNoSecretShown(call);
  });

  it('exits 1 where the server stays broken', async () => {
    // The plan for another fault cannot repair this one.
    const call = await callLab(['try', 'stale-scm-password', '--transport', 'local', '--plan', 'connector-password', '--json']);
    assert.equal(call.code, 1, call.stdout);
    assert.equal(reportOf(call).healthy, false);
    assert.match(call.stderr, /Not healthy: /);
    assertNothingLeft(call);
    assertNoSecretShown(call);
  });
});

describe('try, called wrongly', function () {
  this.timeout(tryTimeout);

  const cases: readonly { readonly words: readonly string[]; readonly says: RegExp }[] = [
    { words: ['try', 'helthy'], says: /^There is no scenario "helthy"; the nearest is "healthy"\. Scenarios: .*\n$/ },
    { words: ['try'], says: /^Something is missing after try\.\nnpm run lab -- try SCENARIO/ },
    { words: ['try', 'healthy', 'healthy'], says: /^Unexpected: healthy\./ },
    { words: ['try', 'healthy', '--transport', 'telnet'], says: /^--transport must be ssh, local, winrm or winrms, not "telnet"\.\n$/ },
    { words: ['try', 'healthy', '--transport', 'winrm', '--auth', 'basic'], says: /^--auth basic is not allowed with --transport winrm: Basic sends the password itself, .*\. Use --transport winrms\.\n$/ },
    { words: ['try', 'healthy', '--transport', 'winrm', '--auth', 'certificate'], says: /^--auth certificate is not allowed with --transport winrm: a client certificate is part of TLS, .*\. Use --transport winrms\.\n$/ },
    { words: ['try', 'healthy', '--transport', 'winrms', '--auth', 'digest'], says: /^--auth digest does not exist with --transport winrms: leave it out, or say negotiate, ntlm, kerberos, basic, certificate\.\n$/ },
    { words: ['try', 'healthy', '--auth', 'kerberos'], says: /^--auth kerberos does not exist with --transport ssh: leave it out, or say key\.\n$/ },
    { words: ['try', 'healthy', '--ad-ds', 'wizard'], says: /^--ad-ds must be guided, object-model, enterprise-admin, not "wizard"\.\n$/ },
    { words: ['try', 'healthy', '--plan', 'full-abandonmend'], says: /^There is no plan "full-abandonmend"; the nearest is "full-abandonment"\./ },
    { words: ['try', 'healthy', '--yes'], says: /^Unknown option '--yes'\.\nnpm run lab -- try/ },
    { words: ['try', '/nonexistent/scenario.json'], says: /^\/nonexistent\/scenario\.json: cannot be read: ENOENT/ },
    { words: ['try', join(process.cwd(), 'lab')], says: /cannot be read: it is not a file\.\n$/ },
    { words: ['tri', 'healthy'], says: /^There is no command "tri"; the nearest is "try"\.\n/ },
  ];
  for (const { words, says } of cases) {
    it(`exits 2 on: ${words.join(' ')}`, async () => {
      const call = await callLab(words);
      assert.match(call.stderr, says);
      assert.equal(call.stdout, '');
      assert.equal(call.code, 2);
      assert.deepEqual(call.folders, []);
    });
  }
});
