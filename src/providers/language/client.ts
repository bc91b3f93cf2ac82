import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { Disposable } from '../disposables.ts';

/** Where the language server's problems go. */
export type Published = (uri: vscode.Uri, problems: readonly vscode.Diagnostic[]) => unknown;

/**
 * Starts the language server: a process of its own on the editor's own runtime, spoken to over Node's channel. What it finds goes to
 * the one collection that also holds the findings, so that nothing is listed twice.
 * It imports nothing of ours at run time, so that it stays one file.
 * @param server path of the built server
 */
export async function startLanguageClient(server: string, { language, moveSecretCommand }: { readonly language: string; readonly moveSecretCommand: string }, log: vscode.LogOutputChannel, published: Published): Promise<Disposable> {
  const module = { module: server, transport: TransportKind.ipc };
  const client = new LanguageClient(language, 'Entra Connect servers files', { run: module, debug: module }, {
    documentSelector: [{ language }],
    initializationOptions: { moveSecretCommand },
    outputChannel: log,
    middleware: { handleDiagnostics: (uri, problems) => { published(uri, problems); } },
  });
  await client.start();
  return { dispose: () => client.dispose() };
}
