import { readFile, stat } from 'node:fs/promises';

/** Largest configuration that is looked through, in bytes. */
const largest = 1024 * 1024;
/** Most hosts that are offered. */
const most = 500;

/**
 * The hosts that an ssh_config names for certain (ssh_config(5), `Host`): no patterns, no negations. For offering only: what a host's
 * settings are is decided when it is connected to. Empty where the file is missing, too large or not readable.
 */
export async function configuredHosts(file: string): Promise<readonly string[]> {
  try {
    if ((await stat(file)).size > largest) return [];
    return hostsOf(await readFile(file, 'utf8'));
  } catch {
    return [];
  }
}

/** The names in the `Host` lines of a configuration, in its order, each once. */
export function hostsOf(text: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const words = /^\s*host(?:\s*=\s*|\s+)(.+)$/i.exec(line)?.[1]?.split(/\s#/)[0]?.match(/"[^"]*"|[^\s"]+/g) ?? [];
    for (const word of words) {
      const name = word.replace(/^"|"$/g, '');
      if (found.size < most && /^[\p{L}\p{N}_][\p{L}\p{N}._:%-]*$/u.test(name)) found.add(name);
    }
  }
  return [...found];
}
