import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran } from './simulated-server.ts';

/** The built command line. */
export const cliFile = join(process.cwd(), process.env['OUT'] ?? 'out', 'cli', 'cli.js');

/** A folder of one user of the command line: home, state, servers file. Nothing of the machine's own user is read or written. */
export class CliUser implements AsyncDisposable {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.environment = environment;
  }

  /** @param serversFile text of the servers file, `lab.connect.yaml` */
  static async create(serversFile: string, environment: Readonly<Record<string, string>> = {}): Promise<CliUser> {
    const folder = await mkdtemp(join(tmpdir(), 'cli-'));
    await writeFile(join(folder, 'lab.connect.yaml'), serversFile);
    return new CliUser(folder, { HOME: folder, ENTRA_CONNECT_STATE: join(folder, 'state'), ...environment });
  }

  start(words: readonly string[], more: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [cliFile, ...words], { cwd: this.folder, env: { PATH: process.env['PATH'] ?? '', ...mark(), ...this.environment, ...more }, stdio: 'pipe' });
  }

  /** Without a terminal, as a pipeline or a scheduler calls it. */
  call(words: readonly string[], more: Readonly<Record<string, string>> = {}, input = ''): Promise<Ran> {
    const child = this.start(words, more);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    return ended(child);
  }

  /** The one JSON document that a call prints. */
  async json<T>(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<T & { code: number | null }> {
    const ran = await this.call([...words, '--json'], more);
    const lines = ran.stdout.split('\n').filter((line) => line !== '');
    if (lines.length !== 1) throw new Error(`It printed ${lines.length} lines with ${String(ran.code)}: ${ran.stdout}${ran.stderr}`);
    return { ...JSON.parse(lines[0] ?? '') as T, code: ran.code };
  }

  /** At a terminal of its own (script of util-linux): what is shown is read until `expects` matches, then `types` is typed. Resolves to what was on standard output. */
  async atTerminal(words: readonly string[], talk: readonly (readonly [expects: RegExp, types: string])[]): Promise<{ code: number | null; shown: string; stdout: string }> {
    const output = join(this.folder, `stdout-${Math.random().toString(36).slice(2)}`);
    const quoted = [process.execPath, cliFile, ...words].map((word) => `'${word.replaceAll('\'', '\'\\\'\'')}'`).join(' ');
    const child = spawn('script', ['-qefc', `${quoted} >'${output}'`, '/dev/null'], { cwd: this.folder, env: { PATH: process.env['PATH'] ?? '', ...mark(), TERM: 'xterm', SHELL: '/bin/sh', ...this.environment }, stdio: 'pipe' });
    let shown = '';
    let from = 0;
    const left = [...talk];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      const next = left[0];
      if (next?.[0].test(shown.slice(from)) !== true) return;
      from = shown.length;
      left.shift();
      child.stdin.write(next[1]);
    });
    const code = await new Promise<number | null>((resolve, reject) => { child.once('error', reject).once('close', resolve); });
    return { code, shown, stdout: await readFile(output, 'utf8') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Everything that a child printed, and how it ended. */
export function ended(child: ChildProcess): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
  return new Promise((resolve, reject) => { child.once('error', reject).once('close', (code) => { resolve({ code, stdout, stderr }); }); });
}

/** What a tier finds its left-over processes by. */
function mark(): Record<string, string> {
  const value = process.env['ENTRA_TEST_RUN'];
  return value === undefined ? {} : { ENTRA_TEST_RUN: value };
}

/** A servers file with one server of the local transport. */
export function localServer(name: string, computerName?: string): string {
  return `version: 1\nservers:\n  - name: ${name}\n    transport: local\n${computerName === undefined ? '' : `    computerName: ${computerName}\n`}`;
}
