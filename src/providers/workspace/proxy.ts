import * as vscode from 'vscode';
import { bypasses } from '../../inventory/proxy-bypass.ts';

/**
 * The HTTP proxy that the editor's settings name for a host, as a URL; undefined where the host is reached directly. Only WinRM
 * over https goes through it, by CONNECT.
 */
export function proxyFor(host: string): string | undefined {
  const settings = vscode.workspace.getConfiguration('http');
  if (settings.get<string>('proxySupport', 'override') === 'off') return undefined;
  const proxy = settings.get<string>('proxy', '').trim();
  return proxy === '' || bypasses(host, settings.get<string[]>('noProxy', [])) ? undefined : proxy;
}
