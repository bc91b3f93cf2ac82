import { execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** OpenSSH's own agent with some keys. */
export interface TestAgent {
  readonly socket: string;
  stop(): Promise<void>;
}

/** Starts `ssh-agent` with its socket in the folder and adds the keys to it. */
export async function startAgent(folder: string, privateKeys: readonly string[], passphrase?: string): Promise<TestAgent> {
  const socket = join(folder, 'agent.sock');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => { child.once('close', () => { resolve(); }); });
  const stop = async (): Promise<void> => {
    child.kill();
    await gone;
  };
  try {
    while (!await answers(socket)) if (child.exitCode !== null) throw new Error(`ssh-agent ended with exit code ${child.exitCode}`);
    for (const [n, key] of privateKeys.entries()) {
      const file = join(folder, `agent-key-${n}`);
      await writeFile(file, key, { mode: 0o600 });
      if (passphrase !== undefined) await promisify(execFile)('ssh-keygen', ['-q', '-p', '-P', passphrase, '-N', '', '-f', file]);
      await promisify(execFile)('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { socket, stop };
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => { probe.destroy(); resolve(true); });
    probe.once('error', () => { setImmediate(() => { resolve(false); }); });
  });
}
