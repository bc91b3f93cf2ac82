import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const id = 'entra-connect-remediation.entra-connect-remediation';

describe('activation', () => {
  it('runs in the oldest VS Code that the manifest promises, or a newer one', () => {
    const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
    assert.ok(major > 1 || (major === 1 && minor >= 100), `this is ${vscode.version}`);
  });

  it('works from the extension\'s own entry', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
