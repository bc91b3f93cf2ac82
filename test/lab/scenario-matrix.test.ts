import assert from 'node:assert/strict';
import { labLayout } from '../../lab/layout.ts';
import { loadScenario, scenarioNames } from '../../lab/scenario.ts';
import { tryBatch, type Tried } from './support/scenario-batch.ts';
import { diagnoseBatch } from './support/scenario-diagnosis.ts';

const lab = labLayout(process.cwd());
/** Servers that are made with one start of the engine. */
const batchSize = 25;
/** Servers that are looked after at the same time: much of a repair is waiting. */
const width = 3;
/** What try-scenarios tries to its end, over SSH. */
const elsewhere = ['stale-scm-password', 'key-lost-1.1.443', 'key-lost-current'];
const names = scenarioNames(lab);
/** Those with a plan that does something are run to their end. The others end with their diagnosis, which is all that a try does there. */
const whole = names.filter((name) => !elsewhere.includes(name) && (loadScenario(lab, name).content.expect.plans ?? []).some((plan) => plan !== 'manual'));
const diagnosed = names.filter((name) => !elsewhere.includes(name) && !whole.includes(name));

// `npm run soak -- scenarios` runs all of them to their end over every transport and writes docs/scenarios.md.
describe('scenarios, tried to their end', function () {
  this.timeout(30 * 60_000);
  const tried = new Map<string, Tried>();
  before(async () => {
    for (let at = 0; at < whole.length; at += batchSize) for (const one of await tryBatch(lab, whole.slice(at, at + batchSize), { transport: 'local', auth: 'none', width, limit: 300_000 })) tried.set(one.scenario, one);
  });

  for (const name of whole) {
    it(`${name} ends as it says`, () => {
      const one = tried.get(name);
      assert.ok(one !== undefined);
      assert.deepEqual(one.differences, [], one.log.slice(-40).join('\n'));
      assert.equal(one.endedWell, true);
    });
  }
});

describe('every other scenario', function () {
  this.timeout(20 * 60_000);
  const found = new Map<string, readonly string[]>();
  before(async () => {
    for (let at = 0; at < diagnosed.length; at += batchSize) for (const [name, differences] of await diagnoseBatch(lab, diagnosed.slice(at, at + batchSize), width)) found.set(name, differences);
  });

  for (const name of diagnosed) {
    it(`${name} ends with its diagnosis, as it says`, () => {
      assert.deepEqual(found.get(name), []);
    });
  }
});
