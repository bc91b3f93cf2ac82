import type { Range as LspRange } from 'vscode-languageserver-types';
import type { Range } from '../range.ts';

/** A range of the parser as the protocol has it. */
export function toLsp({ start, end }: Range): LspRange {
  return { start: { line: start.line, character: start.column }, end: { line: end.line, character: end.column } };
}

/** Whether a position lies in a range or at its end. */
export function holds({ start, end }: LspRange, at: { readonly line: number; readonly character: number }): boolean {
  const after = at.line > start.line || (at.line === start.line && at.character >= start.character);
  return after && (at.line < end.line || (at.line === end.line && at.character <= end.character));
}
