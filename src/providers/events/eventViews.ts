import * as vscode from 'vscode';
import type { Journals } from '../../storage/journals.ts';
import { DisposableStore } from '../disposables.ts';
import type { Fleet } from '../fleet.ts';
import { eventViews } from '../ids.ts';
import { loadLater } from '../later.ts';
import type { RedactingLogger } from '../logger.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import type { EventLogViews } from './eventLogViews.ts';

/** The event log viewer, loaded when it is first needed: a command, a tab of an earlier window, an exported file. */
export class EventViews implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #make: () => Promise<EventLogViews>;
  #views: Promise<EventLogViews> | undefined;

  constructor(extension: vscode.Uri, fleet: Fleet, files: ServersFiles, journals: Journals, log: RedactingLogger, memento: vscode.Memento) {
    this.#make = async () => {
      const { EventLogViews } = await loadLater();
      return this.#store.add(new EventLogViews(extension, fleet, journals, log, memento));
    };
    this.#store.add(vscode.window.registerWebviewPanelSerializer(eventViews.log, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        await files.load();
        (await this.load()).restore(panel, state);
      },
    }));
    this.#store.add(vscode.window.registerCustomEditorProvider(eventViews.file, {
      openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: async (document, panel) => { await (await this.load()).file(document.uri, panel); },
    } satisfies vscode.CustomReadonlyEditorProvider, { supportsMultipleEditorsPerDocument: true }));
  }

  /** The viewer itself. */
  load(): Promise<EventLogViews> {
    this.#views ??= this.#make();
    return this.#views;
  }

  dispose(): void { this.#store.dispose(); }
}
