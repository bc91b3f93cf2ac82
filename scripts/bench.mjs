// npm run bench: sizes, and times as ratios taken side by side. Nothing here fails for being slow: sizes have tests, times have none.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { buildAll } from './build.mjs';
import { bringPackedExtension, packedFiles } from './package/pack.mjs';
import { root } from './vscode/root.mjs';

const wanted = process.argv.slice(2);
const out = process.env.OUT ?? 'out';
const say = ({ name, value, unit, beside, ratio }) => {
  const number = value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value < 10 ? 2 : 1);
  process.stdout.write(`${name.padEnd(52)} ${number.padStart(10)} ${unit}${beside ? `   beside ${beside}` : ''}${ratio ? ` (${ratio.toFixed(2)} ×)` : ''}\n`);
};

async function sizes() {
  const { path } = await bringPackedExtension();
  say({ name: 'entry file', value: statSync(join(root, 'dist', 'extension.js')).size / 1024, unit: 'KiB' });
  say({ name: 'packed extension', value: statSync(path).size / 1024, unit: 'KiB' });
  say({ name: 'files in it', value: (await packedFiles()).length, unit: '' });
}

/** In a real extension host; the round trip to the workbench is in the figure. */
async function activation() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const write = process.stdout.write;
  try {
    process.stdout.write = () => true;
    await runTests({
      vscodeExecutablePath: process.env.VSCODE_EXECUTABLE ?? join(root, 'test', 'vscode', 'launcher.mjs'),
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, out, 'test', 'bench', 'activation.entry.js'),
      launchArgs: [folder, `--user-data-dir=${join(folder, 'user')}`, `--extensions-dir=${join(folder, 'extensions')}`],
      extensionTestsEnv: { TIER_RESULT: join(folder, 'result.json') },
    }).finally(() => { process.stdout.write = write; });
    const { load, activate } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
    say({ name: 'load time in the extension host', value: load, unit: 'ms' });
    say({ name: 'activate() in the extension host, with its round trip', value: activate, unit: 'ms' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await sizes();
await buildAll(['lab', 'test'], true);
if (wanted.length === 0 || wanted.includes('activation')) await activation();
const folder = join(root, out, 'test', 'bench');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.js')).sort()) {
  const name = file.slice(0, -'.bench.js'.length);
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { run } = await import(pathToFileURL(join(folder, file)).href);
  for (const figure of await run()) say(figure);
}
process.exit(0);
