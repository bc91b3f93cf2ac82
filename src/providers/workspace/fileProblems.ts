import * as vscode from 'vscode';
import type { Range } from '../../inventory/range.ts';
import { DisposableStore } from '../disposables.ts';
import type { Fleet } from '../fleet.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { ServersFiles } from './serversFiles.ts';

const severities = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning } as const;

/** Shows a servers file's problems, and the findings of its connected servers, where they belong in the file. */
export class FileProblems implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #problems = this.#store.add(vscode.languages.createDiagnosticCollection('entraConnect'));
  readonly #files: ServersFiles;
  readonly #fleet: Fleet;

  constructor(files: ServersFiles, fleet: Fleet) {
    this.#files = files;
    this.#fleet = fleet;
    this.#store.add(files.onDidChange(() => { this.#show(); }));
    this.#store.add(fleet.onDidChangeDiagnosis(() => { this.#show(); }));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #show(): void {
    this.#problems.clear();
    for (const file of this.#files.files) {
      const own = file.content.problems.map((problem) => diagnostic(problem.range, problem.message, severities[problem.severity], problem.code));
      const found = this.#fleet.ownersOf(file.uri).flatMap(({ owner, entry }) => (owner.state.diagnosis?.findings ?? [])
        .filter((finding) => finding.severity === 'error' || finding.severity === 'warning')
        .map((finding) => diagnostic(entry.nameRange, `${entry.name}: ${sanitizeLine(finding.title)}`, severities[finding.severity === 'error' ? 'error' : 'warning'], finding.id)));
      this.#problems.set(file.uri, [...own, ...found]);
    }
  }
}

function diagnostic(range: Range, message: string, severity: vscode.DiagnosticSeverity, code: string): vscode.Diagnostic {
  const shown = new vscode.Diagnostic(new vscode.Range(range.start.line, range.start.column, range.end.line, range.end.column), message, severity);
  shown.source = 'Entra Connect';
  shown.code = code;
  return shown;
}
