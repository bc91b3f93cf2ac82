import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The GUID of this user's command line on this machine, made at its first run: locks on servers carry it. */
export async function clientId(folder: string): Promise<string> {
  const path = join(folder, 'client');
  const known = await readFile(path, 'utf8').then((text) => /^[0-9a-f-]{36}$/.exec(text.trim())?.[0], () => undefined);
  if (known !== undefined) return known;
  const fresh = randomUUID();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path, `${fresh}\n`, { mode: 0o600 });
  return fresh;
}
