import * as vscode from 'vscode';
import { isTrusted } from '../commands/connectionCommands.ts';
import { taskType } from '../ids.ts';
import { problemOf } from '../server/problem.ts';
import { needsAction } from '../server/state.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { verdictOf } from '../tree/verdict.ts';
import type { OutsideParts } from './parts.ts';

/** Most servers that the list of tasks offers; others are named in tasks.json. */
const taskLimit = 200;

/** A task for each server: it diagnoses, and ends with what was found as its exit code. */
export async function diagnoseTasks(parts: OutsideParts): Promise<vscode.Task[]> {
  await parts.files.load();
  return parts.fleet.members.slice(0, taskLimit).map(({ entry }) => diagnoseTask({ type: taskType, server: entry.name }, vscode.TaskScope.Workspace, parts));
}

/** The task that an entry of tasks.json describes; undefined where it names no server. */
export function resolveTask(task: vscode.Task, parts: OutsideParts): vscode.Task | undefined {
  const { definition } = task;
  if (typeof definition['server'] !== 'string') return undefined;
  // The editor wants its own definition back.
  return diagnoseTask(definition as ServerTask, task.scope ?? vscode.TaskScope.Workspace, parts);
}

interface ServerTask extends vscode.TaskDefinition { readonly server: string }

function diagnoseTask(definition: ServerTask, scope: vscode.WorkspaceFolder | vscode.TaskScope, parts: OutsideParts): vscode.Task {
  const name = vscode.l10n.t('Diagnose {0}', sanitizeLine(definition.server, 100));
  const task = new vscode.Task(definition, scope, name, 'Entra Connect', new vscode.CustomExecution(() => Promise.resolve(new DiagnoseTerminal(definition.server, parts))));
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false, panel: vscode.TaskPanelKind.Shared };
  return task;
}

/** Exit codes: nothing to do, could not be told, somebody has to act. */
const codes = { good: 0, failed: 1, action: 2 } as const;

/** The task's own terminal says how it ended; what the server says is in the server's. */
class DiagnoseTerminal implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly #server: string;
  readonly #parts: OutsideParts;
  #closed = false;
  /** Whose diagnosis this task waits for now. */
  #asked: OutsideParts['fleet']['members'][number] | undefined;

  constructor(server: string, parts: OutsideParts) {
    this.#server = server;
    this.#parts = parts;
  }

  open(): void {
    const failed = (error: unknown): number => {
      const { message, remedy } = problemOf(error);
      return this.#end(`${message} ${remedy}`, codes.failed);
    };
    void this.#run().catch(failed).then((code) => { if (!this.#closed) this.#close.fire(code); });
  }

  close(): void {
    this.#closed = true;
    // Whoever ends the task wants its diagnosis to end: not one that somebody began after it, and no run.
    this.#asked?.owner.cancelDiagnosis();
    this.#write.dispose();
    this.#close.dispose();
  }

  async #run(): Promise<number> {
    const { t } = vscode.l10n;
    await this.#parts.files.load();
    const member = this.#member();
    if (member === undefined) return this.#end(t('There is not exactly one server {0} in the servers files of this window.', sanitizeLine(this.#server, 100)), codes.failed);
    if (!isTrusted()) return this.#end(t('This workspace is not trusted: nothing is connected to.'), codes.failed);
    this.#line(t('Diagnosing {0}. What it says is in its own terminal.', sanitizeLine(member.entry.name, 100)));
    if (this.#closed) return codes.failed;
    this.#asked = member;
    const done = await member.owner.diagnose().finally(() => { this.#asked = undefined; });
    const { state } = member.owner;
    if (!done) return this.#end(state.problem === undefined ? t('Not diagnosed.') : `${state.problem.message} ${state.problem.remedy}`, codes.failed);
    for (const finding of state.diagnosis?.findings ?? []) this.#line(`${finding.severity}: ${finding.title}`);
    return this.#end(verdictOf(state), needsAction(state) ? codes.action : codes.good);
  }

  #member(): OutsideParts['fleet']['members'][number] | undefined {
    const found = this.#parts.fleet.members.filter(({ entry }) => entry.name === this.#server);
    return found.length === 1 ? found[0] : undefined;
  }

  #end(text: string, code: number): number {
    this.#line(text);
    return code;
  }

  #line(text: string): void {
    if (!this.#closed) this.#write.fire(`${sanitizeLine(text, 2000)}\r\n`);
  }
}
