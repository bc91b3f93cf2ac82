import { homedir, release } from 'node:os';
import * as vscode from 'vscode';
import type { Fleet } from '../fleet.ts';
import { commands, settings } from '../ids.ts';
import type { RedactingLogger } from '../logger.ts';
import { diagnosticsReport } from '../outside/diagnosticsReport.ts';
import { knownServers } from '../outside/knownServers.ts';
import { Redaction } from '../outside/redaction.ts';
import { ownVersion } from '../ownVersion.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import type { Register } from './register.ts';

/** A report about the extension itself, as a document that the person reads and saves, or doesn't. */
export function registerDiagnosticsCommand(register: Register, fleet: Fleet, files: ServersFiles, log: RedactingLogger): void {
  register(commands.exportDiagnostics, async () => {
    await files.load();
    const { members } = fleet;
    const content = diagnosticsReport({
      versions: versions(), settings: settingValues(), log: log.recent(),
      servers: members.map(({ target, owner }) => ({ transport: target.transport, role: target.role, auth: target.winrm?.auth ?? target.auth, state: owner.state })),
    }, new Redaction(knownServers(members), homedir()));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
  });
}

function versions(): Record<string, string> {
  return {
    'Entra Connect Remediation': ownVersion(),
    [vscode.env.appName]: `${vscode.version}, ${vscode.env.appHost}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'in a browser' : 'desktop'}, ${vscode.env.language}`,
    'Extension host': `${vscode.env.remoteName ?? 'local'}, Node ${process.versions.node}`,
    'System': `${process.platform} ${process.arch}, ${release()}`,
    'Workspace': `${vscode.workspace.isTrusted ? 'trusted' : 'not trusted'}, folders ${vscode.workspace.workspaceFolders?.length ?? 0}`,
  };
}

function settingValues(): Record<string, unknown> {
  const { section, ...names } = settings;
  const values = vscode.workspace.getConfiguration(section);
  return Object.fromEntries(Object.values(names).map((name) => [`${section}.${name}`, values.get(name)]));
}
