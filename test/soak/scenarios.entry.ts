import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { labLayout, type LabLayout } from '../../lab/layout.ts';
import { loadScenario, scenarioNames } from '../../lab/scenario.ts';
import type { TryAuth, TryTransport } from '../../lab/try/options.ts';
import { tryBatch, type Tried } from '../lab/support/scenario-batch.ts';
import { earlierCells, lineOf, page, type Cell, type Way } from './scenario-table.ts';

/** Every transport with every authentication that it allows. */
const ways: readonly (readonly [TryTransport, TryAuth])[] = [
  ['ssh', 'key'], ['local', 'none'], ['winrm', 'negotiate'], ['winrm', 'ntlm'], ['winrm', 'kerberos'],
  ['winrms', 'negotiate'], ['winrms', 'ntlm'], ['winrms', 'kerberos'], ['winrms', 'basic'], ['winrms', 'certificate'],
];
/** Servers that are made together: enough to spare starts of the engine, few enough to be started at once. */
const batchSize = 12;
/** Servers that are repaired at the same time: each waits for a third of its time. */
const width = availableParallelism() + 1;
/** Longest that one scenario may take, in milliseconds. */
const limit = 600_000;

/**
 * Tries every scenario (or those named) in every way there is to reach a server, prints a line for each, and writes docs/scenarios.md
 * with every way that is through. Resolves to whether each ended as its scenario says.
 * @param earlier what a soak that was broken off has printed: what ended well there is not tried again
 */
export async function scenarioMatrix(root: string, names: readonly string[], earlier: string, print: (line: string) => void): Promise<boolean> {
  const lab = labLayout(root);
  const all = scenarioNames(lab);
  const wanted = names.length === 0 ? all : names;
  const cells = new Map<string, Map<Way, Cell>>(wanted.map((name) => [name, new Map()]));
  for (const { scenario, way, cell } of earlierCells(earlier)) cells.get(scenario)?.set(way, cell);
  const tried = ways.map(([transport, auth]): Way => `${transport}/${auth}`);
  for (const [transport, auth] of ways) {
    const way: Way = `${transport}/${auth}`;
    const open = wanted.filter((name) => cells.get(name)?.has(way) !== true);
    for (let at = 0; at < open.length; at += batchSize) {
      for (const one of await batch(lab, open.slice(at, at + batchSize), transport, auth)) {
        const cell = cellOf(one);
        cells.get(one.scenario)?.set(way, cell);
        print(`${lineOf(one.scenario, way, cell)}${one.differences.map((difference) => `\n    ${difference}`).join('')}${cell.result === 'WRONG' ? one.log.slice(-12).map((line) => `\n      ${line}`).join('') : ''}`);
      }
    }
    if (names.length === 0) writeFileSync(join(root, 'docs', 'scenarios.md'), page(tried.slice(0, tried.indexOf(way) + 1), all.map((one) => ({ name: one, title: loadScenario(lab, one).content.title ?? '', cells: cells.get(one) ?? new Map<Way, Cell>() }))));
  }
  return [...cells.values()].every((row) => row.size === ways.length && [...row.values()].every(({ result }) => result !== 'WRONG'));
}

/** One batch; where it cannot even be started, each of its scenarios says so, and the others go on. */
async function batch(lab: LabLayout, names: readonly string[], transport: TryTransport, auth: TryAuth): Promise<readonly Tried[]> {
  try {
    return await tryBatch(lab, names, { transport, auth, width, limit });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return names.map((scenario) => ({ scenario, report: undefined, verdict: { healthy: false, reasons: [], harm: [] }, endedWell: false, differences: [why], log: [] }));
  }
}

function cellOf(one: Tried): Cell {
  const refused = one.report?.refused ?? null;
  const result = !one.endedWell || one.differences.length > 0 ? 'WRONG' : refused === null ? 'healthy' : `refused: ${refused.finding}`;
  return { result, found: one.report?.before ?? [], plans: one.report?.plans ?? [] };
}
