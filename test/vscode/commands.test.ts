import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { allCommands } from '../../src/providers/ids.ts';
import { activate } from './support/extension.ts';

describe('commands', () => {
  it('are all registered, and no other one of ours is', async () => {
    await activate();
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('entraConnect.') && !/\.(open|focus|resetViewLocation|removeView|toggleVisibility|servers)/.test(id.slice('entraConnect'.length)) || allCommands().includes(id));
    assert.deepEqual([...new Set(registered)].sort(), allCommands().sort());
  });

  it('keep what they made in one store, which the editor disposes', async () => {
    const providers = await activate();
    assert.ok(providers.kept() > allCommands().length);
  });
});
