import * as vscode from 'vscode';
import type { Clock } from '../../connect/server.ts';
import type { Member } from '../fleet.ts';
import { FleetDiagnosis, type FleetRow } from '../fleetDiagnosis.ts';
import { fleetTable, type TableWords } from '../fleetTable.ts';
import { verdictOf } from '../tree/verdict.ts';
import type { VirtualDocuments } from '../virtualDocuments.ts';
import type { FleetLimits } from './fleetCommands.ts';

const { t } = vscode.l10n;

/** Milliseconds that changes of the table are collected before it is drawn again. */
const redraw = 150;

/** Diagnoses servers and shows what is found in one table that fills as they answer. It only reads; the controller calls it off. */
export async function diagnoseFleet(members: readonly Member[], documents: VirtualDocuments, clock: Clock, limits: FleetLimits, controller: AbortController): Promise<void> {
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  let told: () => void = () => undefined;
  const diagnosis = new FleetDiagnosis(members.map((member) => asServer(member)), limits.parallel, limits.patience, clock, () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      told();
      changed.fire();
    }, redraw);
  });
  const words = tableWords(t('Diagnosis of {0} servers, {1}', members.length, new Date(clock.now()).toLocaleString()));
  await documents.open(t('Diagnosis.txt'), { text: () => fleetTable(diagnosis.rows, words), onDidChange: changed.event });
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: t('Diagnosing {0} servers', members.length), cancellable: true }, async (progress, token) => {
    token.onCancellationRequested(() => { controller.abort(); });
    told = () => { progress.report({ message: t('{0} of {1}', diagnosis.over, members.length) }); };
    await diagnosis.run(controller.signal);
  });
  clearTimeout(timer);
  changed.fire();
  changed.dispose();
}

function asServer(member: Member): FleetRow['server'] {
  return {
    name: member.entry.name, group: member.entry.group, state: () => member.owner.state,
    diagnose: () => member.owner.diagnose(true), cancel: () => { member.owner.cancelDiagnosis(); },
  };
}

function tableWords(title: string): TableWords {
  return {
    title,
    summary: ({ read, action, failed, open }) => open > 0
      ? t('{0} read, {1} need action, {2} could not be read, {3} to come', read, action, failed, open)
      : t('{0} read, {1} need action, {2} could not be read', read, action, failed),
    columns: { server: t('Server'), group: t('Group'), found: t('Found'), build: t('Build'), service: t('Service'), took: t('Took') },
    states: { waiting: t('waiting'), reading: t('reading …'), failed: t('could not be read'), cancelled: t('cancelled') },
    found: (row) => verdictOf(row.server.state()),
  };
}
