import { plansFor } from '../../connect/plans.ts';
import { parseWords, wholeNumber } from '../arguments.ts';
import { asCliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interrupted.ts';
import type { CliPorts } from '../io.ts';
import { jsonLine, jsonVersion } from '../json.ts';
import { ReachedServer } from '../reached-server.ts';
import { Secrets } from '../secrets.ts';
import { readServers, selectServers, type ListedServer } from '../servers.ts';
import { findingJson, identityJson, needsAction, planJson } from '../shapes.ts';
import { findingsText } from '../text.ts';

interface Diagnosed {
  readonly state: 'healthy' | 'attention' | 'unreachable';
  readonly json: object;
  readonly text: string;
}

/** `diagnose`: reads servers, several at a time, and says what is wrong with each. A slow or dead one delays no other. */
export async function diagnoseCommand(ports: CliPorts, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('diagnose', words, {
    servers: { type: 'string' }, group: { type: 'string' }, parallel: { type: 'string' }, json: { type: 'boolean' },
  }, { least: 0, most: 10_000 });
  const parallel = wholeNumber('diagnose', 'parallel', values.parallel, 8, 1, 32);
  const servers = await readServers(ports.io, values.servers);
  const chosen = selectServers(servers, positionals, values.group);
  const secrets = new Secrets(ports.io);
  const json = values.json === true;
  const results = await interruptible(ports.io, (signal) => inParallel(chosen, parallel, async (listed) => {
    const result = await diagnoseOne(ports, secrets, listed, signal);
    signal.throwIfAborted();
    (json ? ports.io.err : ports.io.out)(json ? `${listed.target.name}: ${result.state}\n` : result.text);
    return result;
  }));
  const count = (state: Diagnosed['state']): number => results.filter((result) => result.state === state).length;
  const summary = { servers: results.length, healthy: count('healthy'), attention: count('attention'), unreachable: count('unreachable') };
  if (json) ports.io.out(jsonLine({ v: jsonVersion, command: 'diagnose', at: new Date(ports.clock.now()).toISOString(), summary, servers: results.map((result) => result.json) }));
  else if (results.length > 1) ports.io.out(`${summary.servers} servers: ${summary.healthy} healthy, ${summary.attention} need attention, ${summary.unreachable} not reached\n`);
  return summary.unreachable > 0 ? exitCodes.unreachable : summary.attention > 0 ? exitCodes.attention : exitCodes.done;
}

async function diagnoseOne(ports: CliPorts, secrets: Secrets, { target, group }: ListedServer, signal: AbortSignal): Promise<Diagnosed> {
  const begun = ports.clock.now();
  const about = { name: target.name, group: group ?? null, host: target.host, transport: target.transport };
  const seconds = (): number => Math.round((ports.clock.now() - begun) / 100) / 10;
  try {
    await using server = new ReachedServer(target, ports, secrets);
    const { snapshot, findings } = await server.diagnose(signal);
    const state = findings.some(needsAction) ? 'attention' : 'healthy';
    return {
      state, text: findingsText(target.name, snapshot, findings),
      json: { ...about, state, ...identityJson(snapshot), findings: findings.map(findingJson), plans: plansFor(findings, snapshot).map(planJson), error: null, seconds: seconds() },
    };
  } catch (thrown) {
    const { message, remedy } = asCliError(thrown);
    return {
      state: 'unreachable', text: `${target.name}\n  ? not reached: ${message} ${remedy}\n`,
      json: { ...about, state: 'unreachable', computerName: null, machineId: null, build: null, findings: [], plans: [], error: { message, remedy }, seconds: seconds() },
    };
  }
}

/** Does the same to every item, at most so many at a time; results stand in the items' order. */
async function inParallel<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const left = items.entries();
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const [index, item] of left) results[index] = await work(item);
  }));
  return results;
}
