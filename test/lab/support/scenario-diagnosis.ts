import type { LabLayout } from '../../../lab/layout.ts';
import { startPracticeServers } from '../../../lab/practice-servers.ts';
import type { SimulatedServer } from '../../../lab/server.ts';
import { LabServer } from '../../../lab/try/lab-server.ts';
import { judgeAll } from '../../../lab/try/judge.ts';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import { planFor } from '../../../src/connect/plans.ts';
import { takeSnapshot } from '../../../src/connect/take-snapshot.ts';

/**
 * Diagnoses several scenarios over the local transport, `width` at a time, where nothing more can be tried: they have no plan, or one
 * that is refused at once. Gives, by name, where each differs from what it expects: of its findings, its plan and its refusal, and harm.
 */
export async function diagnoseBatch(lab: LabLayout, scenarios: readonly string[], width: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const practice = await startPracticeServers(lab, scenarios, { ssh: false });
  try {
    const found = new Map<string, string[]>();
    const waiting = [...practice.servers];
    await Promise.all(Array.from({ length: width }, async () => {
      for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) {
        await using reached = new LabServer(practice, server, 'local', 'none');
        found.set(server.scenario.name, await differencesOf(server, reached));
      }
    }));
    const verdicts = await judgeAll(lab, practice.servers.map(({ directory }) => directory));
    practice.servers.forEach((server, index) => { found.get(server.scenario.name)?.push(...(verdicts[index]?.harm ?? ['It was not judged.'])); });
    return found;
  } finally {
    await practice.stop();
  }
}

async function differencesOf(server: SimulatedServer, reached: LabServer): Promise<string[]> {
  const { expect } = server.scenario.content;
  const snapshot = await takeSnapshot(await reached.session());
  const findings = diagnose(snapshot, { claims: reached.claims });
  const plan = planFor(findings, snapshot);
  const compare = (what: string, wanted: string | undefined, is: string | undefined): string[] => (wanted === is ? [] : [`${what}: expected ${wanted ?? 'none'}, found ${is ?? 'none'}.`]);
  return [
    ...(expect.before === undefined ? [] : compare('before', expect.before.join(', '), [...new Set(findings.map(({ id }) => id))].join(', '))),
    ...(expect.plans === undefined ? [] : compare('first plan', expect.plans[0], plan?.id)),
    ...(plan !== undefined && plan.refused === undefined ? [`It has a plan, ${plan.id}, that is not refused: its end has to be tried.`] : []),
    ...(plan?.refused === undefined ? [] : compare('refused', expect.refused?.finding, plan.refused.finding)),
  ];
}
