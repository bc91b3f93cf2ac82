import * as vscode from 'vscode';
import type { Member } from '../fleet.ts';
import { commands } from '../ids.ts';
import { holder } from '../memory.ts';
import { Prompts } from '../prompt/prompts.ts';
import { isTrusted } from './connectionCommands.ts';
import type { Register } from './register.ts';
import type { Targets } from './targets.ts';

/** Opens a server's prompt, turns it off, and gives the terminal profile its terminal. */
export function registerPromptCommands(register: Register, targets: Targets, context: vscode.ExtensionContext, isPractice: (member: Member) => boolean): void {
  const { t } = vscode.l10n;
  const prompts = new Prompts(context.workspaceState, () => holder(context.globalState));
  register(commands.prompt, async (element) => {
    if (!isTrusted()) return undefined;
    const forProfile = isToken(element);
    const member = await targets.one(forProfile ? undefined : element, t('Open Remote PowerShell'));
    if (member === undefined) return undefined;
    // A typed line could name this machine (`[IO.File]`, `switch -File`); the extension's own scripts cannot.
    if (isPractice(member)) {
      void vscode.window.showInformationMessage(t('{0} is simulated on this machine: only what the extension itself does is run there, so it has no prompt.', member.entry.name));
      return undefined;
    }
    if (!forProfile) {
      await prompts.open(member);
      return undefined;
    }
    const options = await prompts.options(member);
    return options && new vscode.TerminalProfile(options);
  });
  register(commands.promptOff, async (element) => {
    const member = await targets.one(element, t('Turn Off Remote PowerShell'));
    if (member !== undefined) await prompts.turnOff(member);
  });
}

/** A terminal profile is asked for with a cancellation token, a command with a node of the tree or nothing. */
function isToken(element: unknown): boolean {
  return typeof element === 'object' && element !== null && 'isCancellationRequested' in element;
}
