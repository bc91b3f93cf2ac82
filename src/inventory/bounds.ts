import { CST, Lexer } from 'yaml';
import type { ProblemList } from './problem.ts';

/** Longest text that is read, in UTF-16 units. */
export const longestText = 1024 * 1024;
/** Most lexical tokens: 5,000 servers with a handful of keys each, fewer with every key. */
export const mostTokens = 400_000;
/** Most brackets open at once, and most block indicators on one line; a valid file needs few. */
export const deepest = 32;
/** Widest indentation: block nesting takes at least one column a level. */
export const widestIndent = 200;

/**
 * Refuses what the YAML parser must not see: it works recursively, and takes the whole process down where the
 * nesting exhausts the stack. Looks at lexical tokens only, so nothing here nests. Returns whether the text may be parsed.
 */
export function withinBounds(text: string, problems: ProblemList): boolean {
  if (text.length > longestText) {
    problems.error('too-large', `The file is larger than ${longestText / 1024 / 1024} MiB and is not read.`, [0, 0]);
    return false;
  }
  let offset = 0;
  let tokens = 0;
  let brackets = 0;
  let lineStart = 0;
  let indent: number | undefined;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    // Marks that stand for no text.
    if (type === 'doc-mode' || type === 'flow-error-end' || type === 'scalar') continue;
    tokens += 1;
    if (tokens > mostTokens) {
      problems.error('too-large', 'The file holds too much to be a servers file and is not read.', [0, 0]);
      return false;
    }
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') brackets = Math.max(0, brackets - 1);
    else if (brackets === 0 && (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind')) indicators += 1;
    if (indent === undefined && type !== 'space' && type !== 'newline' && type !== 'comment') indent = offset - lineStart;
    if (brackets > deepest || indicators > deepest || (indent ?? 0) > widestIndent) {
      problems.error('too-deep', 'Nested too deep for a servers file; it is not read.', [offset, offset + token.length]);
      return false;
    }
    const ending = token.lastIndexOf('\n');
    if (ending >= 0) {
      lineStart = offset + ending + 1;
      indicators = 0;
      indent = undefined;
    }
    offset += token.length;
  }
  return true;
}
