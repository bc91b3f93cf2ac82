import * as vscode from 'vscode';
import type { EventFilter } from '../../events/event-filter.ts';
import { filtersFile, formatFilters, parseFilters, withFilter, type NamedFilter } from './filterStore.ts';

/** Filters that everybody who has the workspace shares: a file that can be looked at and put under version control. */
export class SavedFilters {
  readonly #warn: (text: string) => void;

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** What is saved now; a file that cannot be read is told and counts as empty. */
  async load(): Promise<readonly NamedFilter[]> {
    const { file } = this;
    if (file === undefined) return [];
    try {
      return parseFilters(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError) || error.code !== 'FileNotFound') this.#warn(`${file.fsPath}: ${(error as Error).message}`);
      return [];
    }
  }

  /** Saves one under a name. */
  async save(name: string, filter: EventFilter): Promise<void> {
    await this.#write(withFilter(await this.#certain(), name, filter));
  }

  /** Removes one. */
  async remove(name: string): Promise<void> {
    await this.#write((await this.#certain()).filter((one) => one.name !== name));
  }

  private get file(): vscode.Uri | undefined {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    return folder === undefined ? undefined : vscode.Uri.joinPath(folder, ...filtersFile);
  }

  /** A file that cannot be read is not written over. */
  async #certain(): Promise<readonly NamedFilter[]> {
    const { file } = this;
    if (file === undefined) throw new Error(vscode.l10n.t('Filters are saved in the workspace. Open a folder first.'));
    try {
      return parseFilters(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return [];
      throw new Error(vscode.l10n.t('{0} holds no filters that can be read: {1}', file.fsPath, (error as Error).message), { cause: error });
    }
  }

  async #write(filters: readonly NamedFilter[]): Promise<void> {
    const { file } = this;
    if (file !== undefined) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(formatFilters(filters)));
  }
}
