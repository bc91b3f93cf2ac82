import { randomInt } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';

/** Secrets of one simulated server: name (as the scenario mentions it) to value. */
export type ServerSecrets = Readonly<Record<string, string>>;

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
/** What breaks quoting in PowerShell, sh, XML, SQL and JSON, and one letter outside ASCII: a secret that is pasted anywhere shows. */
const awkward = 'é\'$"&<';

/** Fresh random secrets for the given names; no two are alike. */
export function makeSecrets(names: Iterable<string>): ServerSecrets {
  return Object.fromEntries([...new Set(names)].map((name) => [name, randomSecret()]));
}

function randomSecret(): string {
  return Array.from({ length: 24 }, () => letters.charAt(randomInt(letters.length))).join('') + awkward;
}

/** Writes the lab's secret store, readable by its owner only: server's name → secret's name → value. */
export function writeSecretStore(file: string, servers: Readonly<Record<string, ServerSecrets>>): void {
  writeFileSync(file, `${JSON.stringify(servers, null, 2)}\n`, { mode: 0o600 });
  // The mode above only counts for a file that did not exist.
  chmodSync(file, 0o600);
}

/** Reads the lab's secret store. */
export function readSecretStore(file: string): Readonly<Record<string, ServerSecrets>> {
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, ServerSecrets>>;
}
