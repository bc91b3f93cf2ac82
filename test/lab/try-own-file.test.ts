import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TryReport } from '../../lab/try/report.ts';
import { callLab, tryTimeout } from './support/lab-command.ts';

/** A caller's own server: three forests, its own names, a stale password in Service Control Manager and a lost key at once. */
const ownScenario = {
  v: 1,
  computerName: 'WERK-SYNC7',
  build: '1.1.443.0',
  locale: 'de-DE',
  service: { startName: 'WERK\\dienst.sync', kind: 'domain', state: 'Stopped', scmPassword: 'damals' },
  account: { password: 'heute', lastChange: 'reset', oldPasswordKnown: false, proof: 'files-and-registry' },
  key: { state: 'lost' },
  connectors: [
    { name: 'werk.example', type: 'AD', account: 'WERK\\MSOL_aaaabbbbcccc', password: 'wald-a', stored: 'wald-a', forest: 'werk.example' },
    { name: 'labor.example', type: 'AD', account: 'LABOR\\MSOL_ddddeeeeffff', password: 'wald-b', stored: 'wald-b', forest: 'labor.example' },
    { name: 'handel.example', type: 'AD', account: 'HANDEL\\MSOL_000011112222', password: 'wald-c', stored: 'wald-c', forest: 'handel.example' },
    { name: 'werk.onmicrosoft.com - AAD', type: 'Entra', account: 'Sync_WERK-SYNC7_0f0f0f0f0f0f@werk.onmicrosoft.com', password: 'mieter', stored: 'mieter' },
  ],
  scheduler: { enabled: true },
  delays: { start: 0.2, stop: 0.2, abandon: 0.3, run: 0.2 },
  events: [
    { ago: '26h', provider: 'Service Control Manager', id: 7036, data: ['{displayName}', 'stopped'] },
    { ago: '25h', provider: 'Service Control Manager', id: 7038, data: ['ADSync', '{startName}', '%%1326'] },
    { ago: '25h', provider: 'Service Control Manager', id: 7000, data: ['{displayName}', '%%1069'] },
  ],
  answers: { 'password-change-kind': 'reset', 'old-password-known': 'gone' },
  expect: {},
};

describe('try with a file of the caller\'s own', function () {
  this.timeout(tryTimeout);
  let folder: string;
  before(() => {
    // A folder's name with a space is legal, and so is a path relative to it.
    folder = join(mkdtempSync(join(tmpdir(), 'own-')), 'mine too');
    mkdirSync(folder);
  });
  after(() => { rmSync(join(folder, '..'), { recursive: true }); });

  const write = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return `./${name}`;
  };

  it('repairs both faults and every forest, without knowing a name', async () => {
    const call = await callLab(['try', write('werk.json', ownScenario), '--json'], { cwd: folder });
    assert.equal(call.code, 0, call.stderr);
    const report = JSON.parse(call.stdout) as TryReport;
    assert.equal(report.scenario, 'werk');
    assert.equal(report.transport, 'ssh');
    assert.equal(report.before[0], 'stale-scm-password');
    assert.deepEqual(report.plans, ['service-password', 'full-abandonment']);
    assert.equal(report.healthy, true);
    const entered = report.steps.filter(({ id, state }) => id === 'enter-connector-password' && state === 'done');
    assert.deepEqual(entered.map(({ target }) => target).sort(), ['handel.example', 'labor.example', 'werk.example']);
    assert.equal(report.steps.filter(({ id, state }) => id === 'abandon-key' && state === 'done').length, 1);
  });

  it('never abandons where the service of a current build made a new key by itself', async () => {
    const call = await callLab(['try', write('neu.json', { ...ownScenario, build: '2.5.190.0' }), '--transport', 'local', '--json'], { cwd: folder });
    assert.equal(call.code, 0, call.stderr);
    const report = JSON.parse(call.stdout) as TryReport;
    assert.deepEqual(report.plans, ['service-password', 'credentials-only']);
    assert.equal(report.healthy, true);
    assert.equal(report.steps.some(({ id }) => id === 'abandon-key'), false);
    assert.equal(report.steps.filter(({ id, state }) => id === 'enter-connector-password' && state === 'done').length, 3);
  });

  it('exits 0 where the scenario expects a refusal for exactly that finding, else 1', async () => {
    const blocked = {
      ...ownScenario,
      account: { ...ownScenario.account, logon: 1909 },
      key: { state: 'present' },
      events: [
        { ago: '2h', provider: 'Service Control Manager', id: 7038, data: ['ADSync', '{startName}', '%%1909'] },
        { ago: '2h', provider: 'Service Control Manager', id: 7000, data: ['{displayName}', '%%1069'] },
      ],
    };
    const expected = await callLab(['try', write('gesperrt.json', { ...blocked, expect: { refused: { finding: 'account-blocked' } } }), '--transport', 'local', '--json'], { cwd: folder });
    const report = JSON.parse(expected.stdout) as TryReport;
    assert.equal(report.refused?.finding, 'account-blocked');
    assert.equal(report.healthy, false);
    assert.equal(expected.code, 0, expected.stderr);
    const other = await callLab(['try', write('anders.json', { ...blocked, expect: { refused: { finding: 'key-lost' } } }), '--transport', 'local', '--json'], { cwd: folder });
    assert.equal(other.code, 1);
  });

  const wrong: readonly { readonly what: string; readonly content: unknown; readonly says: RegExp }[] = [
    { what: 'no JSON', content: '{\n  "v": 1,\n  "computerName" "x"\n}', says: /^.*falsch\.json:3:18: not JSON: .*\n$/ },
    { what: 'an empty file', content: '', says: /^.*falsch\.json:1:1: not JSON: .*\n$/ },
    { what: 'a key twice', content: '{\n  "v": 1,\n  "v": 1\n}', says: /^.*falsch\.json:3:3: a key appears twice in one object\.\n$/ },
    { what: 'an unknown key', content: { ...ownScenario, shedule: {} }, says: /^.*falsch\.json:\d+:\d+: the scenario has an unknown key "shedule" \(did you mean "scheduler"\?\)\n$/ },
    { what: 'a value as a secret\'s name', content: { ...ownScenario, account: { password: 'P@ssw0rd!' } }, says: /falsch\.json:\d+:\d+: account\.password must match pattern/ },
    { what: 'a key in a connector', content: { ...ownScenario, connectors: [{ name: 'x', type: 'AD', fores: 'x' }] }, says: /falsch\.json:\d+:\d+: connectors\.0 has an unknown key "fores" \(did you mean "forest"\?\); / },
    { what: 'a kind that does not exist', content: { ...ownScenario, key: { state: 'gone' } }, says: /: key\.state must be one of present, unreadable, lost, none\n$/ },
    { what: 'an array', content: '[]', says: /falsch\.json:1:1: the scenario must be object\n$/ },
    { what: 'a file of more than a megabyte', content: ' '.repeat(1_100_000), says: /cannot be read: it has 1100000 bytes, more than 1048576\.\n$/ },
  ];
  for (const { what, content, says } of wrong) {
    it(`tells position and reason for ${what}`, async () => {
      const call = await callLab(['try', write('falsch.json', content), '--json'], { cwd: folder });
      assert.match(call.stderr, says);
      assert.equal(call.stderr.trimEnd().split('\n').length, 1, 'one line');
      assert.equal(call.stdout, '');
      assert.equal(call.code, 2);
      assert.deepEqual(call.folders, []);
    });
  }
});
