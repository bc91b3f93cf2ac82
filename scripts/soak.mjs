// npm run soak [MINUTES] [SCENARIO] [AT ONCE] [FIRST]: full remediations over WinRM through a proxy that cuts, truncates, delays or stalls messages,
// others each time, until every message had each of them or the minutes (60) are over.
// npm run soak -- scenarios [NAME…]: every scenario over every transport; writes docs/scenarios.md when all were tried.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll } from './build.mjs';
import { root } from './vscode/root.mjs';

const print = (line) => { process.stdout.write(`${line}\n`); };
const built = async (name) => {
  await buildAll(['test'], true);
  return import(pathToFileURL(join(root, process.env.OUT ?? 'out', 'test', 'soak', `${name}.entry.js`)).href);
};
if (process.argv[2] === 'scenarios') {
  const { scenarioMatrix } = await built('scenarios');
  process.exit(await scenarioMatrix(root.replace(/\/$/, ''), process.argv.slice(3), print) ? 0 : 1);
}
const [minutes = '60', scenario = 'key-lost-1.1.443', atOnce = '2', first = '0'] = process.argv.slice(2);
for (const [what, text] of [['minutes', minutes], ['remediations at once', atOnce]]) {
  if (/^[1-9][0-9]{0,4}$/.test(text)) continue;
  process.stderr.write(`soak: '${text}' is no whole number of ${what}\n`);
  process.exit(2);
}
const { soak } = await built('soak');
process.exit(await soak(scenario, Number(minutes), Number(atOnce), Number(first) || 0, print) ? 0 : 1);
