import assert from 'node:assert/strict';
import type { Fault, FaultKind } from './support/fault-proxy.ts';
import { objection, remediate } from './support/remediation.ts';

/** A sample; `npm run soak` strikes every message. The fraction is of the messages that a remediation without a fault has. */
const sample: readonly (readonly [string, FaultKind, number])[] = [
  ['stale-scm-password', 'truncate', 0.3],
  ['key-lost-1.1.443', 'cut', 0.45],
];

/** Messages of a remediation without a fault, about: soak counts them. */
const usual: Readonly<Record<string, number>> = { 'stale-scm-password': 380, 'key-lost-1.1.443': 1400 };

describe('a remediation over WinRM on a bad network', function () {
  this.timeout(300_000);

  for (const [scenario, kind, fraction] of sample) {
    it(`ends healthy or in one clear error after a ${kind} at ${fraction * 100} % of ${scenario}, and abandons nothing twice`, async () => {
      const fault: Fault = { index: Math.round((usual[scenario] ?? 0) * fraction), kind };
      const run = await remediate(scenario, fault);
      assert.equal(run.struck.length, 1, `only ${run.messages} messages passed`);
      assert.equal(objection(run), undefined, run.said.slice(-10).join('\n'));
      assert.ok(run.abandonStarted <= 1 && run.abandoned === run.abandonStarted, `${run.abandoned} of ${run.abandonStarted} abandonments`);
    });
  }

  it('cannot be reached where the first message never arrives, and says so', async () => {
    const run = await remediate('healthy', { index: 0, kind: 'cut' });
    assert.equal(run.healthy, true, 'the server is as it was');
    assert.equal(run.result, undefined);
    assert.match(run.error?.message ?? '', /connection was lost.*|closed/);
    assert.notEqual(run.error?.failure.remedy, '');
  });
});
