import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorHost } from '../../src/providers/prompt/promptHost.ts';
import type { SessionHost } from '../../src/session.ts';
import { activate } from './support/extension.ts';
import { eventually } from './support/eventually.ts';

describe('questions of a script', () => {
  let declined: number;
  let script: AbortController;
  let host: SessionHost;
  const choices = [{ label: '&Yes', help: 'Go on' }, { label: '&No', help: 'Stay' }];

  beforeEach(async () => {
    await activate();
    declined = 0;
    script = new AbortController();
    host = editorHost('AADC-PROMPT', { signal: script.signal, decline: () => { declined++; return Promise.reject(new Error('declined')); } });
  });
  afterEach(async () => {
    script.abort();
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  it('offer the default choice first', async () => {
    let given: number | undefined;
    const asked = host.promptForChoice?.('Confirm', 'Go on?', choices, 1).then((answer) => { given = answer; });
    await eventually('the answer', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return given !== undefined;
    });
    await asked;
    assert.equal(given, 1);
    assert.equal(declined, 0);
  });

  it('end the script where they are left', async () => {
    const asked = host.readLine?.().then(() => 'answered', () => 'refused');
    await eventually('the end', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return declined === 1;
    });
    assert.equal(await asked, 'refused');
  });

  it('go away when the script ends', async () => {
    const asked = host.promptForChoice?.('', 'Go on?', choices, 0).then(() => 'answered', () => 'refused');
    script.abort();
    assert.equal(await asked, 'refused');
    assert.equal(declined, 1);
  });
});
