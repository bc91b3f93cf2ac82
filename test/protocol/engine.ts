import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProcessChannel } from '../../src/remote/local/process.ts';
import { startProcess } from '../../src/remote/local/process.ts';
import type { ChannelOptions } from '../../src/remote/outofproc/open.ts';
import { openOverChannel } from '../../src/remote/outofproc/open.ts';
import type { InvokeOptions, PipelineResult, PowerShellSession, StreamRecord } from '../../src/session.ts';

/** The engine host that set-up builds; ENGINE names another one. */
const engineFile = process.env['ENGINE'] ?? resolve('.cache/engine/practice-engine');

/** A real PowerShell engine with a home of its own. */
export interface Engine {
  readonly channel: ProcessChannel;
  readonly session: PowerShellSession;
  /** Runs a script to its end. */
  run(script: string, options?: InvokeOptions): Promise<{ records: StreamRecord[]; result: PipelineResult }>;
  /** The values on the output stream of a script that must complete. */
  output(script: string, options?: InvokeOptions): Promise<unknown[]>;
  close(): Promise<void>;
}

/** Starts the engine's process without opening a session. */
export async function startEngine(): Promise<{ channel: ProcessChannel; remove: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'engine-home-'));
  const channel = startProcess({
    file: engineFile, args: ['-NoLogo', '-NoProfile', '-s'],
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home, POWERSHELL_TELEMETRY_OPTOUT: '1' },
  });
  return { channel, remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Opens a session on a fresh engine. */
export async function openEngine(options: Partial<ChannelOptions> = {}): Promise<Engine> {
  const { channel, remove } = await startEngine();
  const session = await openOverChannel(channel, { server: 'engine', transport: 'local process', encryption: undefined, allowAnyPowerShell: true, ...options });
  const run: Engine['run'] = async (script, invokeOptions) => {
    const pipeline = session.invoke(script, invokeOptions);
    const records: StreamRecord[] = [];
    for await (const record of pipeline) records.push(record);
    return { records, result: await pipeline.result };
  };
  return {
    channel, session, run,
    output: async (script, invokeOptions) => {
      const { records, result } = await run(script, invokeOptions);
      if (result.state !== 'completed') throw new Error(`${result.state}: ${result.error?.message ?? ''}`);
      return records.filter((r) => r.stream === 'output').map((r) => r.value);
    },
    close: async () => {
      await session[Symbol.asyncDispose]();
      await remove();
    },
  };
}
