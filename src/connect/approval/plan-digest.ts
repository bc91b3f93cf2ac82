import { valueOf } from '../fact.ts';
import type { Plan } from '../plan.ts';
import type { Snapshot } from '../snapshot.ts';
import { hexadecimal } from './hexadecimal.ts';

/**
 * What a person approves, as 64 hexadecimal digits: the plan with its steps in order, the server it is for, and what the decision
 * rested on (findings, build, log-on account, the connectors whose secrets go). Anything of this that differs makes another digest.
 */
export async function planDigest(plan: Plan, snapshot: Snapshot): Promise<string> {
  const connectors = valueOf(snapshot.connectors)?.map((connector) => connector.name).sort() ?? null;
  const approved = [
    'plan', 1, plan.id, plan.findings, plan.steps.map(({ step, target, purpose }) => [step, target ?? null, purpose ?? null]),
    valueOf(snapshot.server.computerName)?.toLowerCase() ?? null, valueOf(snapshot.machineId)?.toLowerCase() ?? null,
    valueOf(snapshot.installation.build) ?? null, valueOf(snapshot.service.startName)?.toLowerCase() ?? null, connectors,
  ];
  return hexadecimal(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(approved))));
}
