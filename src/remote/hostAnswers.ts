import type { PromptField, PSValue, SessionHost, StreamRecord } from '../session.ts';
import { isSecureString, property, psCredential, textOf } from './clixml/values.ts';
import type { HostCall } from './psrp/hostCall.ts';
import { parameterList, parameterNumber, parameterText, unwrapParameter } from './psrp/hostCall.ts';

/** What a host call comes to: a value for the server, or an error for the script. */
export type HostAnswer = { readonly result: PSValue } | { readonly refusal: string };

/** .NET's ConsoleColor.Red, for error lines. */
const red = 12;

/** Colours of a host write (.NET ConsoleColor numbers). */
interface Colours {
  readonly foreground: number | undefined;
  readonly background: number | undefined;
}

/**
 * Answers a host call through the pipeline's host. What it cannot answer is refused at once, so that the script goes on
 * with an error instead of waiting for ever. Never rejects.
 */
export async function answerHostCall(call: HostCall, host: SessionHost | undefined): Promise<HostAnswer> {
  try {
    const result = await ask(call, host);
    return result === undefined ? { refusal: `This host has nobody who could answer ${call.method}.` } : { result };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

async function ask(call: HostCall, host: SessionHost | undefined): Promise<PSValue | undefined> {
  switch (call.method) {
    case 'ReadLine': return await host?.readLine?.();
    case 'ReadLineAsSecureString': return await host?.readLineAsSecureString?.();
    case 'Prompt': {
      if (host?.prompt === undefined) return undefined;
      const answers = await host.prompt(parameterText(call, 0), parameterText(call, 1), parameterList(call, 2).map(readField));
      return new Map<PSValue, PSValue>(Object.entries(answers));
    }
    case 'PromptForCredential1': case 'PromptForCredential2': {
      if (host?.promptForCredential === undefined) return undefined;
      const answer = await host.promptForCredential(parameterText(call, 0), parameterText(call, 1), parameterText(call, 2), parameterText(call, 3));
      if (!isSecureString(answer.password)) return undefined;
      return psCredential(answer.userName, answer.password);
    }
    case 'PromptForChoice': {
      if (host?.promptForChoice === undefined) return undefined;
      return await host.promptForChoice(parameterText(call, 0), parameterText(call, 1), readChoices(call), parameterNumber(call, 3) ?? -1);
    }
    case 'PromptForChoiceMultipleSelection': {
      if (host?.promptForChoice === undefined) return undefined;
      const preset = parameterNumber(call, 3) ?? Number(textOf(parameterList(call, 3)[0]) ?? -1);
      return [await host.promptForChoice(parameterText(call, 0), parameterText(call, 1), readChoices(call), preset)];
    }
    case 'GetName': return 'Entra Connect Remediation';
    case 'GetVersion': return { kind: 'typed', type: 'Version', text: '1.0' };
    case 'GetCurrentCulture': case 'GetCurrentUICulture': return 'en-US';
    case 'GetIsRunspacePushed': return false;
    default: return undefined;
  }
}

function readField(value: PSValue): PromptField {
  const field = unwrapParameter(value);
  const text = (name: string): string => textOf(property(field, name)) ?? '';
  return { name: text('name'), label: text('label'), help: text('helpMessage'), typeName: text('parameterTypeFullName') };
}

function readChoices(call: HostCall): { label: string; help: string }[] {
  return parameterList(call, 2).map((value) => {
    const choice = unwrapParameter(value);
    return { label: textOf(property(choice, 'label')) ?? '', help: textOf(property(choice, 'helpMessage')) ?? '' };
  });
}

/** Which parameter of a write method is its text, and whether a line end follows. */
const writes: ReadonlyMap<string, { readonly text: number; readonly newLine: boolean; readonly coloured: boolean }> = new Map([
  ['Write1', { text: 0, newLine: false, coloured: false }],
  ['Write2', { text: 2, newLine: false, coloured: true }],
  ['WriteLine1', { text: -1, newLine: true, coloured: false }],
  ['WriteLine2', { text: 0, newLine: true, coloured: false }],
  ['WriteLine3', { text: 2, newLine: true, coloured: true }],
  ['WriteErrorLine', { text: 0, newLine: true, coloured: false }],
]);

/** The text that a host call writes; undefined for other calls. */
export function writtenText(call: HostCall): string | undefined {
  const form = writes.get(call.method);
  return form === undefined ? undefined : form.text < 0 ? '' : parameterText(call, form.text);
}

/**
 * Carries out a void host call. Text goes to the host where it takes text, else it becomes an information record, as
 * `Write-Host` makes one. Lines of the warning, verbose, debug and progress streams are left out: servers send them as
 * records as well. The rest changes a screen that this host does not have. Never throws.
 */
export function performVoidCall(call: HostCall, host: SessionHost | undefined, emit: (record: StreamRecord) => void): void {
  try {
    if (call.method === 'SetShouldExit') host?.setExitCode?.(parameterNumber(call, 0) ?? 0);
    const form = writes.get(call.method);
    if (form === undefined) return;
    const text = writtenText(call) ?? '';
    const colours: Colours = {
      foreground: form.coloured ? parameterNumber(call, 0) : call.method === 'WriteErrorLine' ? red : undefined,
      background: form.coloured ? parameterNumber(call, 1) : undefined,
    };
    if (host?.write !== undefined) host.write(form.newLine ? `${text}\n` : text, colours);
    else emit({ stream: 'information', value: { message: text, source: '', tags: ['PSHOST'], host: { ...colours, noNewLine: !form.newLine } } });
  } catch {
    // A host that cannot show a line must not end the session.
  }
}
