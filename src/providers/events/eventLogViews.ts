import * as vscode from 'vscode';
import type { Journals } from '../../storage/journals.ts';
import type { EventRef } from '../../events/protocol.ts';
import type { StepId } from '../../connect/ids.ts';
import { readJournal } from '../../connect/report/read-journal.ts';
import type { Fleet, Member } from '../fleet.ts';
import type { RedactingLogger } from '../logger.ts';
import type { Diagnosis } from '../server/state.ts';
import { saveSupportPackage } from '../support/savePackage.ts';
import { EventLogPanels } from './eventLogPanels.ts';
import { openEventFile } from './eventFile.ts';
import { KeptPages } from './keptPages.ts';
import { sincePasswordChange, windowFilter, windowOfRun, windowOfStep } from './windows.ts';

const { t } = vscode.l10n;

/** What leads into the viewer: servers, evidence, runs, steps, the change of a password, an exported file. */
export class EventLogViews implements vscode.Disposable {
  readonly #panels: EventLogPanels;
  readonly #extension: vscode.Uri;
  readonly #fleet: Fleet;
  readonly #journals: Journals;
  readonly #log: RedactingLogger;
  readonly #heard: vscode.Disposable;

  constructor(extension: vscode.Uri, fleet: Fleet, journals: Journals, log: RedactingLogger, memento: vscode.Memento) {
    this.#extension = extension;
    this.#fleet = fleet;
    this.#journals = journals;
    this.#log = log;
    this.#panels = new EventLogPanels(extension, log, new KeptPages(memento));
    this.#heard = fleet.onDidChangeDiagnosis((member) => { this.#panels.diagnosed(member); });
  }

  /** The events of one server, or of several in one timeline. */
  async events(members: readonly Member[]): Promise<void> {
    await this.#panels.show(members);
  }

  /** The very row that a finding rests on. */
  async evidence(member: Member, log: string, recordId: number): Promise<void> {
    const ref: EventRef = { server: member.entry.name, log, recordId };
    await this.#panels.show([member], { terms: [] }, ref);
  }

  /** What the server wrote while a run, or one step of it, was at work. */
  async run(member: Member, run: string, step: StepId | undefined): Promise<void> {
    let diagnosis = await this.#diagnosis(member);
    let window = diagnosis === undefined ? undefined : windowOfRun(diagnosis, run);
    if (window === undefined) {
      // What is known may be older than the run: the server is read again, or the reading under way is waited for.
      await member.owner.diagnose();
      diagnosis = member.owner.state.diagnosis;
      window = diagnosis === undefined ? undefined : windowOfRun(diagnosis, run);
    }
    if (window === undefined) {
      void vscode.window.showInformationMessage(t('{0} does not remember this run. Its events cannot be told from others.', member.entry.name));
      return;
    }
    const part = step === undefined ? window : windowOfStep(window, readJournal(await this.#journals.read(run)), step);
    await this.#panels.show([member], windowFilter(part, undefined));
  }

  /** Everything since the password of the service account was changed or reset. */
  async sincePassword(member: Member): Promise<void> {
    const diagnosis = await this.#diagnosis(member);
    const found = diagnosis === undefined ? undefined : sincePasswordChange(diagnosis);
    if (found === undefined) {
      void vscode.window.showInformationMessage(t('{0}: nothing on record tells when the password was changed. The events are shown as they are.', member.entry.name));
      await this.events([member]);
      return;
    }
    if (found.by === 'first-failure') void vscode.window.showInformationMessage(t('{0}: the Security log does not hold the change of the password. Events are shown from the first failure on.', member.entry.name));
    await this.#panels.show([member], windowFilter(found.window, undefined));
  }

  /** A tab of an earlier window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.#panels.restore(panel, state, this.#fleet.members);
  }

  /** An exported file in the same page. */
  async file(uri: vscode.Uri, panel: vscode.WebviewPanel): Promise<void> {
    await openEventFile(uri, panel, this.#extension, this.#log);
  }

  /** One file about a server, for whoever helps. */
  async supportPackage(member: Member): Promise<void> {
    await saveSupportPackage(member, this.#journals, this.#log);
  }

  dispose(): void {
    this.#heard.dispose();
    this.#panels.dispose();
  }

  async #diagnosis(member: Member): Promise<Diagnosis | undefined> {
    if (member.owner.state.diagnosis === undefined) await member.owner.diagnose();
    return member.owner.state.diagnosis;
  }
}
