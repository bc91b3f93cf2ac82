import * as vscode from 'vscode';
import type { Broken, Fleet, Member } from '../fleet.ts';
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
    const servers = keys.map((key) => this.#fleet.find(String(key))).filter((server) => server !== undefined);
    for (const server of servers) await this.move(server, target);
  }

  /** Moves one; says why where it cannot be done. */
  async move(server: Member | Broken, target: Element | undefined): Promise<void> {
    const { t } = vscode.l10n;
    const place = this.#placeOf(target, server);
    if (place === undefined || place.group === server.entry.group) return;
    if (place.file.toString() !== server.file.toString()) {
      void vscode.window.showWarningMessage(t('{0} stays where it is: it is in another servers file.', server.entry.name));
      return;
    }
    const { applyText, withServerMoved } = await loadLater();
    if (!await applyText(server.file, (text) => withServerMoved(text, server.entry.name, place.group))) {
      void vscode.window.showWarningMessage(t('{0} could not be moved without changing what else the file says. Move its entry by hand.', server.entry.name));
    }
  }

  #placeOf(target: Element | undefined, server: Member | Broken): { readonly file: vscode.Uri; readonly group: string | undefined } | undefined {
    switch (target?.kind) {
      case undefined: return { file: server.file, group: undefined };
      case 'group': {
        const [first] = target.group.entries;
        return first === undefined ? undefined : { file: first.file, group: target.group.name };
      }
      case 'server': {
        const onto = this.#fleet.find(target.key);
        return onto === undefined ? undefined : { file: onto.file, group: onto.entry.group };
      }
      case 'node': return undefined;
    }
  }
}
