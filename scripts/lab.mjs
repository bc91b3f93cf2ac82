// Builds the practice lab's command if a source is newer than the last build, and runs it. Standard output is the command's own.
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const out = join(root, 'out');
const entry = join(out, 'lab', 'main.js');

/** When the newest source was written, in milliseconds. */
function newestSource() {
  const files = ['lab', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && (file.name.endsWith('.ts') || (folder === 'src' && /\.(ps1|json)$/.test(file.name))))
      .map((file) => join(file.parentPath ?? file.path, file.name)));
  return Math.max(...[...files, join(root, 'scripts', 'build.mjs'), join(root, 'package-lock.json')].map((file) => statSync(file).mtimeMs));
}

async function build() {
  const started = new Date();
  // Built aside and moved into place: another call may be running, or building, at the same time.
  const aside = join(out, `lab-${process.pid}`);
  process.env.OUT = aside;
  try {
    const { buildAll } = await import('./build.mjs');
    await buildAll(['lab']);
    utimesSync(join(aside, 'lab', 'main.js'), started, started);
    const old = join(aside, 'old');
    try {
      renameSync(join(out, 'lab'), old);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    try {
      renameSync(join(aside, 'lab'), join(out, 'lab'));
    } catch (error) {
      // Somebody else put a build there in between: that one is as new.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
  } finally {
    delete process.env.OUT;
    rmSync(aside, { recursive: true, force: true });
  }
}

if (!existsSync(entry) || statSync(entry).mtimeMs < newestSource()) await build();
// Whoever read the output may have gone; what runs is still ended in good order.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
const { main } = await import(pathToFileURL(entry).href);
const code = await main(process.argv.slice(2), root);
// A connection that is still closing must not hold the command back; what was printed must be out first.
process.stdout.write('', () => process.exit(code));
