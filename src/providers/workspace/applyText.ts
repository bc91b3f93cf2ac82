import * as vscode from 'vscode';
import { difference } from '../../inventory/edit.ts';

/**
 * Makes a file say something else by its smallest replacement, so that it can be undone in the editor. Saved, unless somebody has
 * unsaved changes in it. False where the editor refused.
 */
export async function applyText(uri: vscode.Uri, change: (text: string) => string | undefined): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(uri);
  const wasDirty = document.isDirty;
  const text = document.getText();
  const made = change(text);
  if (made === undefined) return false;
  const { start, end, text: replacement } = difference(text, made);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), replacement);
  if (!await vscode.workspace.applyEdit(edit)) return false;
  return wasDirty || await document.save();
}

/** Makes sure that a file is there: an empty one where it was not. */
export async function ensureFile(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.stat(uri);
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError) || error.code !== 'FileNotFound') throw error;
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri, '..'));
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('version: 1\n'));
  }
}
