import { fact } from '../evidence.ts';
import { valueOf } from '../fact.ts';
import type { Evidence } from '../finding.ts';
import type { Situation } from '../situation.ts';
import { lastSuccess, needsFullCycle } from '../sync-gap.ts';
import { finding, hasFault, has, type Rule } from './rule.ts';

/** `healthy`: the service runs under its account and nothing speaks against any connector. What was left behind is said, too. */
export const healthy: Rule = (situation, before) => {
  if (!situation.running || hasFault(before) || has(before, 'key-recreated', 'account-replaced')) return [];
  const { snapshot } = situation;
  const connectors = valueOf(snapshot.connectors) ?? [];
  const left = leftBehind(situation);
  return [finding({
    id: 'healthy', severity: left === undefined ? 'ok' : 'warning', title: left?.title ?? 'ADSync runs and nothing speaks against it',
    detail: `The service runs as ${valueOf(snapshot.service.startName) ?? 'its account'}; no failure of its ${connectors.length} connectors is newer than their last success.${left === undefined ? '' : ` ${left.detail}`}`,
    evidence: [fact('service.state', 'Running'), ...(left?.evidence ?? []), ...connectors.slice(0, 20).map((connector) => fact(`connector ${connector.name}`, lastRun(connector.name, situation)))],
    advice: left?.advice ?? 'Nothing has to be done.',
  })];
};

interface LeftBehind { readonly title: string; readonly detail: string; readonly advice: string; readonly evidence: readonly Evidence[] }

/** A repair that was forgotten half-way looks healthy: a scheduler that is off, a week without a synchronization. */
function leftBehind({ snapshot }: Situation): LeftBehind | undefined {
  const paused = valueOf(snapshot.markers)?.find((marker) => marker.path === '')?.values.get('SchedulerBefore');
  if (valueOf(snapshot.scheduler.syncCycleEnabled) === false) {
    return paused?.toLowerCase() === 'true' ? {
      title: 'ADSync runs, but a run of this product left scheduled synchronization off', detail: 'It was on before that run paused it.',
      advice: 'If no run is in progress: "Put the scheduler back".', evidence: [fact('scheduler.syncCycleEnabled', false), fact('SchedulerBefore', paused)],
    } : {
      title: 'ADSync runs, but scheduled synchronization is off', detail: 'Nothing synchronizes unless somebody starts it.',
      advice: 'Find out whether that is meant; if not: Set-ADSyncScheduler -SyncCycleEnabled $true.', evidence: [fact('scheduler.syncCycleEnabled', false)],
    };
  }
  if (valueOf(snapshot.scheduler.suspended) === true) {
    return { title: 'ADSync runs, but its scheduler is suspended', detail: 'The wizard suspends it while it is open, and leaves it so where it was killed.', advice: 'Close the wizard properly: open it, and leave it by Exit.', evidence: [fact('scheduler.suspended', true)] };
  }
  const success = lastSuccess(snapshot);
  if (success !== undefined && needsFullCycle(snapshot)) {
    return { title: 'ADSync runs, but has not synchronized for more than seven days', detail: 'After so long a delta synchronization is not exact any more.', advice: 'Run a full cycle: Start-ADSyncSyncCycle -PolicyType Initial.', evidence: [fact('last successful run', new Date(success).toISOString())] };
  }
  return undefined;
}

function lastRun(name: string, { snapshot }: Situation): string {
  const run = valueOf(snapshot.runs)?.find((candidate) => candidate.connector === name);
  return run === undefined ? 'no run on record' : `${run.profile}: ${run.complete ? run.result : 'running'} (${run.start})`;
}
