import * as vscode from 'vscode';
import { homedir } from 'node:os';
import type { Member } from '../fleet.ts';
import { modelTools, settings } from '../ids.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { findingLabel } from '../tree/findingLabels.ts';
import { knownServers } from './knownServers.ts';
import type { OutsideParts } from './parts.ts';
import { Redaction } from './redaction.ts';
import { explain, lastFindings, listServers } from './toolAnswers.ts';

/** What a language model may pass; it is as untrusted as the text that led it there. */
interface Input { readonly server?: unknown; readonly event?: unknown; readonly finding?: unknown }

/** Says to the person what would be passed on; the editor asks before the tool is used. Throws where the tools are off. */
export async function prepareTool(name: string, input: unknown, parts: OutsideParts): Promise<vscode.PreparedToolInvocation> {
  const { t } = vscode.l10n;
  allowed();
  await parts.files.load();
  if (name === modelTools.listServers) {
    return {
      invocationMessage: t('Listing Entra Connect servers'),
      confirmationMessages: { title: t('Tell the language model which Entra Connect servers there are?'), message: t('It gets the names and states of {0} servers, as the servers files name them. No hosts, no accounts.', parts.fleet.members.length) },
    };
  }
  if (name === modelTools.lastFindings) {
    const server = sanitizeLine(memberOf(input, parts).entry.name, 100);
    return {
      invocationMessage: t('Reading the last findings of {0}', server),
      confirmationMessages: { title: t('Tell the language model what was found on {0}?', server), message: t('It gets the findings of the last diagnosis of {0}. Hosts, accounts and addresses are replaced, and the text of events is left out. Nothing is read from the server.', server) },
    };
  }
  return { invocationMessage: t('Explaining from the tables of this extension') };
}

/** Answers from memory: no tool connects to a server, and none changes anything. */
export async function invokeTool(name: string, input: unknown, parts: OutsideParts): Promise<vscode.LanguageModelToolResult> {
  allowed();
  await parts.files.load();
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(answer(name, input, parts)))]);
}

function answer(name: string, input: unknown, parts: OutsideParts): unknown {
  switch (name) {
    case modelTools.listServers: return listServers(parts.fleet.members.map(({ entry, target, owner }) => ({ name: entry.name, role: target.role, state: owner.state })));
    case modelTools.lastFindings: {
      const member = memberOf(input, parts);
      const others = parts.fleet.members.filter((other) => other !== member);
      return { server: member.entry.name, ...lastFindings(member.owner.state, new Redaction(knownServers([member, ...others]), homedir())) as object };
    }
    default: return explain(input as Input, findingLabel);
  }
}

function allowed(): void {
  if (vscode.workspace.getConfiguration(settings.section).get<boolean>(settings.modelTools, false)) return;
  throw new Error(vscode.l10n.t('The language-model tools of Entra Connect Remediation are off. The setting {0} turns them on.', `${settings.section}.${settings.modelTools}`));
}

function memberOf(input: unknown, { fleet }: OutsideParts): Member {
  const { server } = (input ?? {}) as Input;
  const found = fleet.members.filter(({ entry }) => entry.name === server);
  const [member] = found;
  if (member === undefined || found.length > 1) throw new Error(vscode.l10n.t('There is not exactly one server of that name. The tool {0} lists them.', modelTools.listServers));
  return member;
}
