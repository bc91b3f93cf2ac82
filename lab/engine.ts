import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Guardian } from './guardian.ts';
import { LabError } from './lab-error.ts';
import type { LabLayout } from './layout.ts';
import { killGroup } from './processes.ts';

/** Most output that is kept of one lab script, in bytes. */
const outputLimit = 1 << 20;
/** Longest that a lab script may run where its caller says nothing else, in milliseconds. */
const usualLimit = 60_000;

export interface EngineRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one of the simulation's scripts in the engine (`practice-engine run FILE …`), `input` on its standard input.
 * Rejects with a LabError when the engine is missing, was killed, or took longer than its limit (a minute where none is given).
 */
export async function runLabScript(
  lab: LabLayout,
  script: string,
  scriptArguments: readonly string[],
  input: string,
  options: { guardian?: Guardian; signal?: AbortSignal; /** Milliseconds. */ limit?: number } = {},
): Promise<EngineRun> {
  if (!existsSync(lab.engine)) throw new LabError(`The engine host ${lab.engine} is not built yet: run npm run lab once, its set-up builds it.`, 1);
  options.signal?.throwIfAborted();
  const timeLimit = options.limit ?? usualLimit;
  const child = spawn(lab.engine, ['run', join(lab.simulation, script), ...scriptArguments], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    // Code that runs once is not worth optimizing.
    env: { ...process.env, POWERSHELL_TELEMETRY_OPTOUT: '1', LC_ALL: 'C.UTF-8', DOTNET_JITMinOpts: '1', DOTNET_TieredCompilation: '0' },
  });
  const pid = child.pid;
  if (pid !== undefined) options.guardian?.watch(pid);
  const kill = (): void => {
    if (pid !== undefined) killGroup(pid);
  };
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    kill();
  }, timeLimit);
  options.signal?.addEventListener('abort', kill, { once: true });
  try {
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [stdout, stderr, exitCode] = await Promise.all([
      collect(child.stdout),
      collect(child.stderr),
      new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      }),
    ]);
    options.signal?.throwIfAborted();
    if (late.signal.aborted) throw new LabError(`${script} did not end within ${timeLimit / 1000} s.`, 1);
    return { exitCode: exitCode ?? -1, stdout, stderr };
  } catch (error) {
    if (error instanceof LabError || options.signal?.aborted === true) throw error;
    throw new LabError(`${script} could not run in ${lab.engine}: ${error instanceof Error ? error.message : String(error)}`, 1, { cause: error });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', kill);
    if (pid !== undefined) options.guardian?.forget(pid);
  }
}

/** The error of a lab script that said no: its own words, bounded. */
export function scriptFailure(script: string, run: EngineRun): LabError {
  const words = (run.stderr.trim() || run.stdout.trim()).slice(0, 2000);
  return new LabError(`${script} failed with exit code ${run.exitCode}${words === '' ? '.' : `: ${words}`}`, 1);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    if (size < outputLimit) parts.push(part);
    size += part.length;
  }
  return Buffer.concat(parts).toString('utf8');
}
