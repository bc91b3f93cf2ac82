// The practice lab's C# programs, compiled ahead of time so that they start in a third of a second.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, run, say, SetupError, which } from './shell.mjs';
import { filesUnder, hashFiles, isStamped, stamp } from './stamp.mjs';

// Build servers would outlive us and keep a terminal open.
export const quiet = { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1', DOTNET_CLI_USE_MSBUILD_SERVER: '0', MSBUILDDISABLENODEREUSE: '1' };

async function checkSdk(log) {
  const dotnet = which('dotnet');
  if (!dotnet) throw new SetupError('the .NET SDK 10 is missing (no dotnet on PATH): install it and run again.');
  const version = (await run('dotnet --version', dotnet, ['--version'], { env: quiet, log })).trim().split('\n').at(-1);
  if (Number.parseInt(version, 10) < 10) throw new SetupError(`the .NET SDK 10 is needed, this one is ${version}: install it and run again.`);
}

/**
 * Publishes lab/NAME into .cache/NAME when its sources changed.
 * @param what what people call it
 * @param name its folder under lab, its project file and its folder under .cache
 * @param sources folders under lab that it is made from
 */
export async function bringProgram(what, name, sources) {
  const target = join(cache, name);
  const program = `practice-${name}`;
  const wanted = hashFiles(sources.flatMap((folder) => filesUnder(join('lab', folder), /\.(cs|csproj|props|targets)$/)));
  if (isStamped(join(target, '.setup-stamp'), wanted)) return;
  await checkSdk(name);
  say(`${what} (dotnet publish), about half a minute`);
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  await run(`publishing the ${what}`, 'dotnet', ['publish', `${name}.csproj`, '-c', 'Release', '-o', fresh, '-nodeReuse:false', '-p:UseSharedCompilation=false', '--nologo', '-v', 'minimal'],
    { cwd: join(root, 'lab', name), env: quiet, log: name });
  if (!existsSync(join(fresh, program))) throw new SetupError(`dotnet publish left no ${program}: see .cache/log/${name}.log.`);
  stamp(join(fresh, '.setup-stamp'), wanted);
  // What runs now keeps its open files; a new start finds either the old folder or the new one.
  const old = `${target}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}
