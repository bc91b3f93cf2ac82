import { diagnoseFleet } from './commands/diagnoseFleet.ts';
import { exportRunbook } from './commands/exportRunbook.ts';
import { AccountPasswords } from './person/accountPasswords.ts';
import { EditorConnectPrompts } from './person/connectPrompts.ts';
import { EditorPerson } from './person/editorPerson.ts';
import { changeRecord } from '../connect/report/change-record.ts';
import { isTicket } from '../connect/report/ticket.ts';
import { serverChildren } from './tree/serverChildren.ts';

/** What is needed only once somebody looks at a server or works with it, in one piece: only ever imported at run time, by `loadLater`. */
export const later = { AccountPasswords, changeRecord, diagnoseFleet, exportRunbook, isTicket, EditorConnectPrompts, EditorPerson, serverChildren };
