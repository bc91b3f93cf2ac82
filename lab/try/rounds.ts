import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { diagnose } from '../../src/connect/diagnosis.ts';
import type { Finding } from '../../src/connect/finding.ts';
import type { FindingId, PlanId } from '../../src/connect/ids.ts';
import type { JournalSink } from '../../src/connect/journal.ts';
import type { MachineIdentity, MachinePins } from '../../src/connect/machine-pin.ts';
import type { Person } from '../../src/connect/person.ts';
import type { Plan } from '../../src/connect/plan.ts';
import { planById, planFor } from '../../src/connect/plans.ts';
import type { RunEvent, RunResult, StepResult } from '../../src/connect/run-events.ts';
import { startRun } from '../../src/connect/run.ts';
import type { Clock, ConnectServer } from '../../src/connect/server.ts';
import type { AdDsWay } from '../../src/connect/step.ts';
import type { Snapshot } from '../../src/connect/snapshot.ts';
import { takeSnapshot } from '../../src/connect/take-snapshot.ts';
import { systemClock } from './clock.ts';

/** Diagnose, run, diagnose again: at most so often. */
const mostRounds = 5;

export interface RoundsOptions {
  readonly server: ConnectServer;
  readonly person: Person;
  readonly plan: 'recommended' | PlanId;
  readonly adDs?: AdDsWay;
  readonly journal: (run: string) => JournalSink;
  /** One line of what happens, for a person. */
  readonly say: (line: string) => void;
  /** The machine that was met under this server's name before, where there was one. */
  readonly pinned?: MachineIdentity | undefined;
  /** Gives up: the run is cancelled, and nothing new starts. */
  readonly signal: AbortSignal;
  /** Another clock than this machine's: for tests that have no time to wait. */
  readonly clock?: Clock;
}

export interface RoundsResult {
  readonly before: readonly FindingId[];
  readonly plans: readonly PlanId[];
  readonly steps: readonly StepResult[];
  readonly after: readonly FindingId[];
  readonly refused: { readonly finding: FindingId; readonly reason: string } | null;
}

/**
 * Repairs one server as an engineer does with the extension. `recommended`: diagnoses, runs the first plan, diagnoses again, until
 * healthy, refused, or the same findings twice. A named plan runs once. Rejects where the server cannot be reached or read.
 */
export async function repair(options: RoundsOptions): Promise<RoundsResult> {
  const plans: PlanId[] = [];
  const steps: StepResult[] = [];
  let refused: RoundsResult['refused'] = null;
  let { snapshot, findings } = await diagnosis(options);
  const before = idsOf(findings);
  let after = before;
  const pins = memoryPins(options);
  for (let round = 1; round <= mostRounds && !options.signal.aborted; round += 1) {
    const plan = options.plan === 'recommended' ? planFor(findings, snapshot) : planById(options.plan, findings, snapshot);
    if (plan === undefined) break;
    plans.push(plan.id);
    if (plan.refused !== undefined) {
      refused = plan.refused;
      options.say(`Refused: ${plan.title}: ${plan.refused.reason}`);
      break;
    }
    const result = await runPlan(options, plan, pins);
    steps.push(...result.steps);
    // A run may go on with another plan once it knows more; what it went on with is a plan that ran, too.
    for (const id of [...result.steps.map((step) => step.plan), result.plan]) if (id !== undefined && id !== plans.at(-1)) plans.push(id);
    options.say(result.message);
    if (result.refused !== null) refused = result.refused;
    ({ snapshot, findings } = await diagnosis(options));
    const now = idsOf(findings);
    const stuck = now.join() === after.join();
    after = now;
    if (refused !== null || stuck || options.plan !== 'recommended') break;
  }
  return { before, plans, steps, after, refused };
}

async function diagnosis(options: RoundsOptions): Promise<{ snapshot: Snapshot; findings: readonly Finding[] }> {
  const session = await options.server.session(options.signal);
  const snapshot = await takeSnapshot(session, { signal: options.signal });
  const findings = diagnose(snapshot, { claims: options.server.claims });
  for (const finding of findings) {
    options.say(`Found: ${finding.id}${finding.target === undefined ? '' : ` (${finding.target})`}: ${finding.title}`);
    options.say(`    ${finding.detail}`);
    for (const evidence of finding.evidence) options.say(`    ${evidence.kind === 'fact' ? evidence.fact : `${evidence.log} ${evidence.provider} ${evidence.eventId}`}: ${evidence.text}`);
  }
  return { snapshot, findings };
}

async function runPlan(options: RoundsOptions, plan: Plan, pins: MachinePins): Promise<RunResult> {
  const id = randomUUID();
  const run = startRun({
    server: options.server,
    person: options.person,
    clock: options.clock ?? systemClock,
    journal: options.journal(id),
    holder: { who: userInfo().username, host: hostname(), client: randomUUID() },
    pins,
    ...(options.adDs !== undefined && { adDs: options.adDs }),
    id,
    work: { kind: 'plan', plan },
    onEvent: (event) => { tell(event, options.say); },
  });
  const cancel = (): void => { run.cancel(); };
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    return await run.result;
  } finally {
    options.signal.removeEventListener('abort', cancel);
  }
}

function tell(event: RunEvent, say: (line: string) => void): void {
  if (event.kind === 'line') say(event.tone === 'heading' ? `== ${event.text}` : event.text);
  if (event.kind === 'step') say(`[${event.step}${event.target === undefined ? '' : ` ${event.target}`}] ${event.state}${event.detail === '' ? '' : `: ${event.detail}`}`);
}

function idsOf(findings: readonly Finding[]): FindingId[] {
  return [...new Set(findings.map((finding) => finding.id))];
}

function memoryPins({ server, pinned: before }: RoundsOptions): MachinePins {
  const pinned = new Map<string, MachineIdentity>(before === undefined ? [] : [[server.name, before]]);
  return {
    get: (server) => Promise.resolve(pinned.get(server)),
    set: (server, identity) => {
      pinned.set(server, identity);
      return Promise.resolve();
    },
  };
}
