import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parseWords } from '../arguments.ts';
import { LabError, wrongCall } from '../lab-error.ts';
import type { EngineRun } from '../engine.ts';
import type { LabLayout } from '../layout.ts';
import { nearest } from '../nearest.ts';
import { clearLog, enterConnectorPassword } from '../person-action.ts';
import { runningServers } from '../running.ts';
import { readSecretLine } from '../secret-line.ts';
import { usage } from '../usage.ts';

/** `person TARGET enter-connector-password --connector NAME` and `clear-log --log NAME`: what a person does on the server's own screen. */
export async function person(lab: LabLayout, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('person', words, { connector: { type: 'string' }, log: { type: 'string' } }, { least: 2, most: 2 });
  const [target = '', action = ''] = positionals;
  const run = await act(lab, target, action, values);
  if (run.stdout.trim() !== '') console.log(run.stdout.trim());
  if (run.stderr.trim() !== '') console.error(run.stderr.trim());
  return run.exitCode === 0 ? 0 : 1;
}

async function act(lab: LabLayout, target: string, action: string, { connector, log }: { readonly connector?: string; readonly log?: string }): Promise<EngineRun> {
  if (action === 'clear-log') {
    if (log === undefined) throw wrongCall(`--log is missing.\n${usage.clearLog}`);
    return await clearLog(lab, findServer(lab, target), log);
  }
  if (action !== 'enter-connector-password') throw wrongCall(`A person can do only enter-connector-password and clear-log, not "${action}".\n${usage.person}\n${usage.clearLog}`);
  if (connector === undefined) throw wrongCall(`--connector is missing.\n${usage.person}`);
  const directory = findServer(lab, target);
  const password = await readSecretLine(`Password of connector ${connector} (not shown): `);
  if (password === '') throw wrongCall('There is no password on standard input.');
  return await enterConnectorPassword(lab, directory, connector, password);
}

function findServer(lab: LabLayout, target: string): string {
  if (isAbsolute(target)) {
    if (existsSync(join(target, 'state.json'))) return resolve(target);
    throw new LabError(`${target} is not the folder of a running server of the practice lab.`, 2);
  }
  const running = runningServers(lab);
  const found = running.filter((server) => server.name.toLowerCase() === target.toLowerCase());
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first.directory;
  if (first !== undefined) {
    throw wrongCall(`Several running servers are called "${target}"; name the folder instead: ${found.map((server) => server.directory).join(', ')}`);
  }
  const names = running.map((server) => server.name);
  const close = nearest(target, names);
  if (names.length === 0) throw wrongCall(`No server runs: start one with npm run lab -- up.`);
  throw wrongCall(`No running server is called "${target}"${close === undefined ? '' : `; the nearest is "${close}"`}. Running: ${names.join(', ')}.`);
}
