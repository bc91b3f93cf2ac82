import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { withServer, type NewEntry } from '../../inventory/edit.ts';
import { hostPattern, linePattern, serverKeys } from '../../inventory/keys.ts';
import { parseServersFile, type ServersFile } from '../../inventory/parse.ts';
import { toSessionTarget, type Target } from '../../inventory/target.ts';
import type { SessionTarget } from '../../session.ts';
import { pickStep, textStep, type Answer, type Choice, type StepPlace } from '../person/steps.ts';
import { problemOf } from '../server/problem.ts';
import { applyText, ensureFile } from './applyText.ts';

/** What adding a server needs of its surroundings. */
export interface AddServerPorts {
  /** Servers files that are there, and those that may be made; the first one is offered first. */
  readonly files: () => readonly { readonly uri: vscode.Uri; readonly label: string; readonly exists: boolean }[];
  /** Hosts of the person's ssh_config. */
  readonly sshHosts: () => Promise<readonly string[]>;
  /** Connects and lets go again; rejects with what went wrong. */
  readonly test: (target: SessionTarget, signal: AbortSignal) => Promise<void>;
  readonly trusted: () => boolean;
}

/** What was answered so far. */
interface Draft {
  uri: vscode.Uri;
  text: string;
  file: ServersFile;
  host: string;
  transport: Target['transport'];
  user: string;
  name: string;
  group: string | undefined;
}

const home = homedir();
const host = new RegExp(hostPattern, 'u');
const line = new RegExp(linePattern, 'u');

/** Asks for a new server step by step, tests the connection where the person wants that, and writes its entry. */
export class AddServer {
  readonly #ports: AddServerPorts;

  constructor(ports: AddServerPorts) {
    this.#ports = ports;
  }

  /** Returns the name of the server that was added; undefined where the person left. */
  async run(): Promise<string | undefined> {
    const files = this.#ports.files();
    const [first] = files;
    if (first === undefined) return undefined;
    const hosts = await this.#ports.sshHosts().catch((): readonly string[] => []);
    const draft: Draft = { uri: first.uri, text: '', file: parseServersFile('version: 1\n', { home }), host: '', transport: 'ssh', user: '', name: '', group: undefined };
    await read(draft);
    const steps = [...files.length > 1 ? [(place: StepPlace) => this.#file(place, draft)] : [], (place: StepPlace) => askHost(place, draft, hosts), (place: StepPlace) => askTransport(place, draft),
      (place: StepPlace) => askUser(place, draft), (place: StepPlace) => askName(place, draft), (place: StepPlace) => askGroup(place, draft), (place: StepPlace) => this.#finish(place, draft)];
    for (let at = 0; at < steps.length;) {
      const answer = await steps[at]?.({ title: vscode.l10n.t('Add Server'), step: at + 1, total: steps.length });
      if (answer === undefined || answer.kind === 'left') return undefined;
      at += answer.kind === 'back' ? -1 : 1;
    }
    return draft.name;
  }

  async #file(place: StepPlace, draft: Draft): Promise<Answer<unknown>> {
    const choices = this.#ports.files().map(({ uri, label, exists }) => ({ label, description: exists ? '' : vscode.l10n.t('new file'), value: uri.toString() }));
    const answer = await pickStep(place, vscode.l10n.t('Which servers file?'), choices, { active: draft.uri.toString() });
    if (answer.kind === 'answer') {
      draft.uri = vscode.Uri.parse(answer.value);
      await read(draft);
    }
    return answer;
  }

  async #finish(place: StepPlace, draft: Draft): Promise<Answer<unknown>> {
    const { t } = vscode.l10n;
    const made = withServer(draft.text, draft.group, entryOf(draft));
    const target = made === undefined ? undefined : parseServersFile(made, { home }).servers.find((entry) => entry.name === draft.name)?.target;
    if (made === undefined || target === undefined) {
      void vscode.window.showErrorMessage(t('{0} cannot be added to {1}: the file has an error, or its defaults contradict. The Problems view lists it.', draft.name, vscode.workspace.asRelativePath(draft.uri)));
      return { kind: 'left' };
    }
    const test: Choice<'test' | 'add'> = { label: t('Test the connection, then add'), detail: t('Connects to {0} and disconnects again; nothing is changed there.', draft.host), value: 'test' };
    const add: Choice<'test' | 'add'> = { label: t('Add without testing'), value: 'add' };
    let problem: string | undefined;
    for (;;) {
      const choices = this.#ports.trusted() ? problem === undefined ? [test, add] : [{ ...test, label: t('Test again') }, { ...add, label: t('Add all the same') }] : [add];
      const answer = await pickStep(place, problem ?? t('Add {0}?', draft.name), choices);
      if (answer.kind !== 'answer') return answer;
      if (answer.value === 'test') problem = await this.#test(toSessionTarget(target));
      if (answer.value === 'add' || problem === undefined) break;
    }
    await ensureFile(draft.uri);
    // The file may have changed since it was read: the entry goes into what it is now.
    const written = await applyText(draft.uri, (text) => withServer(text, draft.group, entryOf(draft)));
    if (!written) void vscode.window.showErrorMessage(t('{0} could not be written.', vscode.workspace.asRelativePath(draft.uri)));
    return { kind: written ? 'answer' : 'left', value: undefined };
  }

