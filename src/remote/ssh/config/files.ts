import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { matchesPattern } from '../patterns.ts';
import type { ConfigFiles } from './load.ts';

/** Largest ssh_config file that is read, in bytes. */
const largestFile = 1024 * 1024;
/** Most files that one pattern may name. */
const mostMatches = 200;

/** Where OpenSSH keeps its configuration on this machine: the user's, then the system's. */
export function standardConfigPaths(home = homedir(), platform: string = process.platform, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  const system = platform === 'win32' ? join(environment['ProgramData'] ?? 'C:\\ProgramData', 'ssh', 'ssh_config') : '/etc/ssh/ssh_config';
  return [join(home, '.ssh', 'config'), system];
}

/** Configuration files on this machine's disk. */
export function diskConfigFiles(home = homedir()): ConfigFiles {
  const userFolder = join(home, '.ssh');
  return {
    home,
    read: readConfig,
    glob,
    folderOf: (configuration) => configuration.startsWith(home) ? userFolder : dirname(configuration),
  };
}

/** Rejects for a file that somebody else could have written: it may name a program to run, as OpenSSH checks too. */
async function readConfig(path: string): Promise<string | undefined> {
  let status;
  try {
    status = await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  if (!status.isFile()) throw new Error('it is not a file');
  if (status.size > largestFile) throw new Error(`it has ${status.size} bytes, at most ${largestFile} are read`);
  const own = process.getuid?.();
  if (own !== undefined && ((status.uid !== own && status.uid !== 0) || (status.mode & 0o022) !== 0)) {
    throw new Error('others may write it (bad owner or permissions; chmod go-w makes it yours alone)');
  }
  return await readFile(path, 'utf8');
}

/** `*` and `?` in any part of a path, as OpenSSH's glob; hidden names only where the pattern starts with a dot. */
async function glob(pattern: string): Promise<readonly string[]> {
  const [root, ...parts] = pattern.split(/[\\/]/);
  let found = [root ?? ''];
  for (const part of parts) {
    if (part === '') continue;
    const next: string[] = [];
    for (const folder of found) {
      const names = /[*?]/.test(part) ? await matching(folder === '' ? '/' : folder, part) : [part];
      next.push(...names.map((name) => `${folder}/${name}`));
      if (next.length > mostMatches) throw new Error(`${pattern} names more than ${mostMatches} files`);
    }
    found = next;
  }
  const there = await Promise.all(found.map((path) => access(path, constants.F_OK).then(() => true, () => false)));
  return found.filter((_path, index) => there[index] === true);
}

async function matching(folder: string, pattern: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => matchesPattern(name, pattern) && (pattern.startsWith('.') || !name.startsWith('.'))).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
