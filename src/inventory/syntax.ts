import { parseAllDocuments, type ErrorCode, type Node } from 'yaml';
import { withinBounds } from './bounds.ts';
import type { ProblemList } from './problem.ts';

/** What the parser's codes mean, without the text of the file that its own messages quote: it may hold a secret. */
const sentences: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'An alias is not written correctly.',
  BAD_DIRECTIVE: 'This directive is not known.',
  BAD_DQ_ESCAPE: 'An escape sequence in double quotes is not known; Windows paths need single quotes.',
  BAD_INDENT: 'The indentation does not fit what is above.',
  BAD_SCALAR_START: 'A plain value cannot start with this character; put it in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'A key and its value cannot both stand here on one line; is a line break missing?',
  BLOCK_IN_FLOW: 'A block cannot stand inside brackets.',
  KEY_OVER_1024_CHARS: 'A key is too long.',
  MISSING_CHAR: 'A character is missing: a closing quote, bracket, or comma, or the space after a colon.',
  MULTILINE_IMPLICIT_KEY: 'A key must stand on one line; is a colon missing?',
  TAB_AS_INDENT: 'Tabs cannot indent; use spaces.',
  TAG_RESOLVE_FAILED: 'This tag is not known.',
  UNEXPECTED_TOKEN: 'This is not expected here.',
};

/**
 * The root of a YAML text as yaml's document model, with syntax problems reported at their places.
 * Undefined where the text is empty or must not be parsed. Never throws.
 */
export function parseSyntax(text: string, problems: ProblemList): Node | undefined {
  if (!withinBounds(text, problems)) return undefined;
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    // uniqueKeys compares each key with each other one; duplicates are found by the reader.
    documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', version: '1.2' });
  } catch {
    problems.error('syntax', 'This is not YAML that can be read.', [0, 0]);
    return undefined;
  }
  if (!Array.isArray(documents)) return undefined;
  const [first, second] = documents;
  if (first === undefined) return undefined;
  const seen = new Set<number>();
  for (const error of [...first.errors, ...first.warnings]) {
    // One mistake often gives several errors at one place.
    if (seen.has(error.pos[0])) continue;
    seen.add(error.pos[0]);
    const sentence = sentences[error.code] ?? 'This is not valid YAML.';
    if (error.name === 'YAMLWarning') problems.warning('syntax', sentence, error.pos);
    else problems.error('syntax', sentence, error.pos);
  }
  if (second !== undefined) {
    const start = second.range?.[0] ?? 0;
    problems.error('several-documents', 'A servers file is one YAML document; what follows this line is not read.', [start, Math.min(start + 3, text.length)]);
  }
  return first.contents ?? undefined;
}
