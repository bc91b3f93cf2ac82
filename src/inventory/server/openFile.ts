import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import type { ServersFile } from '../parse.ts';
import type { Analyser } from './analyser.ts';

const lineEnd = /\r\n?|\n/;

/** A servers file that is open in the editor: its text now, and what it held when it was last read. */
export class OpenFile {
  readonly #analyser: Analyser;
  #document: TextDocument;
  #lines: string[] | undefined;
  #reading: { readonly version: number; readonly file: Promise<ServersFile> } | undefined;
  /** What the last complete reading found, perhaps of an earlier version. */
  last: ServersFile | undefined;

  constructor(document: TextDocument, analyser: Analyser) {
    this.#document = document;
    this.#analyser = analyser;
  }

  get uri(): string { return this.#document.uri; }
  get version(): number { return this.#document.version; }
  get text(): string { return this.#document.getText(); }
  get lineCount(): number { return this.#document.lineCount; }

  /** The lines without their endings. */
  get lines(): readonly string[] {
    this.#lines ??= this.text.split(lineEnd);
    return this.#lines;
  }

  /** Takes over what was typed; the lines around it stay as they are. */
  update(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    this.#document = TextDocument.update(this.#document, [...changes], version);
    for (const change of changes) {
      const lines = this.#lines;
      if (lines === undefined) return;
      if ('range' in change && change.range.end.line < lines.length) {
        const { start, end } = change.range;
        const touched = (lines[start.line] ?? '').slice(0, start.character) + change.text + (lines[end.line] ?? '').slice(end.character);
        lines.splice(start.line, end.line - start.line + 1, ...touched.split(lineEnd));
      } else this.#lines = undefined;
    }
  }

  /** What the file holds now; read once a version. */
  async read(): Promise<ServersFile> {
    const { version } = this;
    if (this.#reading?.version !== version) this.#reading = { version, file: this.#analyser.analyse(this.text) };
    const file = await this.#reading.file;
    this.last = file;
    return file;
  }
}
