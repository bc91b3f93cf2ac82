import * as vscode from 'vscode';
import { changeRecord } from '../../connect/report/change-record.ts';
import { commands } from '../ids.ts';
import type { Journals } from '../../storage/journals.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import type { VirtualDocuments } from '../virtualDocuments.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** Terminal, transcript, runs, the servers file, copying, the log. */
export function registerViewCommands(register: Register, targets: Targets, documents: VirtualDocuments, journals: Journals, log: vscode.LogOutputChannel, files: ServersFiles): void {
  const { t } = vscode.l10n;
  register(commands.showTerminal, async (element) => {
    (await targets.one(element, t('Show Terminal')))?.terminal.show(false);
  });
  register(commands.openTranscript, async (element) => {
    const member = await targets.one(element, t('Open Transcript'));
    if (member === undefined) return;
    const { terminal } = member;
    await documents.open(`${sanitizeLine(member.entry.name, 60)}.log`, { text: () => terminal.transcript.text(), onDidChange: terminal.onDidChangeTranscript });
  });
  register(commands.openRun, async (element) => {
    const subject = targets.subject(element);
    if (subject?.kind !== 'run') return;
    await documents.open(`${sanitizeLine(subject.member.entry.name, 60)} ${subject.run}.md`, {
      text: async () => changeRecord(await journals.read(subject.run)),
    });
  });
  register(commands.openServersFile, async (element) => {
    const subject = targets.subject(element);
    // A file that names no server, or cannot be read as one, is what has to be seen.
    const [first] = files.files;
    if (subject === undefined && first !== undefined && files.files.every(({ content }) => content.servers.length === 0)) {
      await vscode.window.showTextDocument(first.uri);
      return;
    }
    const shown = subject?.kind === 'broken' ? subject.broken : await targets.one(element, t('Open Servers File'));
    if (shown === undefined) return;
    const { start, end } = shown.entry.nameRange;
    const selection = new vscode.Range(start.line, start.column, end.line, end.column);
    await vscode.window.showTextDocument(shown.file, { selection });
  });
  register(commands.newServersFile, async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: exampleFile });
    await vscode.window.showTextDocument(document);
    void vscode.window.showInformationMessage(t('Save it under a name that ends in .connect.yaml in this workspace.'));
  });
  register(commands.copy, async (element) => {
    const subject = targets.subject(element);
    if (subject !== undefined && 'text' in subject) await vscode.env.clipboard.writeText(subject.text);
  });
  register(commands.showLog, () => { log.show(); });
}


const exampleFile = `version: 1
defaults:
  transport: ssh
  user: CONTOSO\\engineer
servers:
  - name: AADC01
    host: aadc01.contoso.com
    role: active
`;
