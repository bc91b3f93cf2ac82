import * as vscode from 'vscode';
import type { AddServerPorts } from './addServer.ts';
import type { ServersFiles } from './serversFiles.ts';

/** Name of a servers file that is made in a workspace folder that has none. */
const newFile = 'servers.connect.yaml';

/** The files that are there, a new one in each folder without any, and the person's own. */
export function offeredFiles(files: ServersFiles, own: vscode.Uri): ReturnType<AddServerPorts['files']> {
  const { t } = vscode.l10n;
  const there = files.files.map(({ uri }) => uri).filter((uri) => uri.toString() !== own.toString());
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => !there.some((uri) => vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString()));
  return [
    ...there.map((uri) => ({ uri, label: vscode.workspace.asRelativePath(uri), exists: true })),
    ...folders.map((folder) => ({ uri: vscode.Uri.joinPath(folder.uri, newFile), label: vscode.workspace.asRelativePath(vscode.Uri.joinPath(folder.uri, newFile)), exists: false })),
    { uri: own, label: t('My servers, in every workspace'), exists: files.files.some(({ uri }) => uri.toString() === own.toString()) },
  ];
}
