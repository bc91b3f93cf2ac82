// Runs inside the extension host: how long activation takes there, once the code is loaded.
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** Writes `{ load, activate }`, in milliseconds, to the file that TIER_RESULT names. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('entra-connect-remediation.entra-connect-remediation');
  if (extension === undefined || extension.isActive) throw new Error(`the extension is ${extension === undefined ? 'missing' : 'active already'}`);
  const started = performance.now();
  await import(vscode.Uri.joinPath(extension.extensionUri, 'dist', 'extension.js').toString(true));
  const loaded = performance.now();
  await extension.activate();
  const activated = performance.now();
  const file = process.env['TIER_RESULT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify({ load: loaded - started, activate: activated - loaded }));
}
