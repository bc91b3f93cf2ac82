import type * as vscode from 'vscode';
import type { Journals } from '../../storage/journals.ts';
import { systemClock } from '../clock.ts';
import type { EventViews } from '../events/eventViews.ts';
import type { Fleet } from '../fleet.ts';
import type { RedactingLogger } from '../logger.ts';
import type { Passwords } from '../person/passwords.ts';
import { registerTranscriptOutline } from '../terminal/transcriptOutline.ts';
import type { Element, ServersTree } from '../tree/provider.ts';
import type { VirtualDocuments } from '../virtualDocuments.ts';
import type { ServersFiles } from '../workspace/serversFiles.ts';
import { registerConnectionCommands } from './connectionCommands.ts';
import { registerDiagnosticsCommand } from './diagnosticsCommand.ts';
import { registerEventCommands } from './eventCommands.ts';
import { registerFileCommands, type FilePorts } from './fileCommands.ts';
import { registerFleetCommands, type FleetLimits } from './fleetCommands.ts';
import { registerLabCommands } from './labCommands.ts';
import { registerPromptCommands } from './promptCommands.ts';
import { registerRecordCommands } from './recordCommands.ts';
import type { Handler } from './register.ts';
import { registerSecretCommands, type Identities } from './secretCommands.ts';
import { Targets } from './targets.ts';
import { registerViewCommands } from './viewCommands.ts';
import { registerWorkCommands } from './workCommands.ts';

/** What commands work with. */
export interface CommandParts {
  readonly fleet: Fleet;
  readonly files: ServersFiles;
  /** The person's own servers file. */
  readonly own: vscode.Uri;
  readonly tree: ServersTree;
  readonly view: vscode.TreeView<Element>;
  readonly documents: VirtualDocuments;
  readonly journals: Journals;
  readonly log: RedactingLogger;
  readonly channel: vscode.LogOutputChannel;
  readonly events: EventViews;
  readonly passwords: Passwords;
  /** Drops the passwords that are only in this window's memory. */
  readonly forgetTyped: () => void;
  readonly identities: Identities;
  readonly limits: FleetLimits;
  readonly filePorts: FilePorts;
  readonly context: vscode.ExtensionContext;
}

/** The handler of every command, made when the first one is called. */
export function commandHandlers({ fleet, files, own, tree, view, documents, journals, log, channel, events, passwords, forgetTyped, identities, limits, filePorts, context }: CommandParts): ReadonlyMap<string, Handler> {
  const handlers = new Map<string, Handler>();
  context.subscriptions.push(registerTranscriptOutline());
  const register = (id: string, handler: Handler): void => { handlers.set(id, handler); };
  const targets = new Targets(fleet, (element) => tree.nodeOf(element), () => view.visible ? view.selection : [], () => files.load());
  registerConnectionCommands(register, targets, () => files.reload());
  registerWorkCommands(register, targets);
  registerFileCommands(register, files, own, passwords, filePorts);
  registerFleetCommands(register, targets, documents, systemClock, limits);
  registerViewCommands(register, targets, documents, journals, channel, files);
  registerDiagnosticsCommand(register, fleet, files, log);
  registerEventCommands(register, targets, events);
  registerRecordCommands(register, targets, systemClock);
  registerSecretCommands(register, targets, passwords, forgetTyped, identities);
  registerPromptCommands(register, targets, context, (member) => files.practice?.(member.owner.server) !== undefined);
  registerLabCommands(register, files, documents, log, context);
  return handlers;
}
