import { valueOf } from '../fact.ts';
import { numberOf, textOf, truthOf } from '../flat-record.ts';
import { actGuarded, guardText, refusedByServer } from '../guarded.ts';
import { verifyByHand } from '../manual/verify.ts';
import { Cancelled, ScriptFailed, StepFailed, errorText } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import { readService } from '../service-control.ts';
import type { Step, StepContext } from '../step.ts';
import { installationPath, startNameOf } from './installation.ts';
import { needsFullCycle } from '../sync-gap.ts';
import { aboutConnector, readKeyEvents } from './key-events.ts';

interface Found {
  readonly path: string;
  /** A delta cycle would not be exact any more. */
  readonly full: boolean;
  readonly startName: string;
  readonly machineId: string;
  readonly connectors: readonly { readonly name: string; readonly type: string }[];
  readonly applicationRecord: number;
  /** Runs that were there before, by their history id. */
  readonly seen: ReadonlySet<string>;
  /** Connectors that a finding of their own waits for: their failure was there before this plan, and it is not about them. */
  readonly knownBad: ReadonlySet<string>;
}

/** Findings about one connector, which other plans repair. */
const ofOneConnector: readonly string[] = ['connector-password', 'entra-sign-in', 'application-auth'];
/** Plans about some connectors only. */
const partial: readonly string[] = ['connector-password', 'entra-reinitialize', 'service-password', 'planned-change'];

interface CycleRun {
  readonly connector: string;
  readonly profile: string;
  readonly result: string;
  readonly complete: boolean;
  readonly history: string;
}

const lookInterval = 2_000;
/** Longest wait for a delta cycle, and for its first run to show up, in milliseconds. */
const longestCycle = 6 * 3_600_000;
const longestFullCycle = 48 * 3_600_000;
const longestStart = 120_000;

/** Runs one delta cycle and reads back how every run of it ended. */
export const verify: Step<Found, true, readonly CycleRun[]> = {
  id: 'verify',
  title: 'Verify with a delta cycle',
  summary: 'Runs one delta synchronization cycle and reads the result of every run, of password hash synchronization and of the key events.',
  danger: 'change',
  launch: 'inline',
  parameters: [],
  duration: 'Minutes to hours, by what has piled up.',
  ifStoppedHere: 'A cycle that was begun goes on by itself; stopping to watch it is harmless.',
  afterLoss: 'repeat',
  manual: verifyByHand,

  async precheck(context) {
    const { snapshot, findings } = await context.look();
    const path = installationPath(snapshot);
    if (valueOf(snapshot.service.state) !== 'Running') throw new StepFailed('ADSync does not run, so nothing can be verified. Start it first.');
    const found: Found = {
      path, full: needsFullCycle(snapshot), startName: startNameOf(snapshot), machineId: valueOf(snapshot.machineId) ?? '', connectors: valueOf(snapshot.connectors) ?? [],
      applicationRecord: (await readService(context)).applicationRecord,
      knownBad: new Set(context.plan !== undefined && partial.includes(context.plan) ? findings.flatMap((finding) => (ofOneConnector.includes(finding.id) && finding.target !== undefined ? [finding.target] : [])) : []),
      seen: new Set((await readRuns(context, path)).runs.map((run) => run.history)),
    };
    return { kind: 'ready', found, says: [`ADSync runs as ${found.startName}; ${found.connectors.length} connectors.${found.full ? ' It has not synchronized for more than seven days: a full cycle is run, since a delta one is not exact any more.' : ''}`] };
  },

  async confirm(context, found) {
    const kind = found.full ? 'full' : 'delta';
    const agreed = await context.consent({
      title: `Verify with a ${kind} cycle`, changes: [`One ${kind} synchronization cycle is run: changes that have piled up are synchronized. The accidental-delete threshold stays as it is.${found.full ? ' It takes longer than a delta one: every object is looked at.' : ''}`],
      undo: 'A cycle can be stopped; what it has synchronized stays.', irreversible: false, typedName: undefined, action: `Run a ${kind} cycle`,
    }, false);
    if (!agreed) throw new Cancelled('Declined.');
    return true;
  },

  async action(context, found) {
    if ((await readRuns(context, found.path)).busy === 0) {
      try {
        await actGuarded(context, scripts.startCycle, { InstallationPath: found.path, PolicyType: found.full ? 'Initial' : 'Delta' }, { signal: context.signal });
      } catch (error) {
        // A cycle that began by itself in this moment serves as well.
        if (!(error instanceof ScriptFailed) || (await readRuns(context, found.path)).busy === 0) throw error;
      }
    }
    const begun = context.clock.now();
    for (;;) {
      const now = await readRuns(context, found.path);
      const fresh = now.runs.filter((run) => !found.seen.has(run.history));
      if (fresh.length > 0 && now.busy === 0 && fresh.every((run) => run.complete)) {
        // Between two runs of one cycle nothing is busy for a moment.
        await context.pause(lookInterval);
        const again = await readRuns(context, found.path);
        const all = again.runs.filter((run) => !found.seen.has(run.history));
        if (again.busy === 0 && all.length === fresh.length) return all;
        continue;
      }
      const waited = context.clock.now() - begun;
      if (fresh.length === 0 && now.busy === 0 && waited > longestStart) throw new StepFailed('The cycle was requested, but no run began within two minutes. Look at the Operations tab of Synchronization Service Manager.');
      if (waited > (found.full ? longestFullCycle : longestCycle)) throw new StepFailed(`The cycle still runs after ${found.full ? '48' : 'six'} hours. Look at the Operations tab of Synchronization Service Manager.`);
      context.progress(fresh.length === 0 ? `Waiting for the ${found.full ? 'full' : 'delta'} cycle to begin` : `${found.full ? 'Full' : 'Delta'} cycle: ${fresh.length} runs, the last: ${fresh[0]?.connector ?? ''} ${fresh[0]?.profile ?? ''}`);
      await context.pause(lookInterval);
    }
  },

  async postcondition(context, found, outcome) {
    if (outcome === undefined) throw new StepFailed('How the cycle ended is not known. Run this step again.');
    for (const run of outcome) {
      context.say(succeeded(run) ? 'dim' : 'bad', `${run.connector}: ${run.profile} ${run.result}`);
      await context.note('evidence', { fact: `${run.connector} ${run.profile}`, value: run.result });
    }
    const left = [...new Set(outcome.filter((run) => !succeeded(run) && found.knownBad.has(run.connector)).map((run) => run.connector))];
    if (left.length > 0) context.say('warn', `${left.join(', ')} failed before, too, and waits for a plan of its own.`);
    const bad = outcome.filter((run) => !succeeded(run) && !found.knownBad.has(run.connector));
    if (bad.length > 0) throw new StepFailed(`The cycle ran, but not everything succeeded: ${bad.map((run) => `${run.connector} ${run.profile} ${run.result}`).join(', ')}. Diagnose again.`);
    const problems = (await readKeyEvents(context, found.applicationRecord)).filter((event) => [6227, 6231].includes(event.id) || ([6000, 6601, 6602].includes(event.id) && ![...found.knownBad].some((name) => aboutConnector(event, name))));
    if (problems.length > 0) throw new StepFailed(`The cycle succeeded, but event ${problems.map((event) => event.id).join(', ')} was written meanwhile. Diagnose again.`);
    const hashes = await passwordHashes(context, found);
    const { findings } = await context.look(true);
    const trouble = findings.filter((finding) => finding.severity === 'error' && !(ofOneConnector.includes(finding.id) && finding.target !== undefined && found.knownBad.has(finding.target)));
    if (trouble.length > 0) throw new StepFailed(`The cycle succeeded, but the diagnosis still finds: ${trouble.map((finding) => finding.title).join('; ')}.`);
    await keepBaseline(context, found);
    const good = outcome.filter((run) => succeeded(run)).length;
    return { held: true, says: `${good} runs succeeded${left.length === 0 ? '' : `; ${left.join(', ')} still waits for its own repair`}. ${hashes}` };
  },
};

