import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { longestText } from '../inventory/bounds.ts';
import { nearest } from '../inventory/nearest.ts';
import { parseServersFile } from '../inventory/parse.ts';
import type { Target } from '../inventory/target.ts';
import { CliError, wrongCall } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/** Names the servers file where no option does. */
export const serversVariable = 'ENTRA_CONNECT_SERVERS';

/** One server of the file that can be connected to. */
export interface ListedServer {
  readonly target: Target;
  readonly group: string | undefined;
}

/** A servers file without an error. */
export interface Servers {
  /** Absolute, links resolved: what machine identities are pinned by. */
  readonly file: string;
  readonly all: readonly ListedServer[];
}

/** Reads the servers file: the one given, the environment's, or the only `*.connect.yaml` here. Throws a CliError; warnings go to standard error. */
export async function readServers(io: CliIo, given: string | undefined): Promise<Servers> {
  const path = given ?? io.environment[serversVariable] ?? await onlyFile(io.folder);
  const file = isAbsolute(path) ? path : resolve(io.folder, path);
  const { text, real } = await readText(file);
  const parsed = parseServersFile(text, { home: io.home });
  for (const { severity, range, message } of parsed.problems) io.err(`${file}:${range.start.line + 1}:${range.start.column + 1}: ${severity}: ${message}\n`);
  const errors = parsed.problems.filter((problem) => problem.severity === 'error').length;
  if (errors > 0) throw new CliError(exitCodes.wrongCall, `${file} has ${errors === 1 ? 'an error' : `${errors} errors`}, so no server of it is connected to.`, 'Correct it; the editor underlines each place.');
  return { file: real, all: parsed.servers.flatMap(({ target, group }) => (target === undefined ? [] : [{ target, group }])) };
}

/** The servers of these names; all of them where none is named. Throws a CliError that names the nearest for one that is not there. */
export function selectServers(servers: Servers, names: readonly string[], group: string | undefined): readonly ListedServer[] {
  const groups = [...new Set(servers.all.flatMap((server) => (server.group === undefined ? [] : [server.group])))];
  if (group !== undefined && !groups.includes(group)) throw wrongCall(notThere('group', group, groups, servers.file));
  const within = servers.all.filter((server) => group === undefined || server.group === group);
  const chosen = names.length === 0 ? within : [...new Set(names)].map((name) => {
    const found = within.find((server) => server.target.name === name);
    if (found === undefined) throw wrongCall(notThere('server', name, within.map((server) => server.target.name), servers.file));
    return found;
  });
  if (chosen.length === 0) throw wrongCall(`${servers.file} has no server.`);
  return chosen;
}

function notThere(what: string, name: string, names: readonly string[], file: string): string {
  const close = nearest(name, names);
  return `There is no ${what} "${name}" in ${file}${close === undefined ? '' : `; the nearest is "${close}"`}.`;
}

async function onlyFile(folder: string): Promise<string> {
  const found = (await readdir(folder)).filter((name) => name.endsWith('.connect.yaml')).sort();
  const [only] = found;
  if (only !== undefined && found.length === 1) return join(folder, only);
  throw wrongCall(`${found.length === 0 ? 'There is no *.connect.yaml' : 'There are several *.connect.yaml'} in ${folder}: name one with --servers or ${serversVariable}.`);
}

async function readText(file: string): Promise<{ text: string; real: string }> {
  try {
    const status = await stat(file);
    if (!status.isFile()) throw new Error('it is not a file');
    // The parser says what is wrong with a text that is too long; this only keeps a huge one out of memory.
    if (status.size > 4 * longestText) throw new Error(`it has ${status.size} bytes`);
    return { text: await readFile(file, 'utf8'), real: await realpath(file) };
  } catch (error) {
    throw new CliError(exitCodes.wrongCall, `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, 'Check the path.', { cause: error });
  }
}
