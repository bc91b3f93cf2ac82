import { fact } from '../evidence.ts';
import { valueOf } from '../fact.ts';
import { finding, hasFault, has, type Rule } from './rule.ts';

/** `healthy`: the service runs under its account and nothing speaks against any connector. */
export const healthy: Rule = (situation, before) => {
  if (!situation.running || hasFault(before) || has(before, 'key-recreated', 'account-replaced')) return [];
  const { snapshot } = situation;
  const connectors = valueOf(snapshot.connectors) ?? [];
  return [finding({
    id: 'healthy', severity: 'ok', title: 'ADSync runs and nothing speaks against it',
    detail: `The service runs as ${valueOf(snapshot.service.startName) ?? 'its account'}; no failure of its ${connectors.length} connectors is newer than their last success.`,
    evidence: [fact('service.state', 'Running'), ...connectors.slice(0, 20).map((connector) => fact(`connector ${connector.name}`, lastRun(connector.name, situation)))],
    advice: 'Nothing has to be done.',
  })];
};

function lastRun(name: string, { snapshot }: Parameters<typeof healthy>[0]): string {
  const run = valueOf(snapshot.runs)?.find((candidate) => candidate.connector === name);
  return run === undefined ? 'no run on record' : `${run.profile}: ${run.complete ? run.result : 'running'} (${run.start})`;
}
