import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabLayout } from './layout.ts';

/** A running simulated server, as `person` finds it. */
export interface RunningServer {
  readonly name: string;
  readonly directory: string;
}

/** Where this process lists its running servers for other calls of the lab's command. */
export function runningFile(lab: LabLayout): string {
  return join(lab.cache, 'running', `${process.pid}.json`);
}

/** Lists servers for other calls of the lab's command until the returned function is called. */
export function announce(lab: LabLayout, servers: readonly RunningServer[]): () => void {
  const file = runningFile(lab);
  mkdirSync(join(lab.cache, 'running'), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(servers.map(({ name, directory }) => ({ name, directory }))), { mode: 0o600 });
  return () => { rmSync(file, { force: true }); };
}

/** Servers that some `up` of this checkout keeps running now. */
export function runningServers(lab: LabLayout): RunningServer[] {
  const folder = join(lab.cache, 'running');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    try {
      const listed = JSON.parse(readFileSync(join(folder, file), 'utf8')) as RunningServer[];
      return listed.filter((server) => existsSync(join(server.directory, 'state.json')));
    } catch {
      // Its `up` ended while this was read.
      return [];
    }
  });
}
