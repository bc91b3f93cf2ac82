import * as vscode from 'vscode';
import type { Fleet } from '../fleet.ts';
import { views } from '../ids.ts';
import { loadLater } from '../later.ts';
import type { Element } from './provider.ts';

const type = `application/vnd.code.tree.${views.servers.toLowerCase()}`;

/** Servers dragged onto a group, onto a server of one, or beside them all: their entries move in the file, with their comments. */
export class ServersDragAndDrop implements vscode.TreeDragAndDropController<Element> {
  readonly dragMimeTypes = [type];
  readonly dropMimeTypes = [type];
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  handleDrag(source: readonly Element[], data: vscode.DataTransfer): void {
    const keys = source.flatMap((element) => element.kind === 'server' ? [element.key] : []);
    if (keys.length > 0) data.set(type, new vscode.DataTransferItem(keys));
  }

  async handleDrop(target: Element | undefined, data: vscode.DataTransfer): Promise<void> {
    const keys: unknown = data.get(type)?.value;
    if (!Array.isArray(keys)) return;
    const { moveServer } = await loadLater();
    const servers = keys.map((key) => this.#fleet.find(String(key))).filter((server) => server !== undefined);
    for (const server of servers) await moveServer(this.#fleet, server, target);
  }
}
