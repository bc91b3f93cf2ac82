import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from './support/eventually.ts';
import { activate } from './support/extension.ts';

describe('a servers file in the editor', () => {
  const file = (): vscode.Uri => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder, 'no folder is open');
    return vscode.Uri.joinPath(folder.uri, 'language.connect.yaml');
  };
  const open = async (text: string): Promise<vscode.TextDocument> => {
    await vscode.workspace.fs.writeFile(file(), new TextEncoder().encode(text));
    const document = await vscode.workspace.openTextDocument(file());
    await vscode.window.showTextDocument(document);
    return document;
  };
  /** The language server's problems; the first word of a message tells them from those of the file's first reading. */
  const problem = (code: string): Promise<vscode.Diagnostic> => eventually(code, () => vscode.languages.getDiagnostics(file()).find((one) => one.code === code) ?? false);

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(file());
    await vscode.commands.executeCommand('entraConnect.refresh');
  });

  it('is a language of its own, with problems at their exact place, completion, hover, outline and lenses', async () => {
    await activate();
    const document = await open('version: 1\nservers:\n  - name: LANG01\n    host: h\n    user: u\n    transport: ssh\n    identityFile: /nowhere/at/all\n');
    assert.equal(document.languageId, 'entra-connect-servers');
    // Only the language server looks for files, so this one is its own.
    const missing = await problem('missing-file');
    assert.equal(document.getText(missing.range), '/nowhere/at/all');
    const completions = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', file(), new vscode.Position(5, 15));
    assert.ok(['ssh', 'winrm', 'local'].every((name) => completions.items.some(({ label }) => label === name)), JSON.stringify(completions.items.map(({ label }) => label)));
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', file(), new vscode.Position(3, 6));
    assert.match((hover?.contents[0] as vscode.MarkdownString).value, /DNS name or IP address/);
    const [symbol] = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', file());
    assert.equal(symbol?.name, 'LANG01');
    const lenses = await eventually('lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file(), 10);
      return found.length > 0 && found;
    });
    assert.deepEqual(lenses.map(({ command }) => command?.title).slice(0, 2), ['Connect', 'Diagnose']);
    assert.equal(vscode.languages.getDiagnostics(file()).length, 1);
  });

  it('moves a secret into the secret storage by its quick fix, and out of the file', async () => {
    await activate();
    const document = await open('version: 1\nservers:\n  - name: LANG02 # kept\n    host: h\n    user: u\n    password: hunter2\n    transport: ssh\n');
    const secret = await problem('secret-in-file');
    assert.equal(document.getText(secret.range), 'password');
    const action = await eventually('the quick fix', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', file(), secret.range, vscode.CodeActionKind.QuickFix.value);
      return actions.find((one) => one.command?.command === 'entraConnect.moveSecret') ?? false;
    });
    await vscode.commands.executeCommand(action.command!.command, ...(action.command!.arguments ?? []) as unknown[]);
    assert.equal(document.getText(), 'version: 1\nservers:\n  - name: LANG02 # kept\n    host: h\n    user: u\n    transport: ssh\n');
    assert.equal(document.isDirty, false);
    await eventually('the problem to go', () => vscode.languages.getDiagnostics(file()).length === 0);
    // What is kept is forgotten again, which tells that it was kept.
    assert.equal(await (await activate()).forgetPasswords((name) => name.server === 'LANG02 (h:22)' && name.account === 'u' && name.purpose === 'sign-in'), 1);
  });
});
