import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, views } from '../ids.ts';
import { findPwsh, oldestPwsh, thisMachine } from '../lab/findPwsh.ts';
import { readPracticeData } from '../lab/practiceData.ts';
import { practiceGuide } from '../lab/practiceGuide.ts';
import { openPracticeLab, removeAbandonedLabs, type PracticeLab } from '../lab/practiceLab.ts';
import { practiceScenarios, type PracticeScenario } from '../lab/scenario.ts';
import type { RedactingLogger } from '../logger.ts';
import type { VirtualDocuments } from '../virtualDocuments.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import type { Register } from './register.ts';

/** Where PowerShell 7 is to be had. */
const download = 'https://aka.ms/install-powershell';

/** Opens and closes the practice lab of this window. */
export function registerLabCommands(register: Register, files: ServersFiles, documents: VirtualDocuments, log: RedactingLogger, context: vscode.ExtensionContext): void {
  const { t } = vscode.l10n;
  const parent = join(context.globalStorageUri.fsPath, 'practice');
  const guide = `${t('Practice lab')}.md`;
  let lab: PracticeLab | undefined;
  const close = async (): Promise<void> => {
    const closing = lab;
    lab = undefined;
    if (closing === undefined) return;
    // The tree lets go first: what is connected is disconnected before its folder goes.
    await rm(closing.serversFile, { force: true });
    await files.read(vscode.Uri.file(closing.serversFile));
    await documents.close(guide);
    await closing.close();
  };
  register(commands.openPracticeLab, async () => {
    const data = await readPracticeData(join(context.extensionPath, 'dist', 'lab.br'));
    const chosen = await choose(practiceScenarios(data));
    if (chosen === undefined) return;
    try {
      const opened = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: t('Opening the practice lab …'), cancellable: true }, async (_progress, token) => {
        const controller = new AbortController();
        const cancelling = token.onCancellationRequested(() => { controller.abort(); });
        try {
          const found = await findPwsh(thisMachine, controller.signal);
          if (found.file === undefined) return found;
          await close();
          await removeAbandonedLabs(parent, isAlive);
          log.info(`practice lab in ${found.file} ${found.version}: ${chosen.map(({ id }) => id).join(', ')}`);
          return await openPracticeLab({ pwsh: found.file, data, folder: join(parent, String(process.pid)), scenarios: chosen, signal: controller.signal });
        } finally {
          cancelling.dispose();
        }
      });
      if (!('close' in opened)) {
        await sayMissing(opened.looked);
        return;
      }
      lab = opened;
      const uri = vscode.Uri.file(opened.serversFile);
      files.practice = ({ file, name }) => file === uri.fsPath ? opened.program(name) : undefined;
      await files.load();
      await files.read(uri);
      await documents.open(guide, { text: () => practiceGuide(opened.servers) });
      await vscode.commands.executeCommand(`${views.servers}.focus`);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      const why = error instanceof Error ? error.message : String(error);
      log.warn(`the practice lab did not open: ${why}`);
      void vscode.window.showErrorMessage(t('The practice lab could not be opened, and nothing of it was left. {0}', why.slice(0, 500)));
    }
  });
  register(commands.closePracticeLab, async () => {
    await close();
    void vscode.window.showInformationMessage(t('The practice lab is closed, and its servers are gone.'));
  });
}

async function choose(scenarios: readonly PracticeScenario[]): Promise<readonly PracticeScenario[] | undefined> {
  const { t } = vscode.l10n;
  const items = scenarios.map((scenario, index) => ({ label: scenario.title, description: scenario.id, detail: scenario.description, picked: index === 0, scenario }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Open Practice Lab'), placeHolder: t('Which servers do you want to practise on? Each is simulated on this machine.'), canPickMany: true, matchOnDescription: true, ignoreFocusOut: true });
  return chosen === undefined || chosen.length === 0 ? undefined : chosen.map(({ scenario }) => scenario);
}

async function sayMissing(looked: readonly string[]): Promise<void> {
  const { t } = vscode.l10n;
  const get = t('Get PowerShell');
  const answer = await vscode.window.showWarningMessage(
    t('The practice lab needs PowerShell {0} or newer (pwsh) on this machine; Windows PowerShell 5.1 will not do, since it cannot be closed to the real machine.', oldestPwsh),
    { modal: true, detail: t('Looked for: {0}', looked.slice(0, 12).join(', ')) }, get,
  );
  if (answer === get) await vscode.env.openExternal(vscode.Uri.parse(download));
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
