import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Guardian } from '../guardian.ts';
import { LabError } from '../lab-error.ts';
import type { LabLayout } from '../layout.ts';
import { endChild } from '../processes.ts';
import { winRmUser } from './account.ts';

/** A simulated server that is to be reached over WinRM. */
export interface ListenedServer {
  readonly name: string;
  readonly computerName: string;
  /** Its powershell.exe, absolute. */
  readonly powershell: string;
}

/** The listener in front of simulated servers. */
export interface RunningListener {
  /** The private authority's certificate, PEM. */
  readonly caFile: string;
  /** The user's client certificate and its key, PEM. */
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Ports by server's name. */
  readonly ports: ReadonlyMap<string, { readonly http: number; readonly https: number }>;
  stop(): Promise<void>;
}

interface Started {
  readonly caFile: string;
  readonly clientCertificateFile: string;
  readonly clientKeyFile: string;
  readonly servers: readonly { readonly name: string; readonly httpPort: number; readonly httpsPort: number }[];
}

/** Longest wait for the listener's first line, in milliseconds. */
const startLimit = 30_000;

/** Starts one listener for all servers, on ports that the system chooses. Its engines end with it. Rejects with a LabError. */
export async function startListener(
  lab: LabLayout, folder: string, servers: readonly ListenedServer[], environment: Readonly<Record<string, string>>, guardian: Guardian, signal?: AbortSignal,
): Promise<RunningListener> {
  if (!existsSync(lab.listener)) throw new LabError(`The WinRM listener ${lab.listener} is not built yet: run npm run lab once, its set-up builds it.`, 1);
  signal?.throwIfAborted();
  const configuration = join(folder, 'listener.json');
  writeFileSync(configuration, JSON.stringify({ certificateFolder: folder, administrators: [winRmUser], servers }), { mode: 0o600 });
  const child = spawn(lab.listener, [configuration], { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...environment } });
  const pid = child.pid;
  if (pid !== undefined) guardian.watch(pid);
  const stop = async (): Promise<void> => {
    await endChild(child);
    if (pid !== undefined) guardian.forget(pid);
  };
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-2000); });
  // It lives as long as its standard input, so a lab that dies takes it along.
  child.stdin.on('error', () => undefined);
  try {
    const started = JSON.parse(await firstLine(child.stdout, signal)) as Started;
    return {
      caFile: started.caFile,
      certificateFile: started.clientCertificateFile,
      keyFile: started.clientKeyFile,
      ports: new Map(started.servers.map(({ name, httpPort, httpsPort }) => [name, { http: httpPort, https: httpsPort }])),
      stop,
    };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw new LabError(`${lab.listener} did not start: ${error instanceof Error ? error.message : String(error)}${said === '' ? '' : ` It said: ${said.trim()}`}`, 1, { cause: error });
  }
}

/** Resolves to the first line; rejects when there is none in time. What follows is read and dropped. */
async function firstLine(output: NodeJS.ReadableStream, signal?: AbortSignal): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => { reject(new Error(`It did not listen within ${startLimit / 1000} s.`)); }, startLimit);
    const aborted = (): void => { reject(new Error('Interrupted.')); };
    signal?.addEventListener('abort', aborted, { once: true });
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    output.setEncoding('utf8');
    output.on('data', (chunk: string) => {
      text += chunk;
      const at = text.indexOf('\n');
      if (at < 0) return;
      end();
      resolve(text.slice(0, at));
    });
    output.once('end', () => {
      end();
      reject(new Error('It ended.'));
    });
  });
}
