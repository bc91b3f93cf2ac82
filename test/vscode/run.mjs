// Runs the extension-host tests through @vscode/test-electron: in the desktop VS Code that VSCODE_EXECUTABLE names, else in the
// VS Code server that set-up installed.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { vscodeVersion } from '../../scripts/vscode/installation.mjs';
import { root } from '../../scripts/vscode/root.mjs';

const folder = mkdtempSync(join(tmpdir(), 'vscode-workspace-'));
const output = join(folder, 'output.txt');
const workspace = join(folder, 'workspace');
cpSync(join(root, 'test', 'vscode', 'workspace'), workspace, { recursive: true });
try {
  await runTests({
    vscodeExecutablePath: process.env.VSCODE_EXECUTABLE ?? join(root, 'test', 'vscode', 'launcher.mjs'),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, process.env.OUT ?? 'out', 'test', 'vscode', 'index.entry.js'),
    launchArgs: [workspace, `--user-data-dir=${join(folder, 'user')}`, `--extensions-dir=${join(folder, 'extensions')}`],
    extensionTestsEnv: { TIER_OUTPUT: output, ...(process.env.VSCODE_EXECUTABLE === undefined ? { TIER_VSCODE: vscodeVersion } : {}), ENTRA_CONNECT_STATE: join(folder, 'state') },
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  if (existsSync(output)) process.stdout.write(readFileSync(output));
  rmSync(folder, { recursive: true, force: true });
}
