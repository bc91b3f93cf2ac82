import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Environment variable that moves the folder; an absolute path. */
export const stateVariable = 'ENTRA_CONNECT_STATE';

/**
 * The one folder of this user on this machine where the extension and the command line keep what they share: trusted host keys
 * and certificates, journals of runs, machine identities. No secret is ever kept there. Reads the environment only, never the disk.
 * Where VS Code's extension host runs elsewhere (Remote SSH, WSL, a container), it is the folder of that user on that machine.
 */
export function stateFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env, platform: NodeJS.Platform = process.platform, home: string = homedir(),
): string {
  const moved = environment[stateVariable];
  if (moved !== undefined && isAbsolute(moved)) return moved;
  const name = 'entra-connect-remediation';
  // Not the roaming profile: what was trusted on this machine says nothing about another.
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), name);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name);
  const state = environment['XDG_STATE_HOME'];
  return join(state !== undefined && isAbsolute(state) ? state : join(home, '.local', 'state'), name);
}
