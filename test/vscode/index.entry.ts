// What @vscode/test-electron runs inside the extension host: mocha over every built test of this folder.
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';

/** Runs the tier; rejects when a test fails. The counts go to the file that VSCODE_TEST_RESULT names. */
export async function run(): Promise<void> {
  const here = dirname(fileURLToPath(import.meta.url));
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, forbidOnly: true, forbidPending: true });
  for (const name of readdirSync(here, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.test.js')) mocha.addFile(join(here, name));
  }
  await mocha.loadFilesAsync();
  const { passed, failed } = await new Promise<{ passed: number; failed: number }>((resolve) => {
    const runner = mocha.run((failures) => { resolve({ passed: runner.stats?.passes ?? 0, failed: failures }); });
  });
  const file = process.env['VSCODE_TEST_RESULT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify({ passed, failed }));
  if (failed > 0 || passed === 0) throw new Error(`${passed} passed, ${failed} failed`);
}