  /** What went wrong; undefined where the server was reached. */
  async #test(target: SessionTarget): Promise<string | undefined> {
    const { t } = vscode.l10n;
    return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: t('Connecting to {0} …', target.host), cancellable: true }, async (_, token) => {
      const controller = new AbortController();
      const heard = token.onCancellationRequested(() => { controller.abort(); });
      try {
        await this.#ports.test(target, controller.signal);
        return undefined;
      } catch (error) {
        return controller.signal.aborted ? t('The test was cancelled.') : problemOf(error).message;
      } finally {
        heard.dispose();
      }
    });
  }
}

async function read(draft: Draft): Promise<void> {
  try {
    draft.text = (await vscode.workspace.openTextDocument(draft.uri)).getText();
  } catch {
    // A file that is not there yet; whatever else keeps it from being read shows when it is written.
    draft.text = 'version: 1\n';
  }
  draft.file = parseServersFile(draft.text, { home });
}

async function askHost(place: StepPlace, draft: Draft, hosts: readonly string[]): Promise<Answer<unknown>> {
  const { t } = vscode.l10n;
  const choices: Choice<string>[] = hosts.map((name) => ({ label: name, description: t('from your SSH configuration'), value: name }));
  const typed = (text: string): Choice<string> | string => host.test(text) ? { label: text, value: text } : t('A DNS name or an IP address alone: no user, port, brackets or address scheme.');
  const answer = await pickStep(place, t('DNS name or IP address of the Connect server'), choices, { typed, active: draft.host });
  if (answer.kind === 'answer') draft.host = answer.value;
  return answer;
}

async function askTransport(place: StepPlace, draft: Draft): Promise<Answer<unknown>> {
  const { t } = vscode.l10n;
  const answer = await pickStep<Target['transport']>(place, t('How is the server reached?'), [
    { label: 'SSH', detail: t('OpenSSH on the server, port 22'), value: 'ssh' },
    { label: 'WinRM', detail: t('Windows Remote Management with Kerberos or NTLM, port 5985'), value: 'winrm' },
    { label: t('This machine'), detail: t('VS Code runs on the Connect server itself'), value: 'local' },
  ], { active: draft.transport });
  if (answer.kind === 'answer') draft.transport = answer.value;
  return answer;
}

async function askUser(place: StepPlace, draft: Draft): Promise<Answer<unknown>> {
  const { t } = vscode.l10n;
  const prompt = draft.transport === 'ssh' ? t('User to log on as, for example CONTOSO\\engineer. The password is asked when connecting and never written to the file.')
    : t('User to log on as; empty for whoever runs VS Code, or what the file\'s defaults say.');
  const answer = await textStep(place, prompt, draft.user, (text) => text === '' ? draft.transport === 'ssh' ? t('SSH needs a user.') : undefined : line.test(text) && text.length <= serverKeys.user.value.longest ? undefined : t('One line of text.'));
  if (answer.kind === 'answer') draft.user = answer.value;
  return answer;
}

async function askName(place: StepPlace, draft: Draft): Promise<Answer<unknown>> {
  const { t } = vscode.l10n;
  const suggested = draft.name === '' ? /^[\d.:]+$/.test(draft.host) ? draft.host : (draft.host.split('.')[0] ?? '').toUpperCase() : draft.name;
  const answer = await textStep(place, t('Name in the tree'), suggested, (text) => {
    if (!line.test(text) || text.length > serverKeys.name.value.longest) return t('One line of at most 100 characters.');
    return draft.file.servers.some((entry) => entry.name.toLowerCase() === text.toLowerCase()) ? t('Another server of this file has this name already.') : undefined;
  });
  if (answer.kind === 'answer') draft.name = answer.value;
  return answer;
}

async function askGroup(place: StepPlace, draft: Draft): Promise<Answer<unknown>> {
  const { t } = vscode.l10n;
  const none = '';
  const answer = await pickStep<string>(place, t('Which group? Type a name for a new one.'), [{ label: t('No group'), value: none }, ...draft.file.groups.map(({ name }) => ({ label: name, value: name }))], {
    active: draft.group ?? none,
    typed: (text) => line.test(text) && text.length <= serverKeys.name.value.longest ? { label: text, description: t('new group'), value: text } : t('One line of at most 100 characters.'),
  });
  if (answer.kind === 'answer') draft.group = answer.value === none ? undefined : answer.value;
  return answer;
}

/** The keys of the entry, without those that nobody answered. */
function entryOf({ name, host: address, transport, user }: Draft): NewEntry {
  return { name, ...transport === 'local' ? {} : { host: address }, transport, ...user === '' ? {} : { user } };
}
