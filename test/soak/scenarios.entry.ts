import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labLayout, type LabLayout } from '../../lab/layout.ts';
import { loadScenario, scenarioNames } from '../../lab/scenario.ts';
import type { TryAuth, TryTransport } from '../../lab/try/options.ts';
import { tryBatch, type Tried } from '../lab/support/scenario-batch.ts';

const transports: readonly (readonly [TryTransport, TryAuth])[] = [['ssh', 'key'], ['winrm', 'negotiate'], ['local', 'none']];
/** Servers that are made together: enough to spare starts of the engine, few enough to be started at once. */
const batchSize = 12;
/** Longest that one scenario may take, in milliseconds. */
const limit = 600_000;

/**
 * Tries every scenario (or those named) over every transport, prints a line for each, and writes docs/scenarios.md when all were
 * tried. Resolves to whether each ended as its scenario says.
 */
export async function scenarioMatrix(root: string, names: readonly string[], print: (line: string) => void): Promise<boolean> {
  const lab = labLayout(root);
  const all = scenarioNames(lab);
  const wanted = names.length === 0 ? all : names;
  const tried = new Map<string, Map<TryTransport, Tried>>();
  for (const [transport, auth] of transports) {
    for (let at = 0; at < wanted.length; at += batchSize) {
      for (const one of await batch(lab, wanted.slice(at, at + batchSize), transport, auth)) {
        const cells = tried.get(one.scenario) ?? new Map<TryTransport, Tried>();
        tried.set(one.scenario, cells.set(transport, one));
        print(`${transport} ${one.scenario}: ${resultOf(one)}${one.differences.map((difference) => `\n    ${difference}`).join('')}`);
      }
    }
  }
  const good = [...tried.values()].every((cells) => cells.size === transports.length && [...cells.values()].every((one) => one.endedWell && one.differences.length === 0));
  if (names.length === 0) writeFileSync(join(root, 'docs', 'scenarios.md'), page(all.map((name) => ({ name, title: loadScenario(lab, name).content.title ?? '', cells: tried.get(name) ?? new Map<TryTransport, Tried>() }))));
  return good;
}

/** One batch; where it cannot even be started, each of its scenarios says so, and the others go on. */
async function batch(lab: LabLayout, names: readonly string[], transport: TryTransport, auth: TryAuth): Promise<readonly Tried[]> {
  try {
    return await tryBatch(lab, names, { transport, auth, width: 2, limit });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return names.map((scenario) => ({ scenario, report: undefined, verdict: { healthy: false, reasons: [], harm: [] }, endedWell: false, differences: [why], log: [] }));
  }
}

interface Row {
  readonly name: string;
  readonly title: string;
  readonly cells: ReadonlyMap<TryTransport, Tried>;
}

function page(rows: readonly Row[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const passed = rows.reduce((sum, { cells }) => sum + [...cells.values()].filter((one) => one.endedWell && one.differences.length === 0).length, 0);
  return [
    '# Scenarios of the practice lab',
    '',
    'Each scenario is one simulated Connect server (`lab/scenarios/NAME.json`); `npm run lab -- try NAME` repairs it through the same code as the extension.',
    '`npm run soak -- scenarios` tries all of them over every transport and writes this page; whether a server is healthy is read from its own state.',
    '',
    `${passed} of ${rows.length * transports.length} ended as the scenario says.`,
    '',
    `| Scenario | What it is | Found | Plans | ${transports.map(([transport]) => transport).join(' | ')} |`,
    `|---|---|---|---|${transports.map(() => '---').join('|')}|`,
    ...rows.map(({ name, title, cells }) => {
      const report = [...cells.values()].find((one) => one.report !== undefined)?.report;
      return `| \`${name}\` | ${cell(title)} | ${report?.before.join(', ') ?? ''} | ${report?.plans.join(', ') ?? ''} | ${transports.map(([transport]) => cell(resultOf(cells.get(transport)))).join(' | ')} |`;
    }),
    '',
  ].join('\n');
}

function resultOf(one: Tried | undefined): string {
  if (one === undefined) return 'not tried';
  if (!one.endedWell || one.differences.length > 0) return 'WRONG';
  const refused = one.report?.refused ?? null;
  return refused === null ? 'healthy' : `refused: ${refused.finding}`;
}
