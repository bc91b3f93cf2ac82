import { loadConfig, type ConfigFile, type ConfigFiles } from '../../../../src/remote/ssh/config/load.ts';
import { matchesPattern } from '../../../../src/remote/ssh/patterns.ts';
import { resolveSettings, type SshSettings, type Stated, type Surroundings } from '../../../../src/remote/ssh/config/settings.ts';

export const userConfig = '/home/kim/.ssh/config';
export const systemConfig = '/etc/ssh/ssh_config';

/** Configuration files that only exist in a test. */
export function memoryFiles(texts: Readonly<Record<string, string>>): ConfigFiles {
  return {
    home: '/home/kim',
    read: (path) => Promise.resolve(texts[path]),
    glob: (pattern) => Promise.resolve(Object.keys(texts).filter((path) => matchesPattern(path, pattern)).sort()),
    folderOf: (configuration) => configuration.startsWith('/home/kim/') ? '/home/kim/.ssh' : '/etc/ssh',
  };
}

export const around: Surroundings = { home: '/home/kim', localUser: 'kim', localHost: 'laptop.example', environment: { SSH_AUTH_SOCK: '/run/agent', KEYS: '/keys' } };

/** What these files say about a host, the user's configuration before the system's. */
export async function settingsOf(texts: Readonly<Record<string, string>> | string, stated: Partial<Stated> = {}): Promise<SshSettings> {
  const files = memoryFiles(typeof texts === 'string' ? { [userConfig]: texts } : texts);
  const configurations: ConfigFile[] = [];
  for (const path of [userConfig, systemConfig]) configurations.push(await loadConfig(path, files));
  return resolveSettings(configurations, { host: 'aadc01', port: undefined, user: undefined, ...stated }, around);
}
