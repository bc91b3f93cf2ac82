import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerProviders, type Providers } from './providers/register.ts';
import { settings } from './providers/ids.ts';
import type { Connect } from './session.ts';

/** Wires the transports in, loaded at the first connection, and hands everything to the editor. */
export function activate(context: vscode.ExtensionContext): Providers {
  const pinFolder = join(context.globalStorageUri.fsPath, 'host-keys');
  const certificateFolder = join(context.globalStorageUri.fsPath, 'certificates');
  // What was learned about servers while connecting is kept for as long as the setting stands.
  const made = new Map<string, Connect>();
  const connect: Connect = async (target, prompts, signal) => {
    const localPowerShell = vscode.workspace.getConfiguration(settings.section).get<string>(settings.localPowerShell, 'powershell.exe');
    let transport = made.get(localPowerShell);
    if (transport === undefined) {
      const [{ createConnect }, { createFileHostKeyPins }, { createFileCertificatePins }] = await Promise.all([import('./remote/connect.ts'), import('./remote/ssh/pins.ts'), import('./remote/wsman/pins.ts')]);
      transport = createConnect({ hostKeyPins: createFileHostKeyPins(pinFolder), certificatePins: createFileCertificatePins(certificateFolder), knownHostsFiles: [join(homedir(), '.ssh', 'known_hosts')], localPowerShell });
      made.set(localPowerShell, transport);
    }
    return await transport(target, prompts, signal);
  };
  const forget = async (_server: string, host: string, port: number): Promise<number> => {
    const { createFileHostKeyPins } = await import('./remote/ssh/pins.ts');
    return await createFileHostKeyPins(pinFolder).forget(host, port);
  };
  return registerProviders(context, { connect, hostKeys: { forget } });
}
