import { execFile } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** The oldest PowerShell that compiles the lab's engine host. */
export const oldestPwsh = '7.4';

/** Milliseconds that a PowerShell may take to say its version, on a busy machine. */
const patience = 30_000;

/** A PowerShell that can hold the practice lab; or what was looked at, and what each said. */
export type FoundPwsh = { readonly file: string; readonly version: string } | { readonly file: undefined; readonly looked: readonly string[] };

/** What looking for PowerShell needs of the machine. */
export interface PwshSurroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its version as `7.6.1`; rejects where it cannot be run. */
  version(file: string, signal: AbortSignal): Promise<string>;
}

/** Where PowerShell 7 lies on this machine: on the PATH, then where its installers put it. */
export function pwshPlaces({ platform, env }: Pick<PwshSurroundings, 'platform' | 'env'>): string[] {
  const name = platform === 'win32' ? 'pwsh.exe' : 'pwsh';
  // A relative folder of the PATH would be one of whatever folder this process happens to be in.
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const usual = platform === 'win32' ? [join(env['ProgramFiles'] ?? 'C:\\Program Files', 'PowerShell', '7')]
    : ['/usr/local/bin', '/usr/bin', '/opt/microsoft/powershell/7', '/opt/homebrew/bin', '/snap/bin', join(env['HOME'] ?? '/', '.dotnet', 'tools')];
  return [...new Set([...folders, ...usual].map((folder) => join(folder, name)))];
}

/** Finds the first PowerShell that is new enough. */
export async function findPwsh(around: PwshSurroundings, signal: AbortSignal): Promise<FoundPwsh> {
  const looked: string[] = [];
  for (const file of pwshPlaces(around)) {
    try {
      const version = await around.version(file, signal);
      if (isNewEnough(version)) return { file, version };
      looked.push(`${file} (${version})`);
    } catch (error) {
      signal.throwIfAborted();
      looked.push((error as NodeJS.ErrnoException).code === 'ENOENT' ? file : `${file} (${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)})`);
    }
  }
  return { file: undefined, looked };
}

/** This machine. */
export const thisMachine: PwshSurroundings = {
  platform: process.platform,
  env: process.env,
  version: async (file, signal) => {
    const { stdout } = await promisify(execFile)(file, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '$PSVersionTable.PSVersion.ToString()'], { timeout: patience, maxBuffer: 4096, signal, windowsHide: true, env: { ...process.env, POWERSHELL_TELEMETRY_OPTOUT: '1' } });
    return stdout.trim();
  },
};

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldestPwsh.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
