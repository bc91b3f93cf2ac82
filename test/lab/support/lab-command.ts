import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a call of the lab's command ended, and what it could be seen to use meanwhile. */
export interface LabCall {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Folders with simulated servers that this call made. */
  readonly folders: readonly string[];
  /** Values in the secret stores of these folders. */
  readonly secrets: readonly string[];
}

/** Seconds that `try` gets here: whether it is quick enough is not what these tests ask. */
const tryLimit = 280;
/** Longest that a test with one `try` in it may take, in milliseconds. */
export const tryTimeout = (tryLimit + 20) * 1000;

/** Starts the command as its users call it, without the set-up. */
export function startLab(words: readonly string[], options: { input?: string; cwd?: string; stdin?: 'pipe' | 'ignore' } = {}): ChildProcess {
  const slow = words[0] === 'try' && !words.includes('--limit') ? ['--limit', String(tryLimit)] : [];
  const child = spawn(process.execPath, [join(process.cwd(), 'scripts', 'lab.mjs'), ...words, ...slow], {
    stdio: [options.stdin ?? 'pipe', 'pipe', 'pipe'],
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, INIT_CWD: options.cwd ?? process.cwd() },
  });
  if (options.input !== undefined) child.stdin?.end(options.input);
  return child;
}

/** Calls the command and waits for its end; notes the secrets of its servers while it runs. */
export async function callLab(words: readonly string[], options: { input?: string; cwd?: string } = {}): Promise<LabCall> {
  const before = new Set(serverFolders());
  const child = startLab(words, { input: '', ...options });
  const secrets = new Set<string>();
  const folders = new Set<string>();
  const look = (): void => {
    for (const folder of serverFolders().filter((candidate) => !before.has(candidate))) {
      if (!startedBy(folder, child)) continue;
      folders.add(folder);
      for (const secret of secretsIn(folder)) secrets.add(secret);
    }
  };
  const timer = setInterval(look, 50);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(timer);
  return { code, stdout, stderr, folders: [...folders], secrets: [...secrets] };
}

/** Reads the first line that a child prints on standard output. Rejects with what it said when it ended first. */
export async function firstLine(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const end = stdout.indexOf('\n');
      if (end >= 0) resolve(stdout.slice(0, end));
    });
    child.once('close', (code) => { reject(new Error(`It ended with exit code ${code ?? -1}: ${stderr}`)); });
  });
}

/** Ids of processes whose command line or environment names the folder. */
export function processesNaming(folder: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder));
    } catch {
      return false;
    }
  });
}

/** Resolves when the condition holds; rejects with the sentence when it still doesn't after the limit. */
export async function eventually(what: string, holds: () => boolean, milliseconds = 60_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function serverFolders(): string[] {
  const cache = join(process.cwd(), '.cache', 'lab');
  return existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('servers-')).map((name) => join(cache, name)) : [];
}

/** Other calls may run beside this one: the folder's name carries the id of the process that made it. */
function startedBy(folder: string, child: ChildProcess): boolean {
  return child.pid !== undefined && folder.includes(`servers-${child.pid}-`);
}

function secretsIn(folder: string): string[] {
  try {
    const store = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')) as Record<string, Record<string, string>>;
    return Object.values(store).flatMap((secrets) => Object.values(secrets));
  } catch {
    // Not written yet, or being removed.
    return [];
  }
}
