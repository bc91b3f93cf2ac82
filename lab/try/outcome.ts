import type { Scenario } from '../scenario.ts';
import type { Verdict } from './judge.ts';
import type { TryReport } from './report.ts';

/** Whether a try ended well: nothing was harmed, and the server is healthy or was refused as its scenario expects. */
export function endedWell(report: TryReport, verdict: Verdict, scenario: Scenario): boolean {
  if (verdict.harm.length > 0) return false;
  const expected = scenario.content.expect.refused ?? null;
  return verdict.healthy || (expected !== null && report.refused !== null && report.refused.finding === expected.finding);
}

/** Where a try differs from everything that its scenario expects, one sentence each; empty where it does not. */
export function differences(report: TryReport, verdict: Verdict, scenario: Scenario): readonly string[] {
  const { expect } = scenario.content;
  const lists = (['before', 'plans', 'after'] as const).flatMap((part) => {
    const [wanted, found] = [expect[part], report[part]];
    return wanted === undefined || wanted.join() === found.join() ? [] : [`${part}: expected ${wanted.join(', ') || 'none'}, found ${found.join(', ') || 'none'}.`];
  });
  const [wanted, found] = [expect.refused?.finding ?? 'none', report.refused?.finding ?? 'none'];
  return [
    ...lists,
    ...(wanted === found ? [] : [`refused: expected ${wanted}, found ${found}${report.refused === null ? '' : ` (${report.refused.reason})`}.`]),
    ...(verdict.healthy || wanted !== 'none' ? [] : [`Not healthy: ${verdict.reasons.join(' ')}`]),
    ...verdict.harm.map((harm) => `Harm: ${harm}`),
  ];
}
