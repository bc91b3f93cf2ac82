import * as vscode from 'vscode';
import type { Range } from '../../inventory/range.ts';
import { DisposableStore } from '../disposables.ts';
import type { Fleet } from '../fleet.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { LoadedFile, ServersFiles } from './serversFiles.ts';

const severities = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning } as const;

/**
 * Shows a servers file's problems, and the findings of its connected servers, where they belong in the file. While a file is open
 * the language server says what is wrong in it; this is the only collection, so nothing is listed twice.
 */
export class FileProblems implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #problems = this.#store.add(vscode.languages.createDiagnosticCollection('entraConnect'));
  readonly #served = new Map<string, readonly vscode.Diagnostic[]>();
  readonly #files: ServersFiles;
  readonly #fleet: Fleet;

  constructor(files: ServersFiles, fleet: Fleet) {
    this.#files = files;
    this.#fleet = fleet;
    this.#store.add(files.onDidChange(() => { this.#showAll(); }));
    this.#store.add(fleet.onDidChangeDiagnosis((member) => { this.#show(member.file); }));
    this.#showAll();
    this.#store.add(vscode.workspace.onDidCloseTextDocument((document) => { if (this.#served.delete(document.uri.toString())) this.#show(document.uri); }));
  }

  /** Takes what the language server says about an open file. */
  served(uri: vscode.Uri, problems: readonly vscode.Diagnostic[]): void {
    const open = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    if (open) this.#served.set(uri.toString(), problems);
    else this.#served.delete(uri.toString());
    this.#show(uri);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #showAll(): void {
    const known = new Set([...this.#files.files.map(({ uri }) => uri.toString()), ...this.#served.keys()]);
    this.#problems.forEach((uri) => { if (!known.has(uri.toString())) this.#problems.delete(uri); });
    for (const { uri } of this.#files.files) this.#show(uri);
  }

  #show(uri: vscode.Uri): void {
    const file = this.#files.files.find((one) => one.uri.toString() === uri.toString());
    const own = this.#served.get(uri.toString()) ?? file?.content.problems.map((problem) => diagnostic(problem.range, problem.message, severities[problem.severity], problem.code)) ?? [];
    this.#problems.set(uri, [...own, ...file === undefined ? [] : this.#findings(file)]);
  }

  #findings(file: LoadedFile): vscode.Diagnostic[] {
    return this.#fleet.ownersOf(file.uri).flatMap(({ owner, entry }) => (owner.state.diagnosis?.findings ?? [])
      .filter((finding) => finding.severity === 'error' || finding.severity === 'warning')
      .map((finding) => diagnostic(entry.nameRange, `${entry.name}: ${sanitizeLine(finding.title)}`, severities[finding.severity === 'error' ? 'error' : 'warning'], finding.id)));
  }
}

function diagnostic(range: Range, message: string, severity: vscode.DiagnosticSeverity, code: string): vscode.Diagnostic {
  const shown = new vscode.Diagnostic(new vscode.Range(range.start.line, range.start.column, range.end.line, range.end.column), message, severity);
  shown.source = 'Entra Connect';
  shown.code = code;
  return shown;
}
