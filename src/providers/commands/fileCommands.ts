import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { loadLater } from '../later.ts';
import type { Passwords } from '../person/passwords.ts';
import type { AddServerPorts } from '../workspace/addServer.ts';
import type { SecretLabel } from '../workspace/moveSecret.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import type { Register } from './register.ts';

/** Name of a servers file that is made in a workspace folder that has none. */
const newFile = 'servers.connect.yaml';

/** Add a server, open the person's own file, move a secret out of a file. */
export function registerFileCommands(register: Register, files: ServersFiles, own: vscode.Uri, passwords: Passwords, ports: Omit<AddServerPorts, 'files' | 'trusted'> & { readonly label: SecretLabel }): void {
  const { t } = vscode.l10n;
  register(commands.addServer, async () => {
    await files.load();
    const { AddServer } = await loadLater();
    const added = await new AddServer({ ...ports, files: () => offered(files, own), trusted: () => vscode.workspace.isTrusted }).run();
    if (added !== undefined) await files.reload();
  });
  register(commands.openMyServersFile, async () => {
    const { ensureFile } = await loadLater();
    await ensureFile(own);
    await vscode.window.showTextDocument(own);
    await files.reload();
  });
  register(commands.moveSecret, async (address, range) => {
    const { moveSecret, secretPlace } = await loadLater();
    const place = secretPlace(address, range);
    if (place === undefined) void vscode.window.showInformationMessage(t('This is a quick fix: it is offered where a secret stands in a servers file.'));
    else await moveSecret(place, passwords, ports.label);
  });
}

/** The files that are there, a new one in each folder without any, and the person's own. */
function offered(files: ServersFiles, own: vscode.Uri): ReturnType<AddServerPorts['files']> {
  const { t } = vscode.l10n;
  const there = files.files.map(({ uri }) => uri).filter((uri) => uri.toString() !== own.toString());
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => !there.some((uri) => vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString()));
  return [
    ...there.map((uri) => ({ uri, label: vscode.workspace.asRelativePath(uri), exists: true })),
    ...folders.map((folder) => ({ uri: vscode.Uri.joinPath(folder.uri, newFile), label: vscode.workspace.asRelativePath(vscode.Uri.joinPath(folder.uri, newFile)), exists: false })),
    { uri: own, label: t('My servers, in every workspace'), exists: files.files.some(({ uri }) => uri.toString() === own.toString()) },
  ];
}
