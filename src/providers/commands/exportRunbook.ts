import * as vscode from 'vscode';
import { valueOf } from '../../connect/fact.ts';
import { planIds, type PlanId } from '../../connect/ids.ts';
import { saidSnapshot, type SaidAboutServer } from '../../connect/manual/about.ts';
import { planDefinitions } from '../../connect/plan-definitions.ts';
import { runbook } from '../../connect/report/runbook.ts';
import { needsConnector, runbookSubject } from '../../connect/report/runbook-subject.ts';
import type { Clock } from '../../connect/server.ts';
import type { Member } from '../fleet.ts';
import type { Diagnosis } from '../server/state.ts';

/**
 * Opens a plan of one server as a new Markdown document, from what was read of the server, else from what the servers file says about
 * it. `plan` undefined: a person chooses.
 */
export async function exportRunbook(member: Member, plan: PlanId | undefined, clock: Clock): Promise<void> {
  const { t } = vscode.l10n;
  const { name } = member.entry;
  const source = await sourceOf(member);
  if (source === undefined) return;
  const id = plan ?? await choosePlan(source.diagnosis);
  if (id === undefined) return;
  const { diagnosis } = source;
  const { computerName, serviceAccount } = member.target;
  const said: SaidAboutServer = diagnosis === undefined ? { computerName, startName: serviceAccount } : {};
  const snapshot = diagnosis?.snapshot ?? saidSnapshot(said, id);
  const connector = needsConnector(id, diagnosis?.findings) ? await chooseConnector(diagnosis) : undefined;
  if (needsConnector(id, diagnosis?.findings) && connector === undefined) return;
  const made = runbookSubject({ plan: id, snapshot, findings: diagnosis?.findings, server: name, connector, ticket: undefined, said, now: clock.now() });
  if ('forbidden' in made) {
    void vscode.window.showWarningMessage(t('{0}: the plan {1} must not be carried out there, by hand either. {2}', name, id, made.forbidden));
    return;
  }
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content: runbook(made.subject) }), { preview: false });
}

/** What the document is made from: the last diagnosis or one of now; where the server cannot be read, a person says whether the servers file will do. */
async function sourceOf(member: Member): Promise<{ readonly diagnosis: Diagnosis | undefined } | undefined> {
  const { t } = vscode.l10n;
  if (member.owner.state.diagnosis === undefined) {
    const read = t('Read the Server');
    const said = t('From the Servers File');
    const answer = await vscode.window.showInformationMessage(t('{0} has not been read. A runbook from a reading names its connectors, its paths and what was found; one from the servers file is for a server that nothing may be sent to.', member.entry.name), read, said);
    if (answer === said) return { diagnosis: undefined };
    if (answer !== read || !await member.owner.diagnose()) return undefined;
  }
  return { diagnosis: member.owner.state.diagnosis };
}

async function choosePlan(diagnosis: Diagnosis | undefined): Promise<PlanId | undefined> {
  const { t } = vscode.l10n;
  const called = diagnosis?.plans.map((plan) => plan.id) ?? [];
  // Nothing to do by hand is known where no finding says what it is.
  const offered = [...called, ...planIds.filter((id) => !called.includes(id) && id !== 'manual')];
  const items = offered.map((id) => ({ label: planDefinitions[id].title, description: called.includes(id) ? t('called for by what was found') : '', detail: planDefinitions[id].why, id }));
  return (await vscode.window.showQuickPick(items, { title: t('Export Runbook'), placeHolder: t('Which plan?'), matchOnDetail: true }))?.id;
}

async function chooseConnector(diagnosis: Diagnosis | undefined): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const names = (diagnosis === undefined ? [] : valueOf(diagnosis.snapshot.connectors) ?? []).filter((connector) => connector.type !== 'Entra').map((connector) => connector.name);
  if (names.length > 0) return await vscode.window.showQuickPick(names, { title: t('Export Runbook'), placeHolder: t('Which connector?') });
  return await vscode.window.showInputBox({ title: t('Export Runbook'), prompt: t('Name of the AD DS Connector, as Synchronization Service Manager shows it') });
}
