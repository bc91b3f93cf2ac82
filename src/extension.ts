import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerProviders, type Providers } from './providers/register.ts';
import { settings } from './providers/ids.ts';
import type { Connect } from './session.ts';

/** Wires the transports in, loaded at the first connection, and hands everything to the editor. */
export function activate(context: vscode.ExtensionContext): Providers {
  const pinFolder = join(context.globalStorageUri.fsPath, 'host-keys');
  const connect: Connect = async (target, prompts, signal) => {
    const [{ createConnect }, { createFileHostKeyPins }] = await Promise.all([import('./remote/connect.ts'), import('./remote/ssh/pins.ts')]);
    return await createConnect({
      hostKeyPins: createFileHostKeyPins(pinFolder),
      knownHostsFiles: [join(homedir(), '.ssh', 'known_hosts')],
      localPowerShell: vscode.workspace.getConfiguration(settings.section).get<string>(settings.localPowerShell, 'powershell.exe'),
    })(target, prompts, signal);
  };
  const forget = async (_server: string, host: string, port: number): Promise<number> => {
    const { createFileHostKeyPins } = await import('./remote/ssh/pins.ts');
    return await createFileHostKeyPins(pinFolder).forget(host, port);
  };
  return registerProviders(context, { connect, hostKeys: { forget } });
}
