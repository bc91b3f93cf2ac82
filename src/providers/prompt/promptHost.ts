import * as vscode from 'vscode';
import type { PromptField, PSValue, SecureString, SessionHost } from '../../session.ts';
import { inputBox } from '../person/dialogs.ts';
import { secureText } from '../person/secureText.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { AskingScript } from './promptPorts.ts';

/** Most fields of one prompt, and most values of one field. */
const mostFields = 50;
const mostValues = 200;

/**
 * Answers what a script on a server asks (Read-Host, Get-Credential, choices, confirmations, missing parameters) with the editor's own
 * inputs. Each names the server; its texts are the server's, on one line. An input that is left ends the script.
 */
export function editorHost(server: string, script: AskingScript): SessionHost {
  const { t } = vscode.l10n;
  const titleOf = (caption: string): string => caption.trim() === '' ? t('{0} asks', server) : t('{0} asks: {1}', server, sanitizeLine(caption, 120));
  const ask = async (title: string, prompt: string, options: vscode.InputBoxOptions = {}): Promise<string> => {
    const answer = await inputBox({ title, prompt, ...options }, script.signal);
    return answer ?? await script.decline();
  };
  const secret = async (title: string, prompt: string): Promise<SecureString> => secureText(await ask(title, prompt, { password: true }));
  const credential = async (title: string, message: string, userName: string): Promise<{ userName: string; password: SecureString }> => {
    const name = await ask(title, message === '' ? t('User name') : t('{0} User name', message), { value: userName });
    return { userName: name, password: await secret(title, t('Password of {0}', sanitizeLine(name, 80))) };
  };
  const field = async (title: string, message: string, one: PromptField): Promise<PSValue> => {
    const name = sanitizeLine(one.label.replace(/&(?=\S)/, '') || one.name, 200);
    const help = sanitizeLine(one.help, 300);
    const prompt = [message, name, help].filter((part) => part !== '').join(' · ');
    if (one.typeName === 'System.Security.SecureString') return await secret(title, prompt);
    if (one.typeName === 'System.Management.Automation.PSCredential') {
      const { userName, password } = await credential(title, prompt, '');
      return { kind: 'object', typeNames: ['System.Management.Automation.PSCredential', 'System.Object'], toStringValue: 'System.Management.Automation.PSCredential', properties: { UserName: userName, Password: password }, value: undefined };
    }
    if (!one.typeName.endsWith('[]')) return await ask(title, prompt);
    const values: string[] = [];
    while (values.length < mostValues) {
      const value = await ask(title, t('{0} ({1} so far; nothing ends the list)', prompt, values.length));
      if (value === '') break;
      values.push(value);
    }
    return values;
  };
  return {
    readLine: () => ask(titleOf(''), t('A line of text')),
    readLineAsSecureString: () => secret(titleOf(''), t('A secret')),
    prompt: async (caption, message, fields) => {
      const answers: Record<string, PSValue> = {};
      for (const one of fields.slice(0, mostFields)) answers[one.name] = await field(titleOf(caption), sanitizeLine(message, 200), one);
      return answers;
    },
    promptForCredential: (caption, message, userName, targetName) => credential(titleOf(caption), sanitizeLine(message, 300), targetName === '' || userName.includes('\\') || userName === '' ? userName : `${targetName}\\${userName}`),
    promptForChoice: async (caption, message, choices, defaultChoice) => {
      const items = choices.slice(0, mostFields).map(({ label, help }, index) => ({
        label: sanitizeLine(label.replace(/&(?=\S)/, ''), 100), description: index === defaultChoice ? t('default') : '', detail: sanitizeLine(help, 300), index,
      }));
      const picked = await pick(items, titleOf(caption), sanitizeLine(message, 300), defaultChoice, script.signal);
      return picked ?? await script.decline();
    },
  };
}

/** One of several choices by its index, the default one in focus. */
async function pick(items: readonly (vscode.QuickPickItem & { readonly index: number })[], title: string, placeholder: string, preset: number, signal: AbortSignal): Promise<number | undefined> {
  if (signal.aborted) return undefined;
  const input = vscode.window.createQuickPick<(typeof items)[number]>();
  Object.assign(input, { title, placeholder, items, ignoreFocusOut: true });
  const active = items[preset];
  if (active !== undefined) input.activeItems = [active];
  const hide = (): void => { input.hide(); };
  signal.addEventListener('abort', hide, { once: true });
  try {
    return await new Promise((resolve) => {
      input.onDidAccept(() => { resolve(input.selectedItems[0]?.index); });
      input.onDidHide(() => { resolve(undefined); });
      input.show();
    });
  } finally {
    signal.removeEventListener('abort', hide);
    input.dispose();
  }
}
