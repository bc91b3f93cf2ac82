import type * as vscode from 'vscode';
import type { Fleet } from '../fleet.ts';
import type { Element, ServersTree } from '../tree/provider.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';

/** What asks from outside of the tree are answered with. */
export interface OutsideParts {
  readonly files: ServersFiles;
  readonly fleet: Fleet;
  readonly tree: ServersTree;
  readonly view: vscode.TreeView<Element>;
}
