import assert from 'node:assert/strict';
import { labLayout } from '../../lab/layout.ts';
import { scenarioNames } from '../../lab/scenario.ts';
import { tryBatch, type Tried } from './support/scenario-batch.ts';
import { diagnoseBatch } from './support/scenario-diagnosis.ts';

const lab = labLayout(process.cwd());
/** Servers that are made with one start of the engine. */
const batchSize = 25;
/** Those that are tried to their end: the main ones whose plans differ, and what only an end shows. The others are diagnosed. */
const whole = [
  'healthy', 'key-recreated', 'account-replaced', 'logon-right-missing', 'database-nearly-full', 'application-auth', 'build-2017-02', 'sync-running', 'staging-pair',
  'key-lost-logging', 'connector-password-two-forests',
];
const others = scenarioNames(lab).filter((name) => !whole.includes(name));

// `npm run soak -- scenarios` runs all of them to their end over every transport and writes docs/scenarios.md.
describe('scenarios, tried to their end', function () {
  this.timeout(20 * 60_000);
  let tried: ReadonlyMap<string, Tried>;
  before(async () => {
    const all = await tryBatch(lab, whole, { transport: 'local', auth: 'none', width: 2, limit: 300_000 });
    tried = new Map(all.map((one) => [one.scenario, one]));
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
    for (let at = 0; at < others.length; at += batchSize) for (const [name, differences] of await diagnoseBatch(lab, others.slice(at, at + batchSize), 2)) found.set(name, differences);
  });

  for (const name of others) {
    it(`${name} is found and planned as it says`, () => {
      assert.deepEqual(found.get(name), []);
    });
  }
});
