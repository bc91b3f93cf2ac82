import { PassThrough } from 'node:stream';
import { createConnection, createProtocolConnection, ProposedFeatures, StreamMessageReader, StreamMessageWriter, type Diagnostic, type InitializeResult, type ProtocolConnection } from 'vscode-languageserver/node';
import type { Analyser } from '../../../src/inventory/server/analyser.ts';
import { LanguageServer, type LanguageServerOptions } from '../../../src/inventory/server/languageServer.ts';
import { parseServersFile } from '../../../src/inventory/parse.ts';

/** Address of the one file that tests open. */
export const uri = 'file:///w/estate.connect.yaml';

/** A place in a text, marked there by `|`. */
export function cursor(text: string): { readonly text: string; readonly position: { readonly line: number; readonly character: number } } {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  return { text: text.replace('|', ''), position: { line: before.length - 1, character: before.at(-1)!.length } };
}

/** The language server behind a real connection over two streams in this process. */
export class Connected implements AsyncDisposable {
  readonly client: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly #end: () => void;
  readonly #published: { readonly version: number | undefined; readonly diagnostics: Diagnostic[] }[] = [];
  readonly #waiting: (() => void)[] = [];
  #version = 1;

  private constructor(client: ProtocolConnection, initialized: InitializeResult, end: () => void) {
    this.client = client;
    this.initialized = initialized;
    this.#end = end;
    client.onNotification('textDocument/publishDiagnostics', ({ version, diagnostics }: { version?: number; diagnostics: Diagnostic[] }) => {
      this.#published.push({ version, diagnostics });
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async open(options: { readonly files?: readonly string[]; readonly analyser?: Analyser; readonly initialization?: LanguageServerOptions } = {}): Promise<Connected> {
    const [up, down] = [new PassThrough(), new PassThrough()];
    const server = createConnection(ProposedFeatures.all, new StreamMessageReader(up), new StreamMessageWriter(down));
    const analyser = options.analyser ?? { analyse: (text: string) => Promise.resolve(parseServersFile(text, { home: '/home/me' })), dispose: () => undefined };
    const served = new LanguageServer(server, { analyser, exists: (path) => Promise.resolve((options.files ?? []).includes(path)) });
    server.listen();
    const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    client.listen();
    const initialized: InitializeResult = await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {}, initializationOptions: options.initialization ?? { moveSecretCommand: 'test.moveSecret' } });
    await client.sendNotification('initialized', {});
    return new Connected(client, initialized, () => {
      served.dispose();
      client.dispose();
      server.dispose();
    });
  }

  /** Opens the file; its diagnostics arrive by themselves. */
  async show(text: string): Promise<void> {
    this.#version = 1;
    await this.client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'entra-connect-servers', version: 1, text } });
  }

  /** Types at a place. */
  async type(position: { readonly line: number; readonly character: number }, text: string): Promise<void> {
    this.#version += 1;
    await this.client.sendNotification('textDocument/didChange', { textDocument: { uri, version: this.#version }, contentChanges: [{ range: { start: position, end: position }, text }] });
  }

  /** What was published for the version that is open now. */
  async diagnostics(): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.#published.find(({ version }) => version === this.#version);
      if (found !== undefined) return found.diagnostics;
      await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    }
  }

  /** Asks about the file. */
  async ask<T>(method: string, further: object = {}): Promise<T> {
    return await this.client.sendRequest(`textDocument/${method}`, { textDocument: { uri }, ...further });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    return Promise.resolve();
  }
}
