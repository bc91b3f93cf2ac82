import * as vscode from 'vscode';
import { stepIds, type StepId } from '../../connect/ids.ts';
import type { Member } from '../fleet.ts';
import { commands, planCommand, runnablePlans, stepCommand } from '../ids.ts';
import { heldBy, isRunning, unfinishedOf } from '../server/state.ts';
import type { Work } from '../server/owner.ts';
import { stepTitle } from '../tree/stepTitles.ts';
import { isTrusted } from './connectionCommands.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** Every step, every plan, the recommended plan, going on with an interrupted run, and the answers to a waiting task. */
export function registerWorkCommands(register: Register, targets: Targets): void {
  const { t } = vscode.l10n;
  for (const step of stepIds) {
    register(stepCommand(step), async (element) => {
      const member = await targets.one(element, stepTitle(step));
      if (member === undefined) return;
      const subject = targets.subject(element);
      const known = subject?.kind === 'step' && subject.step === step ? subject.target : undefined;
      const target = known ?? await chooseTarget(member, step);
      if (target !== undefined || step !== 'enter-connector-password') await startWork(member, { kind: 'step', step, target });
    });
  }
  for (const plan of runnablePlans) {
    register(planCommand(plan), async (element) => {
      const member = await targets.one(element, t('Run Plan'));
      if (member !== undefined) await startWork(member, { kind: 'plan', plan });
    });
  }
  register(commands.runRecommended, async (element) => {
    const member = await targets.one(element, t('Run Recommended Plan'));
    if (member === undefined || !isTrusted()) return;
    const subject = targets.subject(element);
    const asked = subject?.kind === 'finding' || subject?.kind === 'plan' ? subject.plan : undefined;
    if (asked === undefined && member.owner.state.diagnosis === undefined && !await member.owner.diagnose()) return;
    const plan = asked ?? member.owner.state.diagnosis?.plans[0]?.id;
    if (plan === undefined || plan === 'manual') void vscode.window.showInformationMessage(t('{0}: nothing found calls for a plan. What to do by hand stands under its findings.', member.entry.name));
    else await startWork(member, { kind: 'plan', plan });
  });
  register(commands.resumeRun, async (element) => {
    const member = await targets.one(element, t('Resume Run'), (one) => unfinishedOf(one.owner.state) !== undefined);
    if (member === undefined || !isTrusted() || !await read(member)) return;
    if (unfinishedOf(member.owner.state) === undefined) void vscode.window.showInformationMessage(t('{0} remembers no interrupted run.', member.entry.name));
    else await startWork(member, { kind: 'resume' });
  });
  register(commands.takeOver, async (element) => {
    const member = await targets.one(element, t('Take Over Run'), (one) => heldBy(one.owner.state) !== undefined);
    if (member === undefined || !isTrusted() || !await read(member)) return;
    const plan = member.owner.state.diagnosis?.plans[0]?.id;
    if (unfinishedOf(member.owner.state) !== undefined) await startWork(member, { kind: 'resume' }, true);
    else if (plan !== undefined && plan !== 'manual') await startWork(member, { kind: 'plan', plan }, true);
    else void vscode.window.showInformationMessage(t('{0}: there is no run to take over, and nothing found calls for a plan.', member.entry.name));
  });
  const waiting = (member: Member): boolean => member.owner.state.waiting !== undefined;
  register(commands.checkNow, async (element) => {
    for (const member of await targets.several(element, undefined, t('Check Now'), waiting)) member.owner.answer('check');
  });
  register(commands.giveUp, async (element) => {
    for (const member of await targets.several(element, undefined, t('Give Up'), waiting)) member.owner.answer('give-up');
  });
}

/** Makes sure that what the server remembers of runs is known; a run under way says so itself. */
async function read(member: Member): Promise<boolean> {
  return isRunning(member.owner.state) || member.owner.state.diagnosis !== undefined || await member.owner.diagnose();
}

/** Starts work on a server, unless a run is under way there or nothing may be started in this workspace. */
export async function startWork(member: Member, work: Work, takeOver = false): Promise<void> {
  if (!isTrusted()) return;
  if (isRunning(member.owner.state)) {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} has a run under way. One at a time: wait for it or cancel it.', member.entry.name));
    return;
  }
  await member.owner.run(work, takeOver);
}

/** The connector that a step is for, where it needs one. */
async function chooseTarget(member: Member, step: StepId): Promise<string | undefined> {
  if (step !== 'enter-connector-password') return undefined;
  if (member.owner.state.diagnosis === undefined) await member.owner.diagnose();
  const connectors = member.owner.state.diagnosis?.snapshot.connectors;
  const names = connectors?.known === true ? connectors.value.filter((connector) => connector.type === 'AD').map((connector) => connector.name) : [];
  if (names.length === 0) {
    return await vscode.window.showInputBox({ title: stepTitle(step), prompt: vscode.l10n.t('Name of the AD DS Connector, as Synchronization Service Manager shows it') });
  }
  return await vscode.window.showQuickPick(names, { title: stepTitle(step), placeHolder: vscode.l10n.t('Which connector?') });
}
