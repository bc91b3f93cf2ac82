import * as vscode from 'vscode';
import { documentScheme } from './ids.ts';
import { DisposableStore } from './disposables.ts';

/** Text shown as a read-only document. */
export interface DocumentSource {
  text(): string | Promise<string>;
  onDidChange?: vscode.Event<void>;
}

/** Transcripts and change records as virtual documents: `entra-connect:/NAME`. They hold no secrets and are never saved. */
export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #sources = new Map<string, { readonly source: DocumentSource; readonly heard: vscode.Disposable | undefined }>();

  constructor() {
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(documentScheme, this));
  }

  /** Opens the source's text beside what is there; a second call shows the same document again, with the text of its source. */
  async open(name: string, source: DocumentSource): Promise<void> {
    const uri = uriOf(name);
    const key = uri.toString();
    this.#sources.get(key)?.heard?.dispose();
    this.#sources.set(key, { source, heard: source.onDidChange?.(() => { if (isShown(key)) this.#changed.fire(uri); }) });
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  /** Closes a document whose text is gone for good. */
  async close(name: string): Promise<void> {
    const key = uriOf(name).toString();
    this.#sources.get(key)?.heard?.dispose();
    this.#sources.delete(key);
    await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === key), true);
  }

  provideTextDocumentContent(uri: vscode.Uri): Promise<string> | string {
    return this.#sources.get(uri.toString())?.source.text() ?? vscode.l10n.t('This text is gone: it belonged to an earlier window.');
  }

  dispose(): void {
    for (const { heard } of this.#sources.values()) heard?.dispose();
    this.#store.dispose();
  }
}

function uriOf(name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path: `/${name.replaceAll('/', '_')}` });
}

function isShown(key: string): boolean {
  return vscode.window.visibleTextEditors.some((editor) => editor.document.uri.toString() === key);
}
