// The practice lab as it ships: the simulation, its engine host as C# and some scenarios, in one compressed file.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { withoutComments } from './powershell-comments.mjs';

/** What ships, in the order in which it is worth practising. */
export const shippedScenarios = [
  'stale-scm-password', 'key-lost-current', 'key-lost-1.1.443', 'key-recreated', 'connector-password', 'account-blocked', 'logon-right-missing',
  'account-replaced', 'database-nearly-full', 'healthy',
];

/** What only the tests and the automatic person read of a scenario. */
const forTests = new Set(['expect', 'answers', '$comment', '$schema']);

/** Scripts for the checkout's own lab: judging a server, and acting for a person on it. */
const ofOurOwnLab = ['judge.ps1', 'person.ps1'];

/** Parts of lab/engine that only its own program needs. */
const programOnly = ['Program.cs'];

/** Every file of the lab's folder by its path there. */
export function practiceLabFiles(root) {
  const read = (...path) => readFileSync(join(root, 'lab', ...path), 'utf8');
  const under = (folder, suffix) => readdirSync(join(root, 'lab', folder), { recursive: true }).filter((file) => file.endsWith(suffix) && !/^(bin|obj)[\\/]/.test(file)).map((file) => file.replaceAll('\\', '/')).sort();
  const files = {};
  for (const folder of ['engine', 'standard', 'hosted']) {
    for (const file of under(folder, '.cs')) if (!programOnly.includes(file)) files[`engine/sources/${folder}/${file}`] = withoutLineComments(read(folder, file));
  }
  files['engine/engine.ps1'] = withoutComments(read('hosted', 'engine.ps1'));
  for (const file of [...under('simulation', '.ps1'), ...under('simulation', '.psm1')]) {
    if (!ofOurOwnLab.includes(basename(file))) files[`simulation/${file}`] = withoutComments(read('simulation', file));
  }
  for (const name of shippedScenarios) files[`scenarios/${name}.json`] = JSON.stringify(JSON.parse(read('scenarios', `${name}.json`)), (key, value) => forTests.has(key) ? undefined : value);
  files['scenarios/order'] = shippedScenarios.join('\n');
  return files;
}

/** The compressed file. */
export function packPracticeLab(root) {
  // Names and texts in turn: escaped as JSON they would be longer.
  const text = Buffer.from(Object.entries(practiceLabFiles(root)).flat().join('\0'));
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
}

/** C# without whole lines of comment and without indentation, outside of raw string literals. */
function withoutLineComments(text) {
  if (text.includes('"""') && /"""\r?\n/.test(text)) return text;
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('//')).join('\n');
}
