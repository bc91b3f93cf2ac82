import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

const id = 'entra-connect-remediation.entra-connect-remediation';

describe('activation', () => {
  it('runs in the VS Code that this tier is for: the oldest that the manifest promises, or the newest', () => {
    const { engines } = JSON.parse(readFileSync(join(vscode.extensions.getExtension(id)!.extensionPath, 'package.json'), 'utf8')) as { engines: { vscode: string } };
    const [, oldest = 0] = engines.vscode.split('.').map(Number);
    const [, minor = 0] = vscode.version.split('.').map(Number);
    // In a desktop VS Code that somebody chose, nothing more is promised.
    const wanted = process.env['TIER_VSCODE'];
    if (wanted !== undefined) assert.equal(vscode.version, wanted);
    assert.ok(vscode.version.startsWith('1.') && minor >= oldest, `this is ${vscode.version}`);
  });

  it('works from the extension\'s own entry', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
