// npm packages: the repository's own, exactly as locked, and never any package's install script.
import { join } from 'node:path';
import { root, run, say } from './shell.mjs';
import { hashFiles, isStamped, stamp } from './stamp.mjs';

/** Runs npm, the same one that runs us where there is one. */
export function npm(what, args, options = {}) {
  const script = process.env.npm_execpath;
  // Inside an npm script npm describes the outer package to every child; an inner install must not believe it.
  const env = { npm_config_local_prefix: undefined, npm_package_json: undefined, npm_config_prefix: undefined, INIT_CWD: undefined };
  const always = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  return run(what, command, [...first, ...args, ...always], { env, log: 'npm', ...options });
}

/** Brings node_modules to what package-lock.json says. */
export async function bringNpmPackages() {
  const wanted = hashFiles(['package-lock.json']);
  const file = join(root, 'node_modules', '.setup-stamp');
  if (isStamped(file, wanted)) return;
  say('npm packages');
  await npm('npm ci', ['ci']);
  stamp(file, wanted);
}
