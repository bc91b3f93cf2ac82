import type { PromptField, PSValue, SessionHost, StreamRecord } from '../session.ts';
import { isSecureString, property, psCredential, textOf } from './clixml/values.ts';
import type { HostCall } from './psrp/hostCall.ts';
import { parameterList, parameterNumber, parameterText, unwrapParameter } from './psrp/hostCall.ts';
import { readProgress } from './psrp/records.ts';

/** What a host call comes to: a value for the server, or an error for the script. */
export type HostAnswer = { readonly result: PSValue } | { readonly refusal: string };

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

/**
 * Carries out a void host call. Text goes to the host where it takes text, else it becomes an information record, as
 * `Write-Host` makes one; progress, warnings and the like become records of their streams. The rest changes a screen
 * that this host does not have.
 */
export function performVoidCall(call: HostCall, host: SessionHost | undefined, emit: (record: StreamRecord) => void): void {
  const write = (index: number, colours: Colours, newLine: boolean): void => {
    const text = index < 0 ? '' : parameterText(call, index);
    if (host?.write !== undefined) host.write(newLine ? `${text}\n` : text, colours);
    else emit({ stream: 'information', value: { message: text, source: '', tags: ['PSHOST'], host: { ...colours, noNewLine: !newLine } } });
  };
  const plain: Colours = { foreground: undefined, background: undefined };
  const coloured = (): Colours => ({ foreground: parameterNumber(call, 0), background: parameterNumber(call, 1) });
  switch (call.method) {
    case 'Write1': write(0, plain, false); break;
    case 'Write2': write(2, coloured(), false); break;
    case 'WriteLine1': write(-1, plain, true); break;
    case 'WriteLine2': write(0, plain, true); break;
    case 'WriteLine3': write(2, coloured(), true); break;
    case 'WriteErrorLine': write(0, { foreground: 12, background: undefined }, true); break;
    case 'WriteDebugLine': emit({ stream: 'debug', value: parameterText(call, 0) }); break;
    case 'WriteVerboseLine': emit({ stream: 'verbose', value: parameterText(call, 0) }); break;
    case 'WriteWarningLine': emit({ stream: 'warning', value: parameterText(call, 0) }); break;
    case 'WriteProgress': emit({ stream: 'progress', value: readProgress(unwrapParameter(call.parameters[1]) ?? null) }); break;
    case 'SetShouldExit': host?.setExitCode?.(parameterNumber(call, 0) ?? 0); break;
    default:
  }
}
