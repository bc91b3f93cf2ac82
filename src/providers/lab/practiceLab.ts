import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SessionProgram } from '../../session.ts';
import { practiceSecrets } from './practiceSecrets.ts';
import type { PracticeData } from './practiceData.ts';
import { runPwsh } from './runPwsh.ts';
import type { PracticeScenario } from './scenario.ts';
import { serversFileText } from './serversFileText.ts';

/** Simulated servers that stand ready. Each one's processes end by themselves when its folder is gone. */
export interface PracticeLab {
  /** The folder of everything. */
  readonly folder: string;
  readonly serversFile: string;
  readonly servers: readonly PracticeServer[];
  /** What is started to reach a server. Throws where there is no such server here. */
  program(server: string): SessionProgram;
  /** Removes every file, which ends what runs on the servers. */
  close(): Promise<void>;
}

/** One simulated server. */
export interface PracticeServer {
  readonly scenario: PracticeScenario;
  /** By the names that the scenario has for them. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What making a lab takes. */
export interface PracticeOptions {
  /** PowerShell 7, absolute. */
  readonly pwsh: string;
  readonly data: PracticeData;
  /** A folder of this lab alone; it is made, and removed at the end. */
  readonly folder: string;
  readonly scenarios: readonly PracticeScenario[];
  readonly signal: AbortSignal;
}

/**
 * Makes simulated servers: writes the lab's files, compiles its engine host and lets it make each server. Leaves nothing behind
 * when it fails. Rejects with what PowerShell said.
 */
export async function openPracticeLab({ pwsh, data, folder, scenarios, signal }: PracticeOptions): Promise<PracticeLab> {
  const servers = scenarios.map((scenario) => ({ scenario, secrets: practiceSecrets(scenario.content) }));
  const directoryOf = (id: string): string => join(folder, 'servers', id);
  const close = async (): Promise<void> => { await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }); };
  try {
    await rm(folder, { recursive: true, force: true });
    await writeFiles(folder, data);
    const host = join(folder, 'engine', 'engine.ps1');
    await runPwsh(pwsh, ['-File', host, 'run', join(folder, 'simulation', 'create.ps1'), '-Several'], {
      input: JSON.stringify(servers.map(({ scenario, secrets }) => ({ scenario: join(folder, 'scenarios', `${scenario.id}.json`), directory: directoryOf(scenario.id), secrets }))),
      env: { ENTRA_LAB_PWSH: pwsh, ENTRA_LAB_HOST: host }, signal,
    });
    const programs = new Map(await Promise.all(servers.map(async ({ scenario }) => [scenario.id, await programOf(pwsh, folder, directoryOf(scenario.id))] as const)));
    const serversFile = join(folder, 'practice.connect.yaml');
    await writeFile(serversFile, serversFileText(scenarios), { mode: 0o600 });
    return {
      folder, serversFile, servers, close,
      program: (server) => {
        const program = programs.get(server);
        if (program === undefined) throw new Error(`There is no practice server '${server}' here.`);
        return program;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Removes the labs of windows that are gone: folders named by the process id of their extension host. */
export async function removeAbandonedLabs(parent: string, isAlive: (pid: number) => boolean): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  await Promise.all(names.filter((name) => !(/^\d+$/.test(name) && isAlive(Number(name)))).map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

async function writeFiles(folder: string, data: PracticeData): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [path, text] of data) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
  }
}

/** PowerShell's own PSRP server; the command that opens each runspace closes it to the real machine, or it does not open. */
async function programOf(pwsh: string, folder: string, directory: string): Promise<SessionProgram> {
  const env = JSON.parse(await readFile(join(directory, 'environment.json'), 'utf8')) as Record<string, string>;
  const library = join(folder, 'engine', 'practice.dll').replaceAll('\'', '\'\'');
  const opening = `& { $ErrorActionPreference = 'Stop'; [void][Reflection.Assembly]::LoadFrom('${library}'); [PracticeLab.Hosted]::Open($ExecutionContext) }`;
  const needed = Object.fromEntries(neededOfThisMachine.flatMap((name) => { const value = process.env[name]; return value === undefined ? [] : [[name, value]]; }));
  const policy = process.platform === 'win32' ? ['-ExecutionPolicy', 'Bypass'] : [];
  return { file: pwsh, args: ['-NoLogo', '-NoProfile', ...policy, '-s', '-EncodedCommand', Buffer.from(opening, 'utf16le').toString('base64')], env: { ...env, ...needed } };
}

/** What .NET itself does not start without; nothing in the session reads it. */
const neededOfThisMachine = process.platform === 'win32' ? ['SystemRoot', 'SystemDrive', 'windir'] : ['DOTNET_ROOT', 'LD_LIBRARY_PATH'];
