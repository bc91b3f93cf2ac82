import * as vscode from 'vscode';
import { documentScheme } from '../ids.ts';
import { sectionsOf, type TranscriptSection } from './sections.ts';

/** Folding, outline, breadcrumbs and "Go to Symbol" of transcripts. */
export function registerTranscriptOutline(): vscode.Disposable {
  const transcripts = { scheme: documentScheme, pattern: '**/*.log' };
  return vscode.Disposable.from(
    vscode.languages.registerFoldingRangeProvider(transcripts, { provideFoldingRanges: (document) => sections(document).map(({ from, to }) => new vscode.FoldingRange(from, to)) }),
    vscode.languages.registerDocumentSymbolProvider(transcripts, {
      provideDocumentSymbols: (document) => sections(document).map(({ title, kind, from, to }) =>
        new vscode.DocumentSymbol(title, '', vscode.SymbolKind[kind === 'step' ? 'Event' : 'Function'], new vscode.Range(document.lineAt(from).range.start, document.lineAt(to).range.end), document.lineAt(from).range)),
    }),
  );
}

function sections(document: vscode.TextDocument): readonly TranscriptSection[] {
  return sectionsOf(document.getText().split('\n'));
}
