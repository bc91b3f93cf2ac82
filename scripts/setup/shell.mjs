// Runs the programs that set-up needs: quiet while they work, one clear line when they don't.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const cache = join(root, '.cache');

/** A reason why set-up cannot go on, in one line that says what to do. */
export class SetupError extends Error {}

/** Tells the user what is being brought; only said when there is something to do. */
export function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

/** The path of a program, or undefined. Looks where services live too: sshd is not on a user's PATH. */
export function which(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const name of names) {
    for (const folder of folders) {
      if (folder && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

/** What a program's output gives as its reason, in one line and without addresses. */
function reason(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm error\s*/, 'npm: ').trim()).filter((line) => line !== '' && line !== 'npm:');
  const telling = lines.filter((line) => /^npm: (?!A complete log)|error|^E:|not found|denied|refused|unable|no space/i.test(line) && !/A complete log/.test(line));
  const first = telling.length > 0 ? telling.slice(0, 2).join('; ') : (lines.at(-1) ?? 'no output');
  return first.replaceAll(/https?:\/\/[^\s'")]+/g, '(address)').slice(0, 300);
}

/**
 * Runs a program to its end; its output goes to .cache/log/NAME.log.
 * @returns its output; throws SetupError in one line naming `what` when it fails or takes longer than `minutes`.
 */
export function run(what, command, args, { cwd = root, env = {}, minutes = 15, log = 'setup' } = {}) {
  mkdirSync(join(cache, 'log'), { recursive: true });
  const file = join(cache, 'log', `${log}.log`);
  const writer = createWriteStream(file, { flags: 'a' });
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk) => {
      writer.write(chunk);
      output = (output + chunk).slice(-100_000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const timer = setTimeout(() => child.kill('SIGTERM'), minutes * 60_000);
    const end = (problem) => {
      clearTimeout(timer);
      writer.end();
      if (problem) reject(new SetupError(`${what} failed: ${problem} (all of it is in ${file})`));
      else resolve(output);
    };
    child.on('error', (error) => end(error.code === 'ENOENT' ? `${command} is not installed` : error.message));
    child.on('close', (code, signal) => end(signal ? `stopped after ${minutes} minutes` : code ? reason(output) : undefined));
  });
}
