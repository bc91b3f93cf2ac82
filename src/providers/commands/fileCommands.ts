import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Passwords } from '../person/passwords.ts';
import { AddServer, type AddServerPorts } from '../workspace/addServer.ts';
import { ensureFile } from '../workspace/applyText.ts';
import { moveSecret, secretPlace, type SecretLabel } from '../workspace/moveSecret.ts';
import { offeredFiles } from '../workspace/offeredFiles.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import type { Register } from './register.ts';

/** What these commands need of the transports. */
export type FilePorts = Omit<AddServerPorts, 'files' | 'trusted'> & { readonly label: SecretLabel };

/** Add a server, open the person's own file, move a secret out of a file. */
export function registerFileCommands(register: Register, files: ServersFiles, own: vscode.Uri, passwords: Passwords, ports: FilePorts): void {
  const { t } = vscode.l10n;
  register(commands.addServer, async () => {
    await files.load();
    const added = await new AddServer({ ...ports, files: () => offeredFiles(files, own), trusted: () => vscode.workspace.isTrusted }).run();
    if (added !== undefined) await files.reload();
  });
  register(commands.openMyServersFile, async () => {
    await ensureFile(own);
    await vscode.window.showTextDocument(own);
    await files.reload();
  });
  register(commands.moveSecret, async (address, range) => {
    const place = secretPlace(address, range);
    if (place === undefined) void vscode.window.showInformationMessage(t('This is a quick fix: it is offered where a secret stands in a servers file.'));
    else await moveSecret(place, passwords, ports.label);
  });
}
