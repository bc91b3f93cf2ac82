import { readdir } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { RemoteError } from '../error.ts';
import { SshConfigError } from './config/error.ts';
import { diskConfigFiles, standardConfigPaths } from './config/files.ts';
import { loadConfig, type ConfigFile, type ConfigFiles } from './config/load.ts';
import { resolveSettings, type SshSettings, type Stated, type Surroundings } from './config/settings.ts';

/** The person's own SSH: configuration, keys and agent of this machine. */
export interface SshSurroundings extends Surroundings {
  readonly platform: string;
  readonly files: ConfigFiles;
  /** Configuration files, the user's before the system's. */
  readonly configPaths: readonly string[];
  /** Names of the pipes of this machine, where it has such (Windows). */
  pipes(): Promise<readonly string[]>;
}

/** The SSH of whoever runs this, on this machine. Reads nothing by itself. */
export function machineSurroundings(): SshSurroundings {
  const home = homedir();
  return {
    home, localUser: userInfo().username, localHost: hostname(), environment: process.env, platform: process.platform,
    files: diskConfigFiles(home), configPaths: standardConfigPaths(home),
    pipes: () => readdir('\\\\.\\pipe\\').catch(() => []),
  };
}

/** Reads what this machine's ssh_config says about a host, anew for each connection. Rejects with a RemoteError. */
export async function readSettings(around: SshSurroundings | undefined, stated: Stated, server: string): Promise<SshSettings> {
  if (around === undefined) {
    const plain = resolveSettings([], stated, { home: '', localUser: '', localHost: '', environment: {} });
    return { ...plain, identityFiles: [], identityAgent: 'none' };
  }
  try {
    const configurations: ConfigFile[] = [];
    for (const path of around.configPaths) configurations.push(await loadConfig(path, around.files));
    return resolveSettings(configurations, stated, around);
  } catch (error) {
    if (!(error instanceof SshConfigError)) throw error;
    throw new RemoteError({
      reason: 'unsupported', server,
      message: `The SSH configuration cannot be followed: ${error.where}: ${error.message}`,
      remedy: 'Correct that line; nothing is connected to while it is unclear where that would lead.',
    }, { cause: error });
  }
}
