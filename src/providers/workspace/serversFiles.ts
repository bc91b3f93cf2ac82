import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ServersFile } from '../../inventory/parse.ts';
import { DisposableStore } from '../disposables.ts';
import { contextKeys } from '../ids.ts';
import { loadLater } from '../later.ts';
import { KeyedQueue } from '../keyedQueue.ts';
import type { Logger } from '../logger.ts';
import type { SessionProgram } from '../../session.ts';

const pattern = '**/*.connect.yaml';
/** Most servers files that are read. */
const fileLimit = 50;
/** Largest servers file that is read, in bytes. */
const sizeLimit = 1024 * 1024;
/** Milliseconds after the last keystroke until an edited file is read again. */
const editDelay = 250;

/** One servers file, read. */
export interface LoadedFile {
  readonly uri: vscode.Uri;
  readonly content: ServersFile;
}

/**
 * The workspace's servers files: found and read when somebody first asks, and again whenever one changes, on disk or in an
 * editor. Reading never connects, so it happens in untrusted workspaces as well.
 */
export class ServersFiles implements vscode.Disposable {
  readonly #log: Logger;
  readonly #own: vscode.Uri;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #files = new Map<string, LoadedFile>();
  readonly #edits = new Map<string, NodeJS.Timeout>();
  readonly #inOrder = new KeyedQueue();
  #loading: Promise<void> | undefined;
  #loaded = false;

  /** @param own the person's own file, read beside the workspace's where it is there */
  constructor(log: Logger, own: vscode.Uri) {
    this.#log = log;
    this.#own = own;
  }

  /** The files read so far, by path. */
  get files(): readonly LoadedFile[] {
    return [...this.#files.values()].sort((a, b) => a.uri.path < b.uri.path ? -1 : 1);
  }

  /** True once every file was looked for. */
  get loaded(): boolean { return this.#loaded; }

  /** What is started to reach a practice server; undefined for every other server. Throws where the lab has no such server. */
  practice?: (server: { readonly file: string; readonly name: string }) => SessionProgram | undefined;

  /** Finds, reads and begins to watch; the first call does the work. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Looks for the files and reads all of them again. */
  async reload(): Promise<void> {
    await this.load();
    await this.#readAll();
  }

  dispose(): void {
    for (const timer of this.#edits.values()) clearTimeout(timer);
    this.#store.dispose();
  }

  async #load(): Promise<void> {
    const folder = new vscode.RelativePattern(vscode.Uri.joinPath(this.#own, '..'), this.#own.path.slice(this.#own.path.lastIndexOf('/') + 1));
    for (const watched of [pattern, folder]) {
      const watcher = this.#store.add(vscode.workspace.createFileSystemWatcher(watched));
      this.#store.add(watcher.onDidCreate((uri) => { void this.read(uri); }));
      this.#store.add(watcher.onDidChange((uri) => { void this.read(uri); }));
      this.#store.add(watcher.onDidDelete((uri) => { void this.#forget(uri); }));
    }
    // Where nothing watches the disk (some virtual workspaces), saving in the editor still counts.
    this.#store.add(vscode.workspace.onDidSaveTextDocument((document) => { if (isServersFile(document.uri)) void this.read(document.uri); }));
    this.#store.add(vscode.workspace.onDidChangeTextDocument((event) => { if (isServersFile(event.document.uri)) this.#edited(event.document.uri); }));
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => { void this.#readAll(); }));
    await this.#readAll();
  }

  async #readAll(): Promise<void> {
    const uris = [this.#own, ...await vscode.workspace.findFiles(pattern, '**/node_modules/**', fileLimit)];
    const found = new Set(uris.map((uri) => uri.toString()));
    // What was not found is read as well: it may have come while the search ran; when it is gone, the reading says so.
    const others = [...this.#files.values()].map((file) => file.uri).filter((uri) => !found.has(uri.toString()));
    await Promise.all([...uris, ...others].map((uri) => this.#parse(uri)));
    this.#loaded = true;
    this.#tell();
  }

  /** Reads one file again, or for the first time; one that is gone is forgotten. */
  async read(uri: vscode.Uri): Promise<void> {
    await this.#parse(uri);
    this.#tell();
  }

  async #forget(uri: vscode.Uri): Promise<void> {
    const known = await this.#inOrder.run(uri.toString(), () => this.#files.delete(uri.toString()));
    if (known) this.#tell();
  }

  #edited(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#edits.get(key));
    this.#edits.set(key, setTimeout(() => { this.#edits.delete(key); void this.read(uri); }, editDelay));
  }

  #parse(uri: vscode.Uri): Promise<void> {
    return this.#inOrder.run(uri.toString(), () => this.#parseNow(uri));
  }

  async #parseNow(uri: vscode.Uri): Promise<void> {
    try {
      const text = await textOf(uri);
      const { parseServersFile } = await loadLater();
      this.#files.set(uri.toString(), { uri, content: parseServersFile(text, { home: homedir() }) });
    } catch (error) {
      this.#files.delete(uri.toString());
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return;
      this.#log.warn(`${uri.path} could not be read: ${String(error)}`);
    }
  }

  #tell(): void {
    const contents = this.files.map((file) => file.content);
    const broken = (): boolean => contents.some(({ problems }) => problems.some((problem) => problem.severity === 'error'));
    const state = contents.length === 0 ? 'none' : contents.some(({ servers }) => servers.length > 0) ? 'ready' : broken() ? 'broken' : 'empty';
    void vscode.commands.executeCommand('setContext', contextKeys.files, state);
    this.#changed.fire();
  }
}

function isServersFile(uri: vscode.Uri): boolean {
  return uri.path.endsWith('.connect.yaml');
}

/**
 * A document with unsaved changes counts before what is on disk: problems follow the typing. A saved one doesn't: the editor keeps
 * its text for minutes after the file was deleted.
 */
async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.isDirty && document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > sizeLimit) throw new Error(`it has ${size} bytes, more than the ${sizeLimit} that a servers file may have`);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
