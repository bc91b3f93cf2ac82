import { CodeActionKind, ResponseError, TextDocumentSyncKind, type Connection, type InitializeResult } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analyser } from './analyser.ts';
import { completionsAt } from './completion.ts';
import { diagnosticOf, missingFiles } from './diagnostics.ts';
import { fixesFor } from './fixes.ts';
import { formatted } from './format.ts';
import { hoverAt } from './hover.ts';
import { anchorOf, namedAt, refusesName } from './names.ts';
import { OpenFile } from './openFile.ts';
import { foldingOf, symbolsOf } from './symbols.ts';
import { tokenModifiers, tokensOf, tokenTypes } from './tokens.ts';

/** What the language server needs of the machine. */
export interface LanguageServerPorts {
  readonly analyser: Analyser;
  /** Whether a file is there. */
  readonly exists: (path: string) => Promise<boolean>;
}

/** What the client may send with `initialize`. */
export interface LanguageServerOptions {
  /** The client's command that moves a secret out of the file; without it that fix is not offered. */
  readonly moveSecretCommand?: string;
}

/** Milliseconds after the last keystroke until a file is read completely, and how much longer for each million characters. */
const pause = { least: 150, perMillion: 1000 };

/**
 * The language server of `*.connect.yaml`. Completion and hover look at the lines around only, so they are answered at once however
 * large the file is; everything else waits for the complete reading of the version that it was asked about.
 */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #ports: LanguageServerPorts;
  readonly #files = new Map<string, OpenFile>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #options: LanguageServerOptions = {};

  constructor(connection: Connection, ports: LanguageServerPorts) {
    this.#connection = connection;
    this.#ports = ports;
    connection.onInitialize(({ initializationOptions }) => this.#initialize(initializationOptions));
    connection.onShutdown(() => { this.dispose(); });
    this.#listenToFiles();
    this.#answer();
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#ports.analyser.dispose();
  }

  #initialize(options: unknown): InitializeResult {
    if (typeof options === 'object' && options !== null && 'moveSecretCommand' in options && typeof options.moveSecretCommand === 'string') this.#options = { moveSecretCommand: options.moveSecretCommand };
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        completionProvider: { triggerCharacters: [' ', ':'] },
        hoverProvider: true, documentSymbolProvider: true, foldingRangeProvider: true, definitionProvider: true, referencesProvider: true,
        renameProvider: { prepareProvider: true },
        documentFormattingProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        semanticTokensProvider: { legend: { tokenTypes, tokenModifiers }, full: true, range: true },
      },
    };
  }

  #listenToFiles(): void {
    this.#connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
      this.#files.set(uri, new OpenFile(TextDocument.create(uri, languageId, version, text), this.#ports.analyser));
      void this.#publish(uri);
    });
    this.#connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      this.#files.get(uri)?.update(contentChanges, version);
      this.#publishSoon(uri);
    });
    this.#connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      clearTimeout(this.#timers.get(uri));
      this.#timers.delete(uri);
      this.#files.delete(uri);
      void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    });
  }

  #answer(): void {
    const connection = this.#connection;
    const file = ({ textDocument }: { readonly textDocument: { readonly uri: string } }): OpenFile => {
      const found = this.#files.get(textDocument.uri);
      if (found === undefined) throw new ResponseError(-32602, `${textDocument.uri} is not open.`);
      return found;
    };
    connection.onCompletion((asked) => {
      const { lines, last } = file(asked);
      return completionsAt(lines, asked.position.line, asked.position.character, (last?.servers ?? []).map((entry) => entry.name));
    });
    connection.onHover((asked) => hoverAt(file(asked).lines, asked.position.line, asked.position.character));
    connection.onDocumentSymbol(async (asked) => symbolsOf(await file(asked).read()));
    connection.onFoldingRanges(async (asked) => {
      const open = file(asked);
      return foldingOf(await open.read(), open.lines);
    });
    connection.onDefinition(async (asked) => {
      const open = file(asked);
      const named = namedAt(await open.read(), open.text, asked.position);
      const target = named === undefined ? anchorOf(open.lines, asked.position) : named.all.find((naming) => naming.definition)?.range;
      return target === undefined ? undefined : { uri: open.uri, range: target };
    });
    connection.onReferences(async (asked) => {
      const open = file(asked);
      const named = namedAt(await open.read(), open.text, asked.position);
      return (named?.all ?? []).filter((naming) => asked.context.includeDeclaration || !naming.definition).map(({ range }) => ({ uri: open.uri, range }));
    });
    connection.onPrepareRename(async (asked) => {
      const open = file(asked);
      const named = namedAt(await open.read(), open.text, asked.position);
      return named === undefined ? undefined : { range: named.here.range, placeholder: named.here.name };
    });
    connection.onRenameRequest(async (asked) => {
      const open = file(asked);
      const read = await open.read();
      const named = namedAt(read, open.text, asked.position);
      if (named === undefined) return undefined;
      const refusal = refusesName(read, named.here.name, asked.newName);
      if (refusal !== undefined) throw new ResponseError(-32602, refusal);
      return { changes: { [open.uri]: named.all.map((naming) => naming.write(asked.newName)) } };
    });
    connection.onDocumentFormatting((asked) => {
      const { text, lines } = file(asked);
      const made = formatted(text, asked.options.tabSize);
      if (made === undefined || made === text) return [];
      return [{ range: { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } }, newText: made }];
    });
    connection.onCodeAction(async (asked) => {
      const open = file(asked);
      const read = await open.read();
      return fixesFor(asked.context.diagnostics, { uri: open.uri, file: read, text: open.text, lines: open.lines, moveSecretCommand: this.#options.moveSecretCommand });
    });
    connection.languages.semanticTokens.on(async (asked) => {
      const open = file(asked);
      return { data: tokensOf(await open.read(), open.text, open.lines, 0, open.lines.length) };
    });
    connection.languages.semanticTokens.onRange(async (asked) => {
      const open = file(asked);
      return { data: tokensOf(await open.read(), open.text, open.lines, asked.range.start.line, asked.range.end.line) };
    });
  }

  #publishSoon(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    const wait = pause.least + pause.perMillion * (this.#files.get(uri)?.text.length ?? 0) / 1_000_000;
    this.#timers.set(uri, setTimeout(() => { this.#timers.delete(uri); void this.#publish(uri); }, wait));
  }

  async #publish(uri: string): Promise<void> {
    const open = this.#files.get(uri);
    if (open === undefined) return;
    const { version } = open;
    try {
      const read = await open.read();
      const diagnostics = [...read.problems.map(diagnosticOf), ...await missingFiles(read.paths, this.#ports.exists)];
      // What was typed meanwhile has a reading of its own under way.
      if (this.#files.get(uri) === open && open.version === version) await this.#connection.sendDiagnostics({ uri, version, diagnostics });
    } catch (error) {
      this.#connection.console.warn(`A servers file could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
