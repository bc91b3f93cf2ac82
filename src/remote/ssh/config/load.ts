import { SshConfigError } from './error.ts';
import { splitConfigLine, type ConfigLine } from './words.ts';

/** One line with where it stands and, for `Include`, what it brings. */
export interface ConfigEntry extends ConfigLine {
  /** `file:line`. */
  readonly where: string;
  readonly included: readonly ConfigFile[];
}

/** One ssh_config file, read. */
export interface ConfigFile {
  readonly path: string;
  readonly entries: readonly ConfigEntry[];
}

/** Where the files come from: the disk, or a test's memory. */
export interface ConfigFiles {
  /** The text; undefined where there is no such file. Rejects where it is there and may not be used. */
  read(path: string): Promise<string | undefined>;
  /** The files that a pattern with `*` and `?` names, sorted; a path without them stands for itself. */
  glob(pattern: string): Promise<readonly string[]>;
  /** Where relative `Include` paths start that stand in a configuration or in what it includes: the user's `.ssh` folder, or the system's. */
  folderOf(configuration: string): string;
  readonly home: string;
}

/** OpenSSH's own limit (readconf.c, READCONF_MAX_DEPTH). */
const deepest = 16;
/** Most files, and most lines of all of them, that one configuration may have. */
const mostFiles = 200;
const mostLines = 50_000;

/** Reads a configuration file with everything that it includes. Rejects with an SshConfigError; bounded in depth and size. */
export async function loadConfig(path: string, files: ConfigFiles): Promise<ConfigFile> {
  return await new Loader(files, files.folderOf(path)).file(path, 0, path);
}

class Loader {
  readonly #files: ConfigFiles;
  readonly #folder: string;
  #count = 0;
  #lines = 0;

  constructor(files: ConfigFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  async file(path: string, depth: number, from: string): Promise<ConfigFile> {
    if (depth > deepest) throw new SshConfigError(from, `Include goes more than ${deepest} files deep: a file probably includes itself.`);
    if (++this.#count > mostFiles) throw new SshConfigError(from, `Include brings more than ${mostFiles} files.`);
    const lines = (await this.#read(path, from)).split(/\r?\n/);
    this.#lines += lines.length;
    if (this.#lines > mostLines) throw new SshConfigError(path, `The configuration has more than ${mostLines} lines.`);
    const entries: ConfigEntry[] = [];
    for (const [index, text] of lines.entries()) {
      const where = `${path}:${index + 1}`;
      const line = split(text, where);
      if (line === undefined) continue;
      entries.push({ ...line, where, included: line.keyword === 'include' ? await this.#include(line.words, where, depth) : [] });
    }
    return { path, entries };
  }

  async #include(patterns: readonly string[], where: string, depth: number): Promise<ConfigFile[]> {
    if (patterns.length === 0) throw new SshConfigError(where, 'Include names no file.');
    const found: ConfigFile[] = [];
    for (const pattern of patterns) {
      const home = pattern.replace(/^~(?=$|[\\/])/, () => this.#files.home);
      const absolute = /^(?:[\\/]|[A-Za-z]:[\\/])/.test(home) ? home : `${this.#folder}/${home}`;
      for (const file of await this.#glob(absolute, where)) found.push(await this.file(file, depth + 1, where));
    }
    return found;
  }

  async #glob(pattern: string, where: string): Promise<readonly string[]> {
    try {
      return await this.#files.glob(pattern);
    } catch (error) {
      throw new SshConfigError(where, `Include could not be followed: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
    }
  }

  async #read(path: string, from: string): Promise<string> {
    try {
      return await this.#files.read(path) ?? '';
    } catch (error) {
      throw new SshConfigError(path === from ? path : `${path} (included by ${from})`, `It could not be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
    }
  }
}

function split(text: string, where: string): ConfigLine | undefined {
  try {
    return splitConfigLine(text);
  } catch (error) {
    throw new SshConfigError(where, `The line cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
