import * as vscode from 'vscode';
import type { SecureString } from '../../session.ts';
import { secureText } from './secureText.ts';

/** An input box that a signal can take away; undefined where the person declined it. It stays when the focus leaves. */
export async function inputBox(options: vscode.InputBoxOptions, signal: AbortSignal): Promise<string | undefined> {
  return await withToken(signal, (token) => vscode.window.showInputBox({ ignoreFocusOut: true, ...options }, token));
}

/** A password box; an empty password counts as declined. */
export async function passwordBox(title: string, prompt: string, signal: AbortSignal): Promise<SecureString | undefined> {
  const text = await inputBox({ title, prompt, password: true }, signal);
  return text === undefined || text === '' ? undefined : secureText(text);
}

/** One of several answers by its id. */
export async function pickOne(title: string, prompt: string, answers: readonly { id: string; label: string; detail: string }[], signal: AbortSignal): Promise<string | undefined> {
  const items = answers.map((answer) => ({ label: answer.label, detail: answer.detail, id: answer.id }));
  const picked = await withToken(signal, (token) => vscode.window.showQuickPick(items, { title, placeHolder: prompt, ignoreFocusOut: true, matchOnDetail: true }, token));
  return picked?.id;
}

/** Runs `ask` with a cancellation token that follows the signal. */
async function withToken<T>(signal: AbortSignal, ask: (token: vscode.CancellationToken) => Thenable<T | undefined>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => { source.cancel(); };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await ask(source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}
