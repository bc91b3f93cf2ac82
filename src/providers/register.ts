import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Connect, SessionProgram, SessionTarget } from '../session.ts';
import { stateFolder } from '../storage/folder.ts';
import { Journals } from '../storage/journals.ts';
import { MachinePinFiles } from '../storage/machine-pins.ts';
import { systemClock } from './clock.ts';
import type { Handler } from './commands/register.ts';
import { DisposableStore } from './disposables.ts';
import { EventViews } from './events/eventViews.ts';
import { Fleet } from './fleet.ts';
import { allCommands, commands, settings, views } from './ids.ts';
import { startWithFirstFile } from './language/serversLanguage.ts';
import { loadLater } from './later.ts';
import { RedactingLogger } from './logger.ts';
import { holder, RunHistory, SharedPins } from './memory.ts';
import type { AccountPasswords } from './person/accountPasswords.ts';
import type { EditorConnectPrompts } from './person/connectPrompts.ts';
import { Passwords, type PasswordName } from './person/passwords.ts';
import { Semaphore } from './semaphore.ts';
import { loadDomain } from './server/domain.ts';
import type { OwnedServer } from './server/ownedServer.ts';
import { WakeWatch } from './server/wakeWatch.ts';
import { ServersDragAndDrop } from './tree/dragAndDrop.ts';
import type { Attendants } from './outside/attendants.ts';
import { openEntrances } from './outside/entrances.ts';
import { openFirstFindings } from './tree/openFirstFindings.ts';
import { ServersTree } from './tree/provider.ts';
import { VirtualDocuments } from './virtualDocuments.ts';
import { ServersFiles } from './workspace/serversFiles.ts';

/** Servers that are connected to or diagnosed at the same time; one that does not answer soon holds no other up. */
const parallelServers = 8;
const patience = { milliseconds: 3000, slow: 56 };

/** What the composition root brings: the transports, which nothing below it knows. */
export interface Transports {
  /** `program`: what the local transport starts, where that is not what the setting says. */
  readonly connect: (...args: [...Parameters<Connect>, SessionProgram?]) => ReturnType<Connect>;
  readonly identities: { forget(target: SessionTarget): Promise<number> };
  /** Hosts of the person's ssh_config. */
  readonly sshHosts: () => Promise<readonly string[]>;
  /** What questions about a server call it; passwords are kept under it. */
  readonly label: (target: SessionTarget) => Promise<string>;
}

/** Registers everything that the editor shows. Synchronous, and reads neither disk nor network. */
export function registerProviders(context: vscode.ExtensionContext, transports: Transports): Providers {
  const store = new DisposableStore();
  const channel = store.add(vscode.window.createOutputChannel('Entra Connect', { log: true }));
  const log = new RedactingLogger(channel);
  const passwords = new Passwords(context.secrets, context.globalState, (secret) => { log.hide(secret); });
  let accounts: AccountPasswords | undefined;
  const journals = new Journals(join(stateFolder(), 'runs'));
  const pins = (server: OwnedServer): SharedPins => new SharedPins(new MachinePinFiles(join(stateFolder(), 'machines'), server.file), context.workspaceState);
  const own = vscode.Uri.file(join(stateFolder(), 'my.connect.yaml'));
  const files = store.add(new ServersFiles(log, own));
  const prompts = async (signal: AbortSignal): Promise<EditorConnectPrompts> => {
    const { AccountPasswords: Accounts, EditorConnectPrompts: Prompts } = await loadLater();
    accounts ??= new Accounts();
    return new Prompts({ passwords, accounts, note: (line) => { log.info(line); } }, signal);
  };
  const fleet = store.add(new Fleet(files, {
    open: (target, prompts, signal, server) => {
      const program = files.practice?.(server);
      return transports.connect(program ? { ...target, transport: 'local' } : target, prompts, signal, program);
    },
    prompts,
    person: async (server, reporter, waiting) => {
      const { EditorPerson } = await loadLater();
      return new EditorPerson(server.name, passwords, { print: (text) => { reporter.print(text); }, waiting, practice: files.practice?.(server) !== undefined });
    },
    domain: loadDomain, journals, clock: systemClock, pins, holder: () => holder(context.globalState), newId: randomUUID, log,
    connectTimeout: () => vscode.workspace.getConfiguration(settings.section).get<number>(settings.connectTimeout, 90),
    gate: new Semaphore(parallelServers, patience), history: new RunHistory(context.workspaceState),
  }));
  store.add(new WakeWatch(() => systemClock.now(), () => { for (const member of fleet.members) member.owner.suspect(); }));
  const documents = store.add(new VirtualDocuments());
  const tree = store.add(new ServersTree(files, fleet));
  const view = store.add(vscode.window.createTreeView(views.servers, { treeDataProvider: tree, dragAndDropController: new ServersDragAndDrop(fleet), showCollapseAll: true, canSelectMany: true }));
  let attending: Promise<Attendants> | undefined;
  const attendants = (): Promise<Attendants> => attending ??= loadLater().then(({ Attendants: Made }) => store.add(new Made(files, fleet, view)));
  store.add(files.onDidChange(attendants));
  store.add(startWithFirstFile(context, log, { files, fleet, channel, published: async (uri, found) => { (await attendants()).problems.served(uri, found); } }));
  store.add(openFirstFindings(fleet, tree, view));
  store.add(openEntrances({ files, fleet, tree, view }));
  showTrust(view);
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => { showTrust(view); }));

  const events = store.add(new EventViews(context.extensionUri, fleet, files, journals, log, context.workspaceState));
  let handlers: ReadonlyMap<string, Handler> | undefined;
  const handlerOf = async (id: string): Promise<Handler | undefined> => {
    const { commandHandlers, testConnection } = await loadLater();
    handlers ??= commandHandlers({
      context, fleet, files, own, tree, view, documents, journals, log, channel, events, passwords, limits: { parallel: parallelServers, patience },
      forgetTyped: () => { accounts?.forget(); },
      identities: {
        forget: async (server) => {
          await pins(server).forget(server.name);
          return await transports.identities.forget(server.target);
        },
      },
      filePorts: {
        sshHosts: transports.sshHosts, label: transports.label,
        test: async (target, signal) => {
          const { psVersion } = await testConnection(transports.connect, target, await prompts(signal), signal);
          log.info(`${target.name}: reached for a test, Windows PowerShell ${psVersion}`);
        },
      },
    });
    return handlers.get(id);
  };
  for (const id of allCommands()) {
    store.add(vscode.commands.registerCommand(id, async (element?: unknown, elements?: unknown) => {
      log.debug(`command ${id}`);
      await (await handlerOf(id))?.(element, elements);
    }));
  }
  store.add(vscode.window.registerTerminalProfileProvider(commands.prompt, {
    provideTerminalProfile: async (token) => (await handlerOf(commands.prompt))?.(token) as vscode.TerminalProfile,
  }));
  context.subscriptions.push(store);
  return { fleet, tree, kept: () => store.size, forgetPasswords: (which) => passwords.forget(which) };
}

/** What the extension's activation returns: for its own tests in the extension host. */
export interface Providers {
  readonly fleet: Fleet;
  readonly tree: ServersTree;
  /** How many disposables are held. */
  kept(): number;
  /** Forgets kept passwords; returns how many there were. */
  forgetPasswords(which: (name: PasswordName) => boolean): Promise<number>;
}

/** Says above the tree why nothing can be connected to. */
function showTrust(view: vscode.TreeView<unknown>): void {
  view.message = vscode.workspace.isTrusted ? '' : vscode.l10n.t('This workspace is not trusted: servers files are checked, and nothing is connected to.');
}
