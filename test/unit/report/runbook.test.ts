import assert from 'node:assert/strict';
import { planIds, stepIds } from '../../../src/connect/ids.ts';
import { literal } from '../../../src/connect/manual/powershell.ts';
import type { ManualAbout } from '../../../src/connect/manual/manual.ts';
import { stepById } from '../../../src/connect/steps/registry.ts';
import { CliBench } from '../cli/cli-bench.ts';

const about: ManualAbout = {
  plan: 'full-abandonment', target: undefined, purpose: undefined, computerName: 'SYNC1', startName: 'CONTOSO\\svc-adsync', build: '2.6.84.0', path: undefined, database: 'local',
  accounts: new Map(), entraAccount: undefined, application: false, day: '20261123',
};
const said = ['--computer-name', 'SYNC1', '--service-account', 'CONTOSO\\svc-adsync', '--build', '2.6.84.0', '--database', 'local', '--connector', 'contoso.com', '--connector', 'fabrikam.com'];

async function book(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  using bench = new CliBench();
  return await bench.call(['runbook', ...words]);
}

describe('runbook', () => {
  for (const id of stepIds) {
    it(`says of ${id} what to do, what to see and what state the server is in then`, () => {
      const step = stepById(id);
      const manual = step.manual({ ...about, target: id === 'enter-connector-password' ? 'contoso.com' : undefined });
      assert.ok(manual.actions.length > 0 && manual.expect.length > 0 && step.ifStoppedHere.length > 0);
      for (const action of manual.actions) if (action.kind === 'command') for (const line of action.lines) assert.doesNotMatch(line, /[\n\r]|ConvertTo-SecureString|password=/i);
    });
  }

  for (const id of planIds) {
    it(`is there for the plan ${id}, without reaching any server`, async () => {
      const more = id === 'manual' ? ['--finding', 'logon-right-missing'] : id === 'entra-application' ? ['--authentication', 'application'] : [];
      const { code, out, err } = await book('--plan', id, ...said, ...more);
      assert.equal(code, 0, err);
      assert.match(out, /^# Runbook: /);
      assert.match(out, /what an engineer says; nothing of it was checked/);
      const numbers = [...out.matchAll(/^## (\d+)\. /gm)].map((match) => Number(match[1]));
      assert.deepEqual(numbers, numbers.map((_, index) => index + 1));
      assert.ok(numbers.length >= 3);
    });
  }

  it('takes the steps of the plan in their order, one for every connector', async () => {
    const { out } = await book('--plan', 'full-abandonment', ...said);
    const order = ['Start the service', 'Back up the configuration', 'Back up the database', 'Abandon the encryption key', 'fabrikam.com', 'Reinitialize', 'Restart the service', 'Verify with', 'Put the scheduler back'];
    const places = order.map((title) => [...out.matchAll(/^## .*$/gm)].findIndex((match) => match[0].includes(title)));
    assert.ok(places.every((place, index) => place > (places[index - 1] ?? 0)), places.join());
    assert.match(out, /& "\$env:ProgramFiles\\Microsoft Azure AD Sync\\Bin\\miiskmu\.exe" \/a/);
    assert.match(out, /NEVER type the line a second time/);
    assert.match(out, /only apply to Microsoft Entra Connect build 1\.1\.443\.0 or older/);
  });

  const refused: readonly (readonly [what: string, words: readonly string[], said: RegExp])[] = [
    ['a new password on a healthy build up to 1.1.443.0', ['--plan', 'planned-change', '--build', '1.1.443.0', '--service-account', 'CONTOSO\\svc'], /destroys the encryption key/],
    ['a password for a virtual service account', ['--plan', 'service-password', '--service-account', 'NT SERVICE\\ADSync'], /none may be set/],
    ['a password for a managed service account', ['--plan', 'planned-change', '--build', '2.6.84.0', '--service-account', 'CONTOSO\\gmsa$'], /none may be set/],
    ['Add-ADSyncAADServiceAccount on a server that signs in as an application', ['--plan', 'entra-reinitialize', '--authentication', 'application'], /roll it back/],
  ];
  for (const [what, words, reason] of refused) {
    it(`refuses ${what}, on paper as well`, async () => {
      const { code, out, err } = await book(...words);
      assert.deepEqual([code, out], [5, '']);
      assert.match(err, reason);
    });
  }

  it('never has Add-ADSyncAADServiceAccount typed where the server signs in as an application', async () => {
    const { out } = await book('--plan', 'full-abandonment', ...said, '--authentication', 'application');
    assert.doesNotMatch(out, /^Add-ADSyncAADServiceAccount/m);
    assert.match((await book('--plan', 'full-abandonment', ...said)).out, /^Add-ADSyncAADServiceAccount -AADCredential \$credential$/m);
  });

  it('of a server is made from its snapshot, and refused where a gate forbids the plan', async () => {
    using bench = new CliBench();
    const healthy = await bench.call(['runbook', 'practice', '--plan', 'full-abandonment']);
    assert.deepEqual([healthy.code, healthy.out], [5, '']);
    assert.match(healthy.err, /by hand either/);
    bench.server.loseKey();
    const { code, out } = await bench.call(['runbook', 'practice', '--plan', 'full-abandonment', '--ticket', 'CHG0042']);
    assert.equal(code, 0);
    for (const part of ['**Server**: SYNC1', '**Ticket**: CHG0042', '**Made from**: a snapshot of the server', '**key-lost**', "& 'C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiskmu.exe' /a"]) assert.ok(out.includes(part), part);
    assert.deepEqual([...new Set(bench.server.calls)], ['snapshot']);
  });

  it('has a remote database\'s key abandoned at the console, which no session can', async () => {
    using bench = new CliBench();
    bench.server.loseKey();
    bench.server.remoteSql = true;
    const { code, out, err } = await bench.call(['runbook', 'practice', '--plan', 'full-abandonment']);
    assert.equal(code, 0, err);
    assert.match(out, /sign in at the server's own console, not over the network/);
  });

  it('as JSON is the same steps', async () => {
    using bench = new CliBench();
    const json = await bench.json<{ plan: string; steps: { id: string; actions: { kind: string; lines?: string[] }[]; expect: string[]; ifStoppedHere: string }[] }>(['runbook', '--plan', 'service-password', ...said]);
    assert.deepEqual(json.steps.map((step) => step.id), ['before', 'set-service-password', 'start-service', 'verify']);
    assert.ok(json.steps.every((step) => step.actions.length > 0 && step.expect.length > 0 && step.ifStoppedHere !== ''));
  });

  it('makes whatever a server calls its connectors a literal, and no markup', async () => {
    const evil = 'a\'; Remove-Item C:\\ -Recurse; \u2019\u2018`n$(calc)<img>';
    assert.equal(literal(evil), '\'a\'\'; Remove-Item C:\\ -Recurse; \u2019\u2019\u2018\u2018`n$(calc)<img>\'');
    assert.equal(literal('one\ntwo'), '\'onetwo\'');
    const { out } = await book('--plan', 'connector-password', '--connector', evil);
    assert.match(out, /^Test-ADSyncADDSConnectivity -ConnectorName 'a''; Remove-Item/m);
    assert.doesNotMatch(out, /[^\\]<img>(?!')/);
  });
});
