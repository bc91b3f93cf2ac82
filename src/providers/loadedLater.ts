import { withServerMoved } from '../inventory/edit.ts';
import { parseServersFile } from '../inventory/parse.ts';
import { diagnoseFleet } from './commands/diagnoseFleet.ts';
import { startLanguage } from './language/whenOpen.ts';
import { EditorConnectPrompts } from './person/connectPrompts.ts';
import { EditorPerson } from './person/editorPerson.ts';
import { changeRecord } from '../connect/report/change-record.ts';
import { AddServer } from './workspace/addServer.ts';
import { applyText, ensureFile } from './workspace/applyText.ts';
import { moveSecret, secretPlace } from './workspace/moveSecret.ts';
import { offeredFiles } from './workspace/offeredFiles.ts';
import { serverChildren } from './tree/serverChildren.ts';

/** What is needed only once somebody looks at a server or works with it, in one piece: only ever imported at run time, by `loadLater`. */
export const later = { AddServer, applyText, changeRecord, diagnoseFleet, EditorConnectPrompts, EditorPerson, ensureFile, moveSecret, offeredFiles, parseServersFile, secretPlace, serverChildren, startLanguage, withServerMoved };
