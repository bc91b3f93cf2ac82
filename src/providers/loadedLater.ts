import { parseServersFile } from '../inventory/parse.ts';
import { commandHandlers } from './commands/handlers.ts';
import { EventLogViews } from './events/eventLogViews.ts';
import { startLanguage } from './language/whenOpen.ts';
import { AccountPasswords } from './person/accountPasswords.ts';
import { EditorConnectPrompts } from './person/connectPrompts.ts';
import { EditorPerson } from './person/editorPerson.ts';
import { domain } from './server/loadedDomain.ts';
import { Attendants } from './outside/attendants.ts';
import { moveServer } from './workspace/moveServer.ts';
import { testConnection } from './workspace/testConnection.ts';
import { serverChildren } from './tree/serverChildren.ts';

/** What is needed only once somebody looks at a server or works with it, in one piece: only ever imported at run time, by `loadLater`. */
export const later = { AccountPasswords, Attendants, commandHandlers, domain, EditorConnectPrompts, EditorPerson, EventLogViews, moveServer, parseServersFile, serverChildren, startLanguage, testConnection };
