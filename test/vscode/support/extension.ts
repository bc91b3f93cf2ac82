import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Providers } from '../../../src/providers/register.ts';

/** The extension as the editor loaded it, activated. */
export async function activate(): Promise<Providers> {
  const extension = vscode.extensions.getExtension<Providers>('entra-connect-remediation.entra-connect-remediation');
  assert.ok(extension, 'the extension is not installed');
  return await extension.activate();
}
