import * as vscode from 'vscode';
import type { Member } from '../fleet.ts';
import { commands } from '../ids.ts';
import type { EventViews } from '../events/eventViews.ts';
import { isTrusted } from './connectionCommands.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** The event log viewer: of servers, at the evidence of a finding, of a run or a step, since the password changed. */
export function registerEventCommands(register: Register, targets: Targets, views: EventViews): void {
  const { t } = vscode.l10n;
  register(commands.showEvents, async (element, elements) => {
    if (!isTrusted()) return;
    const members = await targets.several(element, elements, t('Show Events'), () => true);
    if (members.length > 0) await (await views.load()).events(members);
  });
  register(commands.showEvidence, async (element) => {
    const subject = targets.subject(element);
    if (subject?.kind !== 'evidence' || !isTrusted()) return;
    await (await views.load()).evidence(subject.member, subject.log, subject.recordId);
  });
  register(commands.showRunEvents, async (element) => {
    const subject = targets.subject(element);
    if (subject?.kind === 'run' && isTrusted()) await (await views.load()).run(subject.member, subject.run, undefined);
  });
  register(commands.showStepEvents, async (element) => {
    const subject = targets.subject(element);
    if (subject?.kind === 'step' && subject.run !== undefined && isTrusted()) await (await views.load()).run(subject.member, subject.run, subject.step);
  });
  register(commands.showEventsSincePassword, async (element) => {
    if (!isTrusted()) return;
    const member: Member | undefined = await targets.one(element, t('What Happened Since the Password Changed'));
    if (member !== undefined) await (await views.load()).sincePassword(member);
  });
  register(commands.saveSupportPackage, async (element) => {
    if (!isTrusted()) return;
    const member: Member | undefined = await targets.one(element, t('Save Support Package'));
    if (member !== undefined) await (await views.load()).supportPackage(member);
  });
}
