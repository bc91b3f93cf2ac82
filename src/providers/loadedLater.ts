import { parseServersFile } from '../inventory/parse.ts';
import { commandHandlers } from './commands/handlers.ts';
import { EventLogViews } from './events/eventLogViews.ts';
import { startLanguage } from './language/whenOpen.ts';
import { AccountPasswords } from './person/accountPasswords.ts';
import { EditorConnectPrompts } from './person/connectPrompts.ts';
import { EditorPerson } from './person/editorPerson.ts';
import { domain } from './server/loadedDomain.ts';
import { Attendants } from './outside/attendants.ts';
import { diagnoseTasks, resolveTask } from './outside/diagnoseTasks.ts';
import { invokeTool, prepareTool } from './outside/modelTools.ts';
import { openLink } from './outside/openLink.ts';
import { moveServer } from './workspace/moveServer.ts';
import { testConnection } from './workspace/testConnection.ts';
import { serverChildren } from './tree/serverChildren.ts';

/** What is needed only once somebody looks at a server or works with it, in one piece: only ever imported at run time, by `loadLater`. */
export const later = { AccountPasswords, Attendants, commandHandlers, diagnoseTasks, domain, EditorConnectPrompts, EditorPerson, EventLogViews, invokeTool, moveServer, openLink, parseServersFile, prepareTool, resolveTask, serverChildren, startLanguage, testConnection };
