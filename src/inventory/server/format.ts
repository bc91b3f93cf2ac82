import { parseAllDocuments } from 'yaml';
import { longestText, withinBounds } from '../bounds.ts';
import { LineIndex } from '../range.ts';
import { ProblemList } from '../problem.ts';

/**
 * The same file with even indentation, by yaml's document model: comments, quotes, anchors and the order stay. Undefined where the
 * text has syntax errors, holds several documents, or is too large to be read.
 */
export function formatted(text: string, indent: number): string | undefined {
  if (text.length > longestText || !withinBounds(text, new ProblemList(new LineIndex('')))) return undefined;
  const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', version: '1.2' });
  if (!Array.isArray(documents) || documents.length !== 1) return undefined;
  const [document] = documents;
  if (document === undefined || document.errors.length > 0 || document.contents === null) return undefined;
  const made = document.toString({ lineWidth: 0, indent: Math.min(Math.max(indent, 2), 8), indentSeq: true, flowCollectionPadding: /\{ \S/.test(text) });
  return text.includes('\r\n') ? made.replace(/\r?\n/g, '\r\n') : made;
}
