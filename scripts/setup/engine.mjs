// The practice lab's engine host: a real PowerShell engine, compiled ahead of time so that a session opens in a third of a second.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, run, say, SetupError, which } from './shell.mjs';
import { filesUnder, hashFiles, isStamped, stamp } from './stamp.mjs';

const target = join(cache, 'engine');
// Build servers would outlive us and keep a terminal open.
const quiet = { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1', DOTNET_CLI_USE_MSBUILD_SERVER: '0', MSBUILDDISABLENODEREUSE: '1' };

async function checkSdk() {
  const dotnet = which('dotnet');
  if (!dotnet) throw new SetupError('the .NET SDK 10 is missing (no dotnet on PATH): install it and run again.');
  const version = (await run('dotnet --version', dotnet, ['--version'], { env: quiet, log: 'engine' })).trim().split('\n').at(-1);
  if (Number.parseInt(version, 10) < 10) throw new SetupError(`the .NET SDK 10 is needed, this one is ${version}: install it and run again.`);
}

/** Publishes lab/engine into .cache/engine when its sources changed. */
export async function bringEngine() {
  const wanted = hashFiles(filesUnder('lab', /\.(cs|csproj|props|targets)$/));
  const file = join(target, '.setup-stamp');
  if (isStamped(file, wanted)) return;
  await checkSdk();
  say('engine host (dotnet publish), about half a minute');
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  await run('publishing the engine host', 'dotnet', ['publish', 'engine.csproj', '-c', 'Release', '-o', fresh, '-nodeReuse:false', '-p:UseSharedCompilation=false', '--nologo', '-v', 'minimal'],
    { cwd: join(root, 'lab', 'engine'), env: quiet, log: 'engine' });
  if (!existsSync(join(fresh, 'practice-engine'))) throw new SetupError('dotnet publish left no practice-engine: see .cache/log/engine.log.');
  stamp(join(fresh, '.setup-stamp'), wanted);
  // Sessions that run now keep their open files; a new one finds either the old folder or the new one.
  const old = `${target}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}
