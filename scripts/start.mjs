// npm start: VS Code with this extension, in a workspace whose servers are the practice lab's. Ends with Ctrl+C, and leaves nothing.
import { watchAncestors } from './start/ancestors.mjs';
import { startLab } from './start/lab.mjs';
import { openEditor } from './start/editor.mjs';
import { writePracticeFolder } from './start/practice-folder.mjs';
import { takeTurn } from './start/turn.mjs';
import { bringPackedExtension } from './package/pack.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
process.stdout.on('error', () => undefined);

const ends = [];
let ending;
/** Ends what was started, last first, once; later calls wait for the same end. */
function end(code, why) {
  ending ??= (async () => {
    if (why) say(why);
    for (const one of ends.splice(0).reverse()) await one().catch(() => undefined);
    process.exit(code);
  })();
  return ending;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { void end(0, '\nending …'); });
watchAncestors(() => { void end(0); });

try {
  ends.push(takeTurn());
  const vsix = await bringPackedExtension();
  say('starting the practice lab …');
  const lab = await startLab(process.argv.slice(2));
  ends.push(lab.end);
  const editor = await openEditor(vsix, writePracticeFolder(lab));
  ends.push(editor.end);
  say(`practice servers: ${lab.servers.map(({ name }) => name).join(', ')}`);
  say(`their passwords:  ${lab.secretsFile}`);
  say('');
  say(editor.what);
  say('');
  say('Ctrl+C ends VS Code and the practice lab.');
  lab.child.on('exit', () => { void end(1, 'the practice lab ended'); });
  void editor.exited.then(() => end(0, 'VS Code ended'));
} catch (error) {
  if (!ending) process.stderr.write(`npm start: ${error.message}\n`);
  await end(1);
}
