// Somebody's own PowerShell 7, for the tests of the practice lab that ships: Microsoft's .NET tool of it, 70 MB to fetch, 200 MB on disk.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { quiet } from './dotnet.mjs';
import { cache, run, say, SetupError } from './shell.mjs';
import { isStamped, stamp } from './stamp.mjs';

const version = '7.6.9';
const target = join(cache, 'pwsh');

/** Installs it once. */
export async function bringPwsh() {
  const file = join(target, '.setup-stamp');
  const program = join(target, process.platform === 'win32' ? 'pwsh.exe' : 'pwsh');
  if (isStamped(file, version) && existsSync(program)) return;
  say(`PowerShell ${version} (dotnet tool install), about half a minute`);
  rmSync(target, { recursive: true, force: true });
  await run('installing PowerShell', 'dotnet', ['tool', 'install', 'PowerShell', '--version', version, '--tool-path', target], { env: quiet, log: 'pwsh' });
  if (!existsSync(program)) throw new SetupError('dotnet tool install left no pwsh: see .cache/log/pwsh.log.');
  stamp(file, version);
}