/** Objects with errors of their own are no fault of a password; what did not start or was stopped is one of the run. */
function succeeded(run: CycleRun): boolean {
  return run.result === 'success' || run.result.startsWith('completed-');
}

async function readRuns(context: StepContext, path: string): Promise<{ busy: number; runs: readonly CycleRun[] }> {
  const records = await context.link.read(scripts.readRuns, { InstallationPath: path }, { signal: context.signal });
  return {
    busy: numberOf(records.find((record) => textOf(record, 'kind') === 'state'), 'busy') ?? 0,
    runs: records.filter((record) => textOf(record, 'kind') === 'run').map((record) => ({
      connector: textOf(record, 'connector'), profile: textOf(record, 'profile'), result: textOf(record, 'result'), complete: truthOf(record, 'complete') === true, history: textOf(record, 'history'),
    })),
  };
}

async function passwordHashes(context: StepContext, found: Found): Promise<string> {
  const on: string[] = [];
  const off: string[] = [];
  for (const connector of found.connectors.filter((one) => one.type === 'AD')) {
    try {
      const [answer] = await context.link.read(scripts.readPasswordSync, { InstallationPath: found.path, Connector: connector.name }, { signal: context.signal });
      (truthOf(answer, 'enabled') === true ? on : off).push(connector.name);
    } catch (error) {
      if (!(error instanceof ScriptFailed)) throw error;
      context.say('warn', `Whether password hash synchronization is on for ${connector.name} could not be read: ${errorText(error)}`);
    }
  }
  await context.note('evidence', { fact: 'password hash synchronization', value: `on: ${on.join(', ')}; off: ${off.join(', ')}` });
  return on.length === 0 ? 'Password hash synchronization is off.' : `Password hash synchronization is on for ${on.join(', ')}.`;
}

/** A healthy server is the moment to remember who it runs as: the next fault has a proof to rest on. */
async function keepBaseline(context: StepContext, found: Found): Promise<void> {
  try {
    await context.link.read(scripts.writeBaseline, { StartName: found.startName, MachineId: found.machineId, Guard: guardText(context) }, { signal: context.signal });
  } catch (caught) {
    const error = await refusedByServer(context, caught);
    if (!(error instanceof ScriptFailed)) throw error;
    context.say('warn', `The baseline was not written: ${errorText(error)}`);
  }
}
