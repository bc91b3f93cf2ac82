import * as vscode from 'vscode';
import type { Member } from '../fleet.ts';

/** For which servers of this workspace somebody turned Remote PowerShell on. An entry that leads elsewhere now has to be turned on anew. */
export class PromptConsent {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Whether it is on. */
  given(member: Member): boolean {
    return this.#memory.get<string>(keyOf(member)) === placeOf(member);
  }

  /** Asks where it is off; true: it is on now. */
  async ask(member: Member): Promise<boolean> {
    if (this.given(member)) return true;
    const { t } = vscode.l10n;
    const on = t('Turn On');
    const place = placeOf(member);
    const answer = await vscode.window.showWarningMessage(t('Turn on Remote PowerShell for {0}?', member.entry.name), {
      modal: true,
      detail: t('What you type in it runs on {0} with all rights of your account there. No step checks it first, nothing asks for the server\'s name, and no run records it. Commands that are known to be dangerous are asked about; others are not. It can be turned off again.', place),
    }, on);
    if (answer !== on) return false;
    await this.#memory.update(keyOf(member), place);
    return true;
  }

  /** Turns it off. */
  async withdraw(member: Member): Promise<void> {
    await this.#memory.update(keyOf(member), undefined);
  }
}

const keyOf = (member: Member): string => `remotePowerShell:${member.key}`;
/** Where the entry leads: what was agreed to counts for this place alone. */
function placeOf(member: Member): string {
  const { user, host, port } = member.owner.server.target;
  return `${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`;
}
