import assert from 'node:assert/strict';
import { labLayout } from '../../lab/layout.ts';
import { scenarioNames } from '../../lab/scenario.ts';
import { tryBatch, type Tried } from './support/scenario-batch.ts';

const lab = labLayout(process.cwd());
const scenarios = scenarioNames(lab);
/** Servers that are made with one start of the engine. */
const batchSize = 20;

// Each once, over the cheapest transport; `npm run soak -- scenarios` runs all of them over every one and writes docs/scenarios.md.
describe('every scenario', function () {
  this.timeout(20 * 60_000);
  let tried: ReadonlyMap<string, Tried>;
  before(async () => {
    const all: Tried[] = [];
    for (let at = 0; at < scenarios.length; at += batchSize) all.push(...await tryBatch(lab, scenarios.slice(at, at + batchSize), { transport: 'local', auth: 'none', width: 2, limit: 300_000 }));
    tried = new Map(all.map((one) => [one.scenario, one]));
  });

  for (const name of scenarios) {
    it(`${name} ends as it says`, () => {
      const one = tried.get(name);
      assert.ok(one !== undefined);
      assert.deepEqual(one.differences, [], one.log.slice(-40).join('\n'));
      assert.equal(one.endedWell, true);
    });
  }
});
