import * as vscode from 'vscode';
import type { Holder } from '../../connect/lock.ts';
import type { Member } from '../fleet.ts';
import { isRunning } from '../server/state.ts';
import { confirmDanger, confirmPaste } from './askPerson.ts';
import { PromptConsent } from './promptConsent.ts';
import { editorHost } from './promptHost.ts';
import type { PromptPorts } from './promptPorts.ts';
import { PromptTerminal } from './promptTerminal.ts';
import { whileLocked } from './whileLocked.ts';

/** The prompts of all servers: one terminal a server beside the one that runs are shown in, and more by the terminal profile. */
export class Prompts {
  readonly #consent: PromptConsent;
  readonly #holder: () => Holder;
  readonly #terminals = new Map<string, vscode.Terminal>();

  /** `memory` keeps for which servers it is on; `holder`: who holds a server's lock from here. */
  constructor(memory: vscode.Memento, holder: () => Holder) {
    this.#consent = new PromptConsent(memory);
    this.#holder = holder;
  }

  /** Shows the prompt of a server, making it where there is none; asks first where it is off. */
  async open(member: Member): Promise<void> {
    if (!await this.#consent.ask(member)) return;
    let terminal = this.#terminals.get(member.key);
    if (terminal === undefined) {
      terminal = vscode.window.createTerminal(this.#options(member, () => { this.#terminals.delete(member.key); }));
      this.#terminals.set(member.key, terminal);
    }
    terminal.show(false);
  }

  /** What one more terminal with a server's prompt is made from; undefined where it is off and stays so. */
  async options(member: Member): Promise<vscode.ExtensionTerminalOptions | undefined> {
    return await this.#consent.ask(member) ? this.#options(member, () => undefined) : undefined;
  }

  /** Turns a server's prompt off and closes it. */
  async turnOff(member: Member): Promise<void> {
    await this.#consent.withdraw(member);
    this.#terminals.get(member.key)?.dispose();
    void vscode.window.showInformationMessage(vscode.l10n.t('Remote PowerShell is off for {0}.', member.entry.name));
  }

  #options(member: Member, gone: () => void): vscode.ExtensionTerminalOptions {
    return { name: vscode.l10n.t('PowerShell: {0}', member.entry.name), pty: new PromptTerminal(this.#ports(member), member.terminal.transcript, gone), isTransient: true, iconPath: new vscode.ThemeIcon('terminal-powershell') };
  }

  #ports(member: Member): Omit<PromptPorts, 'left'> {
    const { t } = vscode.l10n;
    const { owner } = member;
    const server = member.entry.name;
    return {
      server,
      open: (signal) => owner.extraSession(signal),
      refusal: () => !this.#consent.given(member) ? t('Remote PowerShell was turned off for {0}. Open it again to turn it on; nothing was run.', server)
        : isRunning(owner.state) ? t('A run is under way on {0}, so nothing is run from here. Wait for it to end.', server) : undefined,
      confirm: (script, dangers) => confirmDanger(member, script, dangers),
      confirmPaste: (text, lines) => confirmPaste(member, text, lines),
      host: (script) => editorHost(server, script),
      locked: (work, signal) => whileLocked(owner, this.#holder(), work, signal),
      texts: {
        opening: t('Opening a PowerShell session on {0} …', server),
        opened: (who) => t('Connected: {0}. Tab completes, Ctrl+C stops, exit leaves.', who),
        stopping: t('^C  Stopping: waiting for the server to answer …'),
        dropping: t('^C  Dropping the connection.'),
        notRun: t('Not run.'),
        lost: (why) => t('The session ended, and its variables with it. The next command opens another one. {0}', why),
        tooLong: (limit) => t('Nothing was put in: a command may have {0} characters here.', limit),
        hidden: t('(a line with a secret)'),
        locking: t('Holding the server\'s lock while this runs …'),
      },
    };
  }
}
