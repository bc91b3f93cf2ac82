import * as vscode from 'vscode';
import { adDsTexts } from '../../connect/ad-ds-text.ts';
import type { StepId } from '../../connect/ids.ts';
import type { Confirmation, CredentialRequest, PersonTask, Question, SecretRequest, TextRequest } from '../../connect/person.ts';
import type { RunOptions } from '../../connect/run.ts';
import { adDsWays, type AdDsWay } from '../../connect/step.ts';
import type { SecureString } from '../../session.ts';
import { settings } from '../ids.ts';
import { inputBox, pickOne } from './dialogs.ts';
import type { OwnerPerson } from '../server/owner.ts';
import type { PasswordName, Passwords } from './passwords.ts';
import type { WaitingTask } from './waiting.ts';
import { ansi, paint } from '../terminal/ansi.ts';
import { sanitize } from '../terminal/sanitize.ts';

/** Where the person's work is shown besides the dialogs. */
export interface PersonSurface {
  /** Prints to the server's terminal. */
  print(text: string): void;
  /** Shows the waiting task in the tree until undefined takes it away. */
  waiting(task: WaitingTask | undefined): void;
  /** A practice server has no Synchronization Service Manager to click in. */
  readonly practice: boolean;
}

/** The person in front of the editor, for one server: modal confirmations, password boxes, quick picks and notifications. */
export class EditorPerson implements OwnerPerson {
  readonly #server: string;
  readonly #passwords: Passwords;
  readonly #surface: PersonSurface;
  readonly #typed: { readonly name: PasswordName; readonly password: SecureString }[] = [];
  readonly #kept: PasswordName[] = [];

  constructor(server: string, passwords: Passwords, surface: PersonSurface) {
    this.#server = server;
    this.#passwords = passwords;
    this.#surface = surface;
  }

  async confirm(request: Confirmation, signal: AbortSignal): Promise<boolean> {
    this.#surface.print(confirmationText(request));
    const lines = [...request.changes.map(bullet), '', request.irreversible ? `⚠ ${request.undo}` : request.undo];
    const answer = await vscode.window.showWarningMessage(`${this.#server}: ${request.title}`, { modal: true, detail: lines.join('\n') }, request.action);
    if (answer !== request.action || signal.aborted) return false;
    return request.typedName === undefined || await this.#typeName(request.title, request.typedName, signal);
  }

