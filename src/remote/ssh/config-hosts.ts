import { loadConfig, type ConfigFile, type ConfigFiles } from './config/load.ts';

/** Most hosts that are offered. */
const most = 500;

/**
 * The hosts that an ssh_config and what it includes name for certain (ssh_config(5), `Host`): no patterns, no negations. For offering
 * only: what a host's settings are is decided when it is connected to. Empty where the configuration cannot be followed.
 */
export async function configuredHosts(configuration: string, files: ConfigFiles): Promise<readonly string[]> {
  try {
    return [...new Set(hostsOf(await loadConfig(configuration, files)))].slice(0, most);
  } catch {
    return [];
  }
}

function hostsOf({ entries }: ConfigFile): string[] {
  return entries.flatMap(({ keyword, words, included }) => keyword === 'host' ? words.filter((name) => /^[\p{L}\p{N}_][\p{L}\p{N}._:%-]*$/u.test(name)) : included.flatMap(hostsOf));
}
