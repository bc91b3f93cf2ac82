import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { ByteChannel } from '../outofproc/channel.ts';
import { TextTail } from '../outofproc/tail.ts';

/** A program to start; no shell is involved. */
export interface ProcessCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  /** The whole environment; the one of this process where absent. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** The channel of a child process. */
export interface ProcessChannel extends ByteChannel {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
}

/**
 * Starts a program and gives its standard input and output. Never throws: a program that cannot be started settles
 * `ended` with the error and ends `incoming` with it. Closing ends the program together with what it started.
 */
export function startProcess(command: ProcessCommand): ProcessChannel {
  const windows = process.platform === 'win32';
  const child = spawn(command.file, [...command.args], {
    cwd: command.cwd, env: command.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true, shell: false,
    // Its own process group, so that the whole tree can be ended.
    detached: !windows,
  });
  const errors = new TextTail();
  let startError: Error | undefined;
  const ended = new Promise<Awaited<ByteChannel['ended']>>((resolve) => {
    child.once('error', (error) => {
      startError = error;
      resolve({ exitCode: undefined, signal: undefined, error });
    });
    child.once('exit', (code, signal) => {
      resolve({ exitCode: code ?? undefined, signal: signal ?? undefined, error: undefined });
    });
  });
  child.stderr.on('data', (bytes: Buffer) => {
    errors.add(bytes);
  });
  child.stderr.on('error', () => undefined);
  // A broken pipe shows in the write that it breaks, and in `ended`.
  child.stdin.on('error', () => undefined);
  let closing: Promise<void> | undefined;
  return {
    pid: child.pid,
    incoming: read(child, () => startError),
    errorText: () => errors.text,
    write: (bytes) => new Promise((resolve, reject) => {
      child.stdin.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    }),
    close: (grace) => {
      closing ??= end(child, ended, grace);
      return closing;
    },
    ended,
  };
}

async function* read(child: ChildProcess, startError: () => Error | undefined): AsyncGenerator<Uint8Array, void> {
  if (child.stdout === null) return;
  for await (const bytes of child.stdout) yield bytes as Uint8Array;
  const error = startError();
  if (error !== undefined) throw error;
}

async function end(child: ChildProcess, ended: Promise<unknown>, grace: number): Promise<void> {
  child.stdin?.end();
  if (grace > 0 && child.exitCode === null && child.signalCode === null) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, grace);
    });
    // Output that nobody reads would keep the process from ending.
    child.stdout?.resume();
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }
  await killTree(child);
  child.stdout?.destroy();
  child.stderr?.destroy();
  await ended;
}

/** Ends a process and its descendants; one that has gone already may have left some behind. */
async function killTree(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const killer = spawn('taskkill.exe', ['/pid', String(pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' });
      killer.once('error', () => {
        child.kill();
        resolve();
      });
      killer.once('exit', () => {
        resolve();
      });
    });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
