import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from './support/eventually.ts';
import { activate } from './support/extension.ts';

describe('servers files of the workspace', () => {
  const folder = (): vscode.Uri => {
    const [first] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(first, 'no folder is open');
    return first.uri;
  };
  const file = (): vscode.Uri => vscode.Uri.joinPath(folder(), 'more.connect.yaml');
  const write = (text: string): Thenable<void> => vscode.workspace.fs.writeFile(file(), new TextEncoder().encode(text));
  const names = async (): Promise<string[]> => (await activate()).fleet.members.map((member) => member.entry.name);
  const load = async (): Promise<void> => { await (await activate()).tree.getChildren(); };

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(file());
    await vscode.commands.executeCommand('entraConnect.refresh');
    await eventually('the file to be forgotten', async () => (await names()).join() === 'SYNC01');
  });

  it('are read again by command, and their servers come and go', async () => {
    await load();
    await write('version: 1\nservers:\n  - { name: NEW01, host: h, role: staging, transport: ssh, user: u }\n');
    await vscode.commands.executeCommand('entraConnect.refresh');
    assert.deepEqual((await names()).sort(), ['NEW01', 'SYNC01']);
  });

  it('are watched', async () => {
    await load();
    await write('version: 1\nservers:\n  - { name: WATCHED, host: h, role: staging, transport: ssh, user: u }\n');
    await eventually('the new server', async () => (await names()).includes('WATCHED'));
  });

  it('show their problems at the exact place, also while they are being typed', async () => {
    await load();
    await write('version: 1\nservers:\n  - { name: BAD01, host: h, role: staging, transport: ssh, user: u, pasword: x }\n');
    await vscode.commands.executeCommand('entraConnect.refresh');
    const [problem] = await eventually('a problem', () => {
      const found = vscode.languages.getDiagnostics(file());
      return found.length > 0 && found;
    });
    assert.equal(problem?.source, 'Entra Connect');
    assert.equal(problem.range.start.line, 2);
    const document = await vscode.workspace.openTextDocument(file());
    assert.ok(document.getText(problem.range).includes('pasword'), document.getText(problem.range));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file(), new vscode.Range(0, 0, document.lineCount, 0), 'version: 1\nservers:\n  - { name: GOOD01, host: h, role: staging, transport: ssh, user: u }\n');
    await vscode.workspace.applyEdit(edit);
    await eventually('the problem to go', () => vscode.languages.getDiagnostics(file()).length === 0);
    await eventually('the typed server', async () => (await names()).includes('GOOD01'));
    await document.save();
  });

  it('are forgotten with their file, also while the editor still remembers its text', async () => {
    await load();
    const entry = (name: string): string => `version: 1\nservers:\n  - { name: ${name}, host: h, role: staging, transport: ssh, user: u }\n`;
    const gone = vscode.Uri.joinPath(folder(), 'gone.connect.yaml');
    await vscode.workspace.fs.writeFile(gone, new TextEncoder().encode('version: 1\n'));
    const document = await vscode.workspace.openTextDocument(gone);
    await vscode.workspace.fs.writeFile(gone, new TextEncoder().encode(entry('GONE01')));
    await eventually('the editor to follow the file', () => document.getText().includes('GONE01'));
    await vscode.workspace.fs.delete(gone);
    // Typing is read after a pause: once what was typed later is there, nothing of before is still to come.
    await write('version: 1\n');
    const later = await vscode.workspace.openTextDocument(file());
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file(), new vscode.Range(0, 0, later.lineCount, 0), entry('LATER01'));
    await vscode.workspace.applyEdit(edit);
    await eventually('the typed server', async () => (await names()).includes('LATER01'));
    await eventually('the deleted file to be forgotten', async () => (await names()).sort().join() === 'LATER01,SYNC01');
    await later.save();
  });

  it('never get into trouble by what is in them', async () => {
    await load();
    for (const text of ['', '\u0000\u0001', 'version: 2', '- - - -', 'version: 1\nservers: !!js/function "x"', 'a: &a [*a]', `version: 1\nservers:\n${'  - { name: X, host: h }\n'.repeat(500)}`]) {
      await write(text);
      await vscode.commands.executeCommand('entraConnect.refresh');
      assert.ok((await names()).includes('SYNC01'), text.slice(0, 40));
    }
  });
});
