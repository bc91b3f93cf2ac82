import * as vscode from 'vscode';
import { supportFiles } from '../../events/support/support-files.ts';
import type { PowerShellSession } from '../../session.ts';
import type { Journals } from '../../storage/journals.ts';
import { writeWhole } from '../../storage/wholeFile.ts';
import { zipTexts } from '../../storage/zipTexts.ts';
import type { Member } from '../fleet.ts';
import type { RedactingLogger } from '../logger.ts';
import { ownVersion } from '../ownVersion.ts';

const { t } = vscode.l10n;

/** Asks where to, then writes one .zip about a server: what was found, journals of its runs, events, Connect's trace logs, versions; secrets taken out. A cancelled one leaves no file. */
export async function saveSupportPackage(member: Member, journals: Journals, log: RedactingLogger): Promise<void> {
  const { name } = member.entry;
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const file = `${name.replace(/[^\w.-]+/g, '-')}-support.zip`;
  const target = await vscode.window.showSaveDialog({ title: t('Save Support Package'), filters: { 'Zip': ['zip'] }, ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, file) }) });
  if (target === undefined) return;
  if (target.scheme !== 'file') {
    void vscode.window.showWarningMessage(t('A support package is written to a folder of this machine only.'));
    return;
  }
  const written = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: t('Support package of {0}', name), cancellable: true }, async (progress, token) => {
    const cancel = new AbortController();
    const heard = token.onCancellationRequested(() => { cancel.abort(); });
    let session: Promise<PowerShellSession> | undefined;
    try {
      const texts = supportFiles({
        server: name, facts: factsOf(member), hide: (text) => log.redact(text),
        session: () => session ??= member.owner.extraSession(cancel.signal),
        journals: runsOf(member).map((run) => ({ run, lines: () => journals.read(run).catch(() => []) })),
        progress: (what, part, done) => { progress.report({ message: what === 'events' ? t('{0} events, {1}', done, part) : t('trace log {0}', part) }); },
      }, cancel.signal);
      await writeWhole(target.fsPath, zipTexts(texts));
      return true;
    } catch (error) {
      if (cancel.signal.aborted) return false;
      throw error;
    } finally {
      heard.dispose();
      await session?.then((opened) => opened[Symbol.asyncDispose]()).catch(() => undefined);
    }
  });
  if (!written) return;
  const show = t('Show File');
  const answer = await vscode.window.showInformationMessage(t('The support package of {0} was written. Values that look like secrets were taken out; read it before you send it.', name), show);
  if (answer === show) await vscode.commands.executeCommand('revealFileInOS', target);
}

function runsOf({ owner: { state } }: Member): readonly string[] {
  const ids = [state.run?.id, state.diagnosis?.unfinished?.id, ...state.history.map(({ id }) => id)];
  return [...new Set(ids.filter((id) => id !== undefined))];
}

function factsOf({ owner: { state }, entry, target }: Member): Readonly<Record<string, unknown>> {
  const { diagnosis, connection } = state;
  return {
    'versions.json': { extension: ownVersion(), editor: vscode.version, node: process.version, platform: `${process.platform} ${process.arch}`, at: new Date().toISOString(), server: entry.name, transport: target.transport, ...(connection.kind === 'connected' ? { peer: connection.peer } : {}) },
    'findings.json': diagnosis === undefined ? { read: false } : { read: true, at: new Date(diagnosis.at).toISOString(), findings: diagnosis.findings, plans: diagnosis.plans.map(({ id }) => id), snapshot: diagnosis.snapshot },
  };
}
