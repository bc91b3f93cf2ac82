import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import type { NamedPath } from '../parse.ts';
import type { Problem } from '../problem.ts';
import { toLsp } from './ranges.ts';

/** Who says it, as the Problems view shows it. */
export const source = 'Entra Connect';

/** A problem as the protocol has it; `data` is what a quick fix needs. */
export function diagnosticOf(problem: Problem): Diagnostic {
  return {
    range: toLsp(problem.range), message: problem.message, code: problem.code, source,
    severity: problem.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    ...(problem.suggestion === undefined ? {} : { data: { suggestion: problem.suggestion } }),
  };
}

/** Most files that are looked for on behalf of one servers file. */
export const mostPaths = 200;

/**
 * Warnings of files that are not on this machine. A network path is never looked for: asking for one alone would send this
 * account's log-on to whoever the file names.
 * @param exists whether a file of this path is there
 */
export async function missingFiles(paths: readonly NamedPath[], exists: (path: string) => Promise<boolean>): Promise<Diagnostic[]> {
  const local = paths.filter(({ path }) => !/^[\\/]{2}/.test(path));
  const distinct = [...new Set(local.map(({ path }) => path))].slice(0, mostPaths);
  const missing = new Set<string>();
  for (const path of distinct) if (!await exists(path)) missing.add(path);
  return local.filter(({ path }) => missing.has(path)).map(({ key, range }) => ({
    range: toLsp(range), severity: DiagnosticSeverity.Warning, code: 'missing-file', source,
    message: `The file that ${key} names is not on this machine, so connecting will fail here.`,
  }));
}
