// npm run soak [MINUTES] [SCENARIO] [AT ONCE] [FIRST]: full remediations over WinRM through a proxy that cuts, truncates, delays or stalls messages,
// others each time, until every message had each of them or the minutes (60) are over.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll } from './build.mjs';
import { root } from './vscode/root.mjs';

const [minutes = '60', scenario = 'key-lost-1.1.443', atOnce = '2', first = '0'] = process.argv.slice(2);
for (const [what, text] of [['minutes', minutes], ['remediations at once', atOnce]]) {
  if (/^[1-9][0-9]{0,4}$/.test(text)) continue;
  process.stderr.write(`soak: '${text}' is no whole number of ${what}\n`);
  process.exit(2);
}
await buildAll(['test'], true);
const { soak } = await import(pathToFileURL(join(root, process.env.OUT ?? 'out', 'test', 'soak', 'soak.entry.js')).href);
process.exit(await soak(scenario, Number(minutes), Number(atOnce), Number(first) || 0, (line) => { process.stdout.write(`${line}\n`); }) ? 0 : 1);
