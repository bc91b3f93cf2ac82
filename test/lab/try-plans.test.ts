import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { PlanId } from '../../src/connect/ids.ts';
import type { AdDsWay } from '../../src/connect/step.ts';
import { labLayout } from '../../lab/layout.ts';
import { tryBatch, type Tried } from './support/scenario-batch.ts';

const lab = labLayout(process.cwd());

/** Plans that a person asks for, and the ways of entering a password that a person has to choose; each against a simulated server. */
const cases: Readonly<Record<string, { readonly file?: string; readonly plan?: PlanId; readonly adDs?: AdDsWay; readonly harm?: string; readonly steps: readonly string[] }>> = {
  'planned-change': {
    file: 'planned-change.json', plan: 'planned-change',
    steps: ['back-up-configuration done', 'pause-scheduler done', 'back-up-database done', 'set-service-password done', 'restart-service done', 'verify done', 'restore-scheduler done'],
  },
  'abandon-any-reason': {
    file: 'abandon-any-reason.json', plan: 'abandon-any-reason',
    // That is what was asked for, in writing; the judge of the lab does not know the reason.
    harm: 'Harm: The encryption key was abandoned although it could be read.',
    steps: ['start-service skipped', 'back-up-configuration done', 'pause-scheduler done', 'back-up-database done', 'abandon-key done', 'start-service done', 'pause-scheduler skipped',
      'enter-connector-password contoso.com done', 'enter-connector-password fabrikam.com done', 'reinitialize-entra-account done', 'restart-service done', 'verify done', 'restore-scheduler done'],
  },
  'connector-password': { adDs: 'object-model', steps: ['pause-scheduler done', 'enter-connector-password contoso.com done', 'restart-service done', 'verify done', 'restore-scheduler done'] },
  'key-recreated-virtual': { adDs: 'enterprise-admin', steps: [] },
};

describe('plans that a person asks for, and ways that a person chooses', function () {
  this.timeout(1_200_000);
  let tried: ReadonlyMap<string, Tried>;
  before(async () => {
    const names = Object.entries(cases).map(([name, { file }]) => (file === undefined ? name : resolve('test/lab/plans', file)));
    const all = await tryBatch(lab, names, {
      transport: 'local', auth: 'none', width: 2, limit: 900_000,
      how: (name) => ({ ...(cases[name]?.plan !== undefined && { plan: cases[name].plan }), ...(cases[name]?.adDs !== undefined && { adDs: cases[name].adDs }) }),
    });
    tried = new Map(all.map((one) => [one.scenario, one]));
  });

  for (const [name, { plan, adDs, harm, steps }] of Object.entries(cases)) {
    it(`${name}: ${plan ?? 'recommended'}, passwords ${adDs ?? 'guided'}`, () => {
      const one = tried.get(name);
      assert.ok(one !== undefined, [...tried.keys()].join());
      assert.deepEqual(one.differences, harm === undefined ? [] : [harm], one.log.slice(-40).join('\n'));
      assert.equal(one.report?.healthy, true, one.verdict.reasons.join('; '));
      if (steps.length > 0) assert.deepEqual(one.report.steps.map((step) => [step.id, ...(step.target === undefined ? [] : [step.target]), step.state].join(' ')), steps);
      if (adDs !== undefined) assert.ok(!one.log.some((line) => line.includes('The person entered')), 'nobody clicked');
    });
  }
});
