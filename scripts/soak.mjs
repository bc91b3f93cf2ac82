// npm run soak [MINUTES] [SCENARIO] [AT ONCE] [OUTPUT]: full remediations over WinRM through a proxy that cuts, truncates, delays or stalls messages,
// others each time, until every message had each of them or the minutes (60) are over. OUTPUT is a file with what an earlier soak
// printed: it goes on from there.
// npm run soak -- scenarios [NAME…] [OUTPUT]: every scenario over every transport with every authentication; writes docs/scenarios.md with the
// ways that are through. OUTPUT (a file ending in .log) as above.
// npm run soak -- kills [MINUTES] [SCENARIO] [TRANSPORTS] [OUTPUT]: repairs in which the client, its connection or the engine is killed before, during or
// after one script, another one each time, over local,ssh,winrm, until all were or the minutes (60) are over; somebody else goes on with
// each. First the same in memory, for every script. OUTPUT as above.
// npm run soak -- events [COUNT]: COUNT (1000000) generated events of a simulated server in the packed extension's viewer, in a real VS Code:
// times of the page, of the tree beside it and of the extension host, beside the budgets; pictures in out/screenshots/.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll } from './build.mjs';
import { root } from './vscode/root.mjs';

const print = (line) => { process.stdout.write(`${line}\n`); };
const built = async (name) => {
  await buildAll(['test'], true);
  return import(pathToFileURL(join(root, process.env.OUT ?? 'out', 'test', 'soak', `${name}.entry.js`)).href);
};
const wrong = (text) => {
  process.stderr.write(`soak: ${text}\n`);
  process.exit(2);
};
const whole = (text, what) => {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) wrong(`'${text}' is no whole number of ${what}`);
  return Number(text);
};
const [what, ...words] = process.argv.slice(2);
if (what === 'scenarios') {
  const { scenarioMatrix } = await built('scenarios');
  const earlier = words.filter((word) => word.endsWith('.log')).map((file) => readFileSync(file, 'utf8')).join('\n');
  process.exit(await scenarioMatrix(root.replace(/\/$/, ''), words.filter((word) => !word.endsWith('.log')), earlier, print) ? 0 : 1);
}
if (what === 'kills') {
  const [minutes = '60', scenario = 'key-lost-current', transports = 'local,ssh,winrm', output] = words;
  const list = transports.split(',');
  if (list.some((transport) => !['local', 'ssh', 'winrm'].includes(transport))) wrong(`'${transports}' is no list of local, ssh and winrm`);
  const limit = whole(minutes, 'minutes');
  const { soakKills } = await built('kills');
  process.exit(await soakKills(scenario, limit, list, output === undefined ? '' : readFileSync(output, 'utf8'), print) ? 0 : 1);
}
if (what === 'events') {
  const [count = '1000000'] = words;
  if (!/^[1-9][0-9]{0,6}$/.test(count) || Number(count) > 1_000_000) wrong(`'${count}' is no number of events from 1 to 1000000`);
  // A browser and a VS Code are not among what the other soaks need.
  if (spawnSync(process.execPath, [join(root, 'scripts', 'setup.mjs'), 'test'], { stdio: 'inherit' }).status !== 0) process.exit(1);
  const { bringPackedExtension, packFolder } = await import('./package/pack.mjs');
  await bringPackedExtension();
  const probe = join(root, '.cache', 'vsix', 'extension-host-probe.vsix');
  await packFolder(join(root, 'test', 'soak', 'probe'), probe, { skipLicense: true });
  const { soakEvents } = await built('events');
  process.exit(await soakEvents(Number(count), probe, print) ? 0 : 1);
}
const [minutes = '60', scenario = 'key-lost-1.1.443', atOnce = '2', output] = process.argv.slice(2);
const [limit, many] = [whole(minutes, 'minutes'), whole(atOnce, 'remediations at once')];
const { soak } = await built('soak');
process.exit(await soak(scenario, limit, many, output === undefined ? '' : readFileSync(output, 'utf8'), print) ? 0 : 1);
