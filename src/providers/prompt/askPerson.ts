import * as vscode from 'vscode';
import type { Member } from '../fleet.ts';
import { startWork } from '../commands/workCommands.ts';
import { sanitize, sanitizeLine } from '../terminal/sanitize.ts';
import { remedies, type DangerId } from './dangerRules.ts';
import { dangerText, remedyTitle } from './dangerTexts.ts';

/** Asks before a dangerous command runs; offers what does the same with its checks. True: run it all the same. */
export async function confirmDanger(member: Member, script: string, dangers: readonly DangerId[]): Promise<boolean> {
  const { t } = vscode.l10n;
  const run = t('Run Anyway');
  const safer = dangers.find((danger) => remedies[danger] !== undefined);
  const title = safer === undefined ? undefined : remedyTitle(safer);
  // A modal is no place for a secret.
  const shown = dangers.includes('secret') ? [] : [`${sanitizeLine(script, 300)}\n`];
  const advice = title === undefined ? [] : [`\n${t('“{0}” does this with its checks, says what it found, and leaves a record.', title)}`];
  const answer = await vscode.window.showWarningMessage(t('Run this on {0}?', serverTitle(member)), {
    modal: true, detail: [...shown, ...dangers.map((danger) => `• ${dangerText(danger)}`), ...advice].join('\n'),
  }, ...(title === undefined ? [run] : [title, run]));
  if (answer !== undefined && answer === title && safer !== undefined) {
    const work = remedies[safer];
    if (work !== undefined) void startWork(member, work.kind === 'plan' ? work : { ...work, target: undefined });
  }
  return answer === run;
}

/** Asks once before several pasted lines are put in. */
export async function confirmPaste(member: Member, text: string, lines: number): Promise<boolean> {
  const { t } = vscode.l10n;
  const paste = t('Paste');
  const head = sanitize(text.slice(0, 1500)).split('\n').slice(0, 12);
  const answer = await vscode.window.showWarningMessage(t('Paste {0} lines into the prompt of {1}?', lines, serverTitle(member)), {
    modal: true, detail: `${head.join('\n')}${head.length < lines ? '\n…' : ''}\n\n${t('They become one command. Nothing runs before you press Enter.')}`,
  }, paste);
  return answer === paste;
}

/** The name of the servers file, and the server's own where it is known: a label is no identity. */
export function serverTitle(member: Member): string {
  const { connection } = member.owner.state;
  const own = connection.kind === 'connected' ? sanitizeLine(connection.peer.computerName, 60) : '';
  return own === '' || own.toLowerCase() === member.entry.name.toLowerCase() ? member.entry.name : `${member.entry.name} (${own})`;
}
