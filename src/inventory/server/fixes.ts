import { CodeActionKind, type CodeAction, type Diagnostic, type TextEdit } from 'vscode-languageserver-types';
import type { ServersFile } from '../parse.ts';
import { holds, toLsp } from './ranges.ts';

/** What a fix is made from. */
export interface FixContext {
  readonly uri: string;
  readonly file: ServersFile;
  readonly text: string;
  readonly lines: readonly string[];
  /** Command of the client that moves a secret into its secret storage; it gets the file's address and the key's range. */
  readonly moveSecretCommand: string | undefined;
}

/** Quick fixes for the problems at a place. */
export function fixesFor(diagnostics: readonly Diagnostic[], context: FixContext): CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const edits = (title: string, changes: TextEdit[]): CodeAction => ({ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: true, edit: { changes: { [context.uri]: changes } } });
    const suggestion = suggestionOf(diagnostic);
    if (suggestion !== undefined) return [edits(`Change to ${suggestion}`, [{ range: diagnostic.range, newText: suggestion }])];
    switch (diagnostic.code) {
      case 'secret-in-file': {
        const { moveSecretCommand: command } = context;
        const title = 'Move the secret to the editor\'s secret storage';
        return command === undefined ? [] : [{ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: true, command: { title, command, arguments: [context.uri, diagnostic.range] } }];
      }
      case 'basic-over-http': {
        const changes = overHttps(diagnostic, context);
        return changes === undefined ? [] : [edits('Switch to https', changes)];
      }
      case 'version': {
        const start = { line: 0, character: 0 };
        return context.lines.some((line) => /^version\s*:/.test(line)) ? [] : [edits('Add version: 1', [{ range: { start, end: start }, newText: 'version: 1\n' }])];
      }
      default: return [];
    }
  });
}

function suggestionOf(diagnostic: Diagnostic): string | undefined {
  const data: unknown = diagnostic.data;
  const suggestion = typeof data === 'object' && data !== null && 'suggestion' in data ? data.suggestion : undefined;
  return typeof suggestion === 'string' ? suggestion : undefined;
}

/** Says https where the entry says http, else behind the key that stands for it. */
function overHttps(diagnostic: Diagnostic, { file, lines, text }: FixContext): TextEdit[] | undefined {
  const entry = file.servers.find(({ range }) => holds(toLsp(range), diagnostic.range.start));
  const scheme = entry?.keys.get('scheme');
  if (scheme !== undefined && /^["']?scheme\b/.test(text.slice(scheme.start.offset))) return [{ range: toLsp(scheme), newText: 'scheme: https' }];
  const [before] = ['auth', 'host', 'name'].map((key) => entry?.keys.get(key)).filter((range) => range !== undefined && /^["']?(?:auth|host|name)\b/.test(text.slice(range.start.offset)));
  if (before === undefined) return undefined;
  const inBraces = (lines[before.start.line] ?? '').slice(0, before.start.column).includes('{');
  const at = toLsp(before).end;
  return [{ range: { start: at, end: at }, newText: inBraces ? ', scheme: https' : `\n${' '.repeat(before.start.column)}scheme: https` }];
}
