// What @vscode/test-electron runs inside the extension host: mocha over every built test of this folder.
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Where mocha's words go: the extension host's own console mixes them with the workbench's. */
function say(...parts: unknown[]): void {
  const file = process.env['TIER_OUTPUT'];
  if (file !== undefined) appendFileSync(file, `${format(...parts)}\n`);
}

/** Runs the tier; rejects when a test fails or none ran. The counts go to the file that TIER_RESULT names. */
export async function run(): Promise<void> {
  const here = dirname(fileURLToPath(import.meta.url));
  Mocha.reporters.Base.consoleLog = say;
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, forbidOnly: true, forbidPending: true, reporter: 'dot' });
  for (const name of readdirSync(here, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.test.js')) mocha.addFile(join(here, name));
  }
  await mocha.loadFilesAsync();
  const { passed, failed } = await new Promise<{ passed: number; failed: number }>((resolve) => {
    const runner = mocha.run((failures) => { resolve({ passed: runner.stats?.passes ?? 0, failed: failures }); });
  });
  const file = process.env['TIER_RESULT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify({ passed, failed }));
  if (failed > 0 || passed === 0) throw new Error(`${passed} passed, ${failed} failed`);
}
