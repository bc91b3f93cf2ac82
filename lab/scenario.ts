import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { wrongCall } from './lab-error.ts';
import type { LabLayout } from './layout.ts';
import { nearest } from './nearest.ts';
import { checkScenario } from './scenario-check.ts';

/** Longest scenario file that is read, in bytes. */
const sizeLimit = 1 << 20;

/** What a scenario file says, as far as the lab's command needs it; the simulation reads the file itself. lab/scenario.schema.json defines all of it. */
export interface ScenarioContent {
  readonly title?: string;
  readonly description?: string;
  readonly computerName: string;
  readonly service: { readonly startName: string };
  readonly account?: { readonly password?: string };
  readonly connectors: readonly { readonly name: string; readonly type: string; readonly account?: string; readonly password?: string }[];
  readonly answers?: Readonly<Record<string, string>>;
  readonly policies?: { readonly transcription?: boolean };
  readonly pinned?: { readonly computerName: string; readonly machineId: string };
  readonly expect: {
    readonly before?: readonly string[];
    readonly plans?: readonly string[];
    readonly after?: readonly string[];
    readonly refused?: { readonly finding: string } | null;
  };
}

/** A scenario that passed its schema. */
export interface Scenario {
  /** Its name, or the file's name without the extension. */
  readonly name: string;
  /** The file, absolute. */
  readonly file: string;
  readonly content: ScenarioContent;
  /** Names of the secrets that it mentions. */
  readonly secretNames: readonly string[];
}

/** Names of the scenarios that come with the lab, sorted. */
export function scenarioNames(lab: LabLayout): string[] {
  return readdirSync(lab.scenarios).filter((file) => file.endsWith('.json')).map((file) => basename(file, '.json')).sort();
}

/** What `up` starts when it is not told: each main fault once. Starting every scenario would fill a machine with servers that nobody looks at. */
export const usualScenarios: readonly string[] = [
  'healthy', 'stale-scm-password', 'key-lost-1.1.443', 'key-lost-current', 'key-recreated', 'account-replaced', 'logon-right-missing',
  'database-nearly-full', 'application-auth', 'build-2017-02', 'sync-running', 'staging-pair',
];

/**
 * Reads a scenario by its name or its path (anything with a separator or ending in .json; relative to the caller's folder).
 * Throws a LabError, exit code 2, with one line: the nearest name, or the position and the reason where the file is wrong.
 */
export function loadScenario(lab: LabLayout, nameOrPath: string): Scenario {
  const file = scenarioFile(lab, nameOrPath);
  const name = basename(file).replace(/\.json$/i, '');
  let text: string;
  try {
    const status = statSync(file);
    if (!status.isFile()) throw new Error('it is not a file');
    if (status.size > sizeLimit) throw new Error(`it has ${status.size} bytes, more than ${sizeLimit}`);
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw wrongCall(`${nameOrPath}: cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const { content, secretNames } = checkScenario(lab, file, text);
  return { name, file, content, secretNames };
}

function scenarioFile(lab: LabLayout, nameOrPath: string): string {
  const names = scenarioNames(lab);
  if (names.includes(nameOrPath)) return join(lab.scenarios, `${nameOrPath}.json`);
  if (/[/\\]|\.json$/i.test(nameOrPath)) return callersPath(nameOrPath);
  const close = nearest(nameOrPath, names);
  throw wrongCall(`There is no scenario "${nameOrPath}"${close === undefined ? '' : `; the nearest is "${close}"`}. Scenarios: ${names.join(', ')}; or a path to a file.`);
}

/** npm moves to the repository's folder and leaves the caller's in INIT_CWD. */
export function callersPath(path: string): string {
  return isAbsolute(path) ? path : resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
