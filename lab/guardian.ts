import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LabLayout } from './layout.ts';

/**
 * A small process that cleans up when the lab's own dies without doing so (SIGKILL, crash): the other end of a pipe that
 * closes with this process. It is told every process, server and folder before they exist.
 */
export class Guardian {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(lab: LabLayout) {
    this.#child = spawn('/bin/sh', [join(lab.shell, 'guardian.sh')], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#ended = Promise.race([once(this.#child, 'exit'), once(this.#child, 'error')]).catch(() => undefined);
    // A guardian that died leaves a closed pipe behind; this process still cleans up by itself.
    this.#child.stdin?.on('error', () => undefined);
  }

  /** A process, or the process group that it leads. */
  watch(pid: number): void {
    this.#tell(`watch ${pid}`);
  }

  forget(pid: number): void {
    this.#tell(`forget ${pid}`);
  }

  /** Every process whose environment says that it belongs to this simulated server. */
  server(directory: string): void {
    this.#tell(`server ${directory}`);
  }

  remove(path: string): void {
    this.#tell(`remove ${path}`);
  }

  /** Everything was cleaned up: the guardian may go. */
  async dismiss(): Promise<void> {
    this.#child.stdin?.end('done\n');
    await this.#ended;
  }

  #tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }
}
