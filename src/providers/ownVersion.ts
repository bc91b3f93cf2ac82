import * as vscode from 'vscode';

/** This extension's version; `unknown` where it runs without being installed. */
export function ownVersion(): string {
  const manifest = vscode.extensions.getExtension('entra-connect-remediation.entra-connect-remediation')?.packageJSON as { readonly version?: string } | undefined;
  return manifest?.version ?? 'unknown';
}
