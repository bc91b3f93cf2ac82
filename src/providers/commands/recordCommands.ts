import * as vscode from 'vscode';
import { isTicket } from '../../connect/report/ticket.ts';
import type { Clock } from '../../connect/server.ts';
import type { Member } from '../fleet.ts';
import { commands } from '../ids.ts';
import { isRunning } from '../server/state.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { stateWord } from '../tree/stateWords.ts';
import { isTrusted } from './connectionCommands.ts';
import { exportRunbook } from './exportRunbook.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** Documents about work: a plan on paper, and the ticket that a run belongs to. */
export function registerRecordCommands(register: Register, targets: Targets, clock: Clock): void {
  const { t } = vscode.l10n;
  register(commands.exportRunbook, async (element) => {
    const member = await targets.one(element, t('Export Runbook'));
    if (member === undefined || !isTrusted()) return;
    const subject = targets.subject(element);
    const plan = subject?.kind === 'finding' || subject?.kind === 'plan' ? subject.plan : undefined;
    await exportRunbook(member, plan, clock);
  });
  register(commands.setTicket, async (element) => {
    const subject = targets.subject(element);
    const member = subject?.kind === 'run' ? subject.member : await targets.one(element, t('Set Ticket Number'), hasRuns);
    const run = subject?.kind === 'run' ? subject.run : member && await chooseRun(member);
    if (member === undefined || run === undefined) return;
    const ticket = await vscode.window.showInputBox({
      title: t('Set Ticket Number'), prompt: t('Number of the change or incident, for the change record of this run'), ignoreFocusOut: true,
      validateInput: (text) => isTicket(text) ? undefined : { message: t('One line of at most 64 characters.'), severity: vscode.InputBoxValidationSeverity.Error },
    });
    if (ticket === undefined) return;
    try {
      await member.owner.setTicket(run, ticket.trim());
    } catch {
      void vscode.window.showWarningMessage(t('The run has no journal on this machine, so it takes no ticket number here. It was begun elsewhere, or its journal was deleted.'));
    }
  });
}

function hasRuns(member: Member): boolean {
  return isRunning(member.owner.state) || member.owner.state.history.length > 0;
}

/** One of a server's runs, the one under way first. */
async function chooseRun(member: Member): Promise<string | undefined> {
  const { state } = member.owner;
  const live = isRunning(state) && state.run !== undefined ? [{ label: sanitizeLine(state.run.title, 120), description: vscode.l10n.t('under way'), run: state.run.id }] : [];
  const earlier = state.history.map((run) => ({ label: sanitizeLine(run.title, 120), description: `${stateWord(run.state)} · ${new Date(run.at).toLocaleString()}`, run: run.id }));
  const runs = [...live, ...earlier];
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0}: nothing was run from this workspace yet.', member.entry.name));
    return undefined;
  }
  return (await vscode.window.showQuickPick(runs, { title: vscode.l10n.t('Set Ticket Number'), placeHolder: vscode.l10n.t('Which run?') }))?.run;
}
