import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabError } from './lab-error.ts';

/** The absolute path of a program; services live beyond an ordinary user's PATH. Throws a LabError with `remedy` where it is missing. */
export function findProgram(name: string, remedy: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = folders.filter((folder) => folder.startsWith('/')).map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new LabError(`There is no ${name} on this machine: ${remedy}`, 1);
  return found;
}