  /** Asked only where the setting says so: the supported way is taken without a word, and the others are chosen for one run. */
  async adDsWay(work: RunOptions['work']): Promise<AdDsWay | undefined> {
    const { practice } = this.#surface;
    const asks = practice || vscode.workspace.getConfiguration(settings.section).get<string>(settings.adDsEntry, 'guided') === 'ask';
    if (!asks || !stepsOf(work).includes('enter-connector-password')) return 'guided';
    const title = vscode.l10n.t('{0}: How are AD DS Connector passwords entered in this run?', this.#server);
    const prompt = practice ? vscode.l10n.t('A practice server has no Synchronization Service Manager; on a real server that is the supported way') : vscode.l10n.t('The choice counts for this run only');
    const ways = adDsWays.filter((way) => !practice || way !== 'guided');
    const chosen = await pickOne(title, prompt, ways.map((id) => ({ id, ...adDsTexts[id] })), new AbortController().signal);
    return ways.find((way) => way === chosen);
  }

  /** Offers to keep the credentials that worked; forgets kept ones that did not. */
  async finished(good: boolean): Promise<void> {
    if (!good) await this.#passwords.forget((name) => this.#kept.some((kept) => kept.server === name.server && kept.account === name.account && kept.purpose === name.purpose));
    for (const { name, password } of good ? this.#typed : []) await this.#passwords.offer(name, password);
  }

  /** Always asked, never kept: a service's new password is given once, and an old one given again would be the next fault. */
  async secret(request: SecretRequest, signal: AbortSignal): Promise<SecureString | undefined> {
    return await this.#passwords.ask(`${this.#server}: ${request.title}`, request.prompt, signal);
  }

  async credential(request: CredentialRequest, signal: AbortSignal): Promise<{ userName: string; password: SecureString } | undefined> {
    const title = `${this.#server}: ${request.title}`;
    const userName = await inputBox({ title, prompt: request.prompt, value: request.suggestedUserName ?? '' }, signal);
    if (userName === undefined || userName.trim() === '') return undefined;
    const name = { server: this.#server, purpose: 'account' as const, account: userName.trim() };
    const kept = await this.#passwords.find(name);
    if (kept !== undefined) {
      this.#kept.push(name);
      return { userName: name.account, password: kept };
    }
    const password = await this.#passwords.ask(title, vscode.l10n.t('Password of {0}', name.account), signal);
    if (password === undefined) return undefined;
    this.#typed.push({ name, password });
    return { userName: name.account, password };
  }

  async text(request: TextRequest, signal: AbortSignal): Promise<string | undefined> {
    const typed = await inputBox({
      title: `${this.#server}: ${request.title}`,
      prompt: request.prompt,
      validateInput: (value) => value.trim().length >= request.least ? undefined : { message: vscode.l10n.t('Write at least {0} characters.', request.least), severity: vscode.InputBoxValidationSeverity.Error },
    }, signal);
    return typed?.trim();
  }

  choose(request: Question, signal: AbortSignal): Promise<string | undefined> {
    return pickOne(`${this.#server}: ${request.title}`, request.prompt, request.answers, signal);
  }

  async waitFor(task: PersonTask, signal: AbortSignal): Promise<'check' | 'give-up'> {
    this.#surface.print(taskText(task));
    const over = new AbortController();
    try {
      return await new Promise((resolve) => {
        this.#surface.waiting({ task, answer: resolve });
        // The step saw the proof by itself: going on is checking now.
        signal.addEventListener('abort', () => { resolve('check'); }, { once: true });
        if (signal.aborted) resolve('check');
        this.#showWaiting(task.title, over.signal, () => { resolve('give-up'); });
      });
    } finally {
      over.abort();
      this.#surface.waiting(undefined);
    }
  }

  /** A notification that stays as long as the wait and goes with it; the tree and the palette have "Check Now". */
  #showWaiting(title: string, over: AbortSignal, giveUp: () => void): void {
    const text = vscode.l10n.t('{0}: {1}. The steps are in its terminal, and it goes on by itself. Cancelling gives up.', this.#server, title);
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: text, cancellable: true }, (_progress, token) => new Promise<void>((done) => {
      token.onCancellationRequested(giveUp);
      over.addEventListener('abort', () => { done(); }, { once: true });
      if (over.aborted) done();
    }));
  }

  async #typeName(title: string, name: string, signal: AbortSignal): Promise<boolean> {
    const typed = await inputBox({
      title: `${this.#server}: ${title}`,
      prompt: vscode.l10n.t('Type the name that the server reports, {0}, to go on.', name),
      validateInput: (value) => value === name ? undefined : { message: vscode.l10n.t('Type {0} exactly.', name), severity: vscode.InputBoxValidationSeverity.Error },
    }, signal);
    return typed === name;
  }
}

/** A list's line; numbered ones need no sign of their own. */
function bullet(line: string): string {
  return /^\d+\. /.test(line) ? line : `• ${line}`;
}

function confirmationText(request: Confirmation): string {
  const changes = request.changes.map((change) => `  ${sanitize(bullet(change))}\n`).join('');
  const undo = paint(`  ${request.irreversible ? '⚠ ' : ''}${sanitize(request.undo)}\n`, request.irreversible ? ansi.red : ansi.dim);
  return `${paint(sanitize(request.title), ansi.yellow)}\n${changes}${undo}`;
}

function taskText(task: PersonTask): string {
  const clicks = task.instructions.map((line, index) => `  ${index + 1}. ${sanitize(line)}\n`).join('');
  return `${paint(sanitize(task.title), ansi.yellow, ansi.bold)}\n${clicks}${paint(`  ${sanitize(task.proof)}\n`, ansi.dim)}`;
}

/** The steps that a run is to take, as far as that is known before it begins. */
function stepsOf(work: RunOptions['work']): readonly StepId[] {
  switch (work.kind) {
    case 'step': return [work.step];
    case 'plan': return work.plan.steps.map(({ step }) => step);
    case 'resume': return work.record.steps.filter(({ state }) => state !== 'done' && state !== 'skipped').map(({ step }) => step);
  }
}
