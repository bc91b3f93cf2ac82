import assert from 'node:assert/strict';
import { killAfterRefusal, killAll, killTwice, worlds } from './kills.ts';

/** One of so many kills is tried here; `npm run soak -- kills` tries all. No divisor of the nine that each script has. */
const stride = 7;
/** One of so many scripts of whoever goes on. */
const strideOfScripts = 3;
/** One of so many pairs of scripts. */
const strideOfPairs = 61;

describe('a run that is killed', function () {
  this.timeout(300_000);

  for (const world of worlds) {
    it(`${world.name}: before, during and after its scripts, by client, connection and engine; gone on with by another person elsewhere`, async () => {
      const { all, open, twice } = await killAll(world, stride);
      assert.deepEqual(twice, []);
      assert.ok(open.length * 10 <= all, `${open.length} of ${all} do not end healthy:\n${open.join('\n')}`);
      assert.ok(all >= 30, `${all} kills`);
    });

    it(`${world.name}: its client dies, and so does the next one who goes on with it`, async () => {
      const { all, open, twice } = await killTwice(world, strideOfPairs);
      assert.deepEqual(twice, []);
      assert.deepEqual(open, []);
      assert.ok(all >= 20, `${all} pairs`);
    });

    it(`${world.name}: a person says no in its middle, and whoever goes on with it dies`, async () => {
      const { all, open, twice } = await killAfterRefusal(world, strideOfScripts);
      assert.deepEqual(twice, []);
      assert.deepEqual(open, []);
      assert.ok(all >= 5, `${all} kills`);
    });
  }
});
