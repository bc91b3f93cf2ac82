import * as vscode from 'vscode';
import { settings } from './providers/ids.ts';
import { registerProviders, type Providers } from './providers/register.ts';
import { proxyFor } from './providers/workspace/proxy.ts';
import { stateFolder } from './storage/folder.ts';
import type { EditorTransports } from './transports.ts';

let active: Providers | undefined;

/** Wires the transports in, loaded at the first connection, and hands everything to the editor. */
export function activate(context: vscode.ExtensionContext): Providers {
  let loading: Promise<EditorTransports> | undefined;
  const load = (): Promise<EditorTransports> => {
    loading ??= import('./transports.ts').then(({ createTransports }) => createTransports(stateFolder(), proxyFor));
    return loading;
  };
  active = registerProviders(context, {
    connect: async (target, prompts, signal, program) => {
      const localPowerShell = program ?? vscode.workspace.getConfiguration(settings.section).get<string>(settings.localPowerShell, 'powershell.exe');
      return await (await load()).connect(localPowerShell)(target, prompts, signal);
    },
    label: async (target) => (await load()).label(target),
    sshHosts: async () => await (await load()).sshHosts(),
    identities: {
      forget: async (target) => await (await load()).forget(target),
    },
  });
  return active;
}

/** The window closes. The editor waits some seconds for this: enough to leave what runs on servers. */
export async function deactivate(): Promise<void> {
  await active?.fleet.leave();
}
