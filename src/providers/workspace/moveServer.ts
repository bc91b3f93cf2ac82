import * as vscode from 'vscode';
import { withServerMoved } from '../../inventory/edit.ts';
import type { Broken, Fleet, Member } from '../fleet.ts';
import type { Element } from '../tree/provider.ts';
import { applyText } from './applyText.ts';

/** Moves a server's entry to where it was dropped in the tree; says why where it cannot be done. */
export async function moveServer(fleet: Fleet, server: Member | Broken, target: Element | undefined): Promise<void> {
  const { t } = vscode.l10n;
  const place = placeOf(fleet, target, server);
  if (place === undefined || place.group === server.entry.group) return;
  if (place.file.toString() !== server.file.toString()) {
    void vscode.window.showWarningMessage(t('{0} stays where it is: it is in another servers file.', server.entry.name));
    return;
  }
  if (!await applyText(server.file, (text) => withServerMoved(text, server.entry.name, place.group))) {
    void vscode.window.showWarningMessage(t('{0} could not be moved without changing what else the file says. Move its entry by hand.', server.entry.name));
  }
}

function placeOf(fleet: Fleet, target: Element | undefined, server: Member | Broken): { readonly file: vscode.Uri; readonly group: string | undefined } | undefined {
  switch (target?.kind) {
    case undefined: return { file: server.file, group: undefined };
    case 'group': {
      const [first] = target.group.entries;
      return first === undefined ? undefined : { file: first.file, group: target.group.name };
    }
    case 'server': {
      const onto = fleet.find(target.key);
      return onto === undefined ? undefined : { file: onto.file, group: onto.entry.group };
    }
    case 'node': return undefined;
  }
}
