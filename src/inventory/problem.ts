import type { LineIndex, Range } from './range.ts';

export type ProblemCode =
  | 'too-large'
  | 'too-deep'
  | 'syntax'
  | 'several-documents'
  | 'alias'
  | 'version'
  | 'wrong-type'
  | 'bad-value'
  | 'unknown-key'
  | 'misplaced-key'
  | 'duplicate-key'
  | 'secret-in-file'
  | 'executable-in-file'
  | 'missing-key'
  | 'duplicate-server'
  | 'duplicate-group'
  | 'no-effect'
  | 'contradiction'
  | 'basic-over-http'
  | 'unknown-jump'
  | 'jump-cycle'
  | 'missing-file'
  | 'too-many';

/** One thing that is wrong in a servers file. The message never repeats a value of the file. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: ProblemCode;
  readonly message: string;
  readonly range: Range;
  /** What to write instead of the text in `range`, where one is near: for a quick fix. */
  readonly suggestion?: string;
}

/** Most problems that are reported for one file. */
export const mostProblems = 200;

/** Collects problems, up to a limit. */
export class ProblemList {
  readonly items: Problem[] = [];
  readonly lines: LineIndex;
  /** How many errors were found, reported or not. */
  errors = 0;

  constructor(lines: LineIndex) {
    this.lines = lines;
  }

  error(code: ProblemCode, message: string, at: readonly [number, number], suggestion?: string): void {
    this.errors += 1;
    this.#add('error', code, message, at, suggestion);
  }

  warning(code: ProblemCode, message: string, at: readonly [number, number], suggestion?: string): void {
    this.#add('warning', code, message, at, suggestion);
  }

  #add(severity: Problem['severity'], code: ProblemCode, message: string, at: readonly [number, number], suggestion: string | undefined): void {
    if (this.items.length > mostProblems) return;
    const range = this.lines.range(at[0], at[1]);
    if (this.items.length === mostProblems) this.items.push({ severity: 'error', code: 'too-many', message: `More than ${mostProblems} problems; the rest is not shown.`, range });
    else this.items.push({ severity, code, message, range, ...(suggestion === undefined ? {} : { suggestion }) });
  }
}
