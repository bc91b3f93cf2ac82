import type { PSObject, PSValue } from '../../session.ts';
import { isList, isObject, numberOf, property, psObject, textOf } from '../clixml/values.ts';
import { ProtocolError } from './error.ts';
import { hostRefusal } from './errorRecord.ts';
import { psEnum } from './handshake.ts';

/** The host methods of MS-PSRP 2.2.3.17 by number. */
const methods: readonly string[] = [
  '', 'GetName', 'GetVersion', 'GetInstanceId', 'GetCurrentCulture', 'GetCurrentUICulture', 'SetShouldExit', 'EnterNestedPrompt', 'ExitNestedPrompt',
  'NotifyBeginApplication', 'NotifyEndApplication', 'ReadLine', 'ReadLineAsSecureString', 'Write1', 'Write2', 'WriteLine1', 'WriteLine2', 'WriteLine3',
  'WriteErrorLine', 'WriteDebugLine', 'WriteProgress', 'WriteVerboseLine', 'WriteWarningLine', 'Prompt', 'PromptForCredential1', 'PromptForCredential2',
  'PromptForChoice', 'GetForegroundColor', 'SetForegroundColor', 'GetBackgroundColor', 'SetBackgroundColor', 'GetCursorPosition', 'SetCursorPosition',
  'GetWindowPosition', 'SetWindowPosition', 'GetCursorSize', 'SetCursorSize', 'GetBufferSize', 'SetBufferSize', 'GetWindowSize', 'SetWindowSize',
  'GetWindowTitle', 'SetWindowTitle', 'GetMaxWindowSize', 'GetMaxPhysicalWindowSize', 'GetKeyAvailable', 'ReadKey', 'FlushInputBuffer',
  'SetBufferContents1', 'SetBufferContents2', 'GetBufferContents', 'ScrollBufferContents', 'PushRunspace', 'PopRunspace', 'GetIsRunspacePushed',
  'GetRunspace', 'PromptForChoiceMultipleSelection',
];

/** The call id of methods without a result: they must not be answered. */
const voidCall = -100n;

/** One call of the remote host (MS-PSRP 2.2.2.15 and 2.2.2.27). */
export interface HostCall {
  /** The pipeline that called; undefined for the pool's own host. */
  readonly pipeline: string | undefined;
  readonly callId: bigint;
  readonly methodId: number;
  /** The method's name; `unknown` where the number has none. */
  readonly method: string;
  readonly parameters: readonly PSValue[];
  /** False for void methods. */
  readonly wantsAnswer: boolean;
}

/** Reads the body of a HOST_CALL. @throws ProtocolError for one that cannot be answered at all. */
export function readHostCall(value: PSValue, pipeline: string | undefined): HostCall {
  const id = property(value, 'ci');
  const methodId = numberOf(property(value, 'mi'));
  const parameters = property(value, 'mp');
  if (typeof id !== 'bigint' || methodId === undefined || !isList(parameters)) throw new ProtocolError('A host call came without its id, method or parameters.');
  return { pipeline, callId: id, methodId, method: methods[methodId] ?? 'unknown', parameters, wantsAnswer: id !== voidCall };
}

/** The body of a HOST_RESPONSE: a result, or the refusal that the script sees as an error. */
export function hostResponse(call: HostCall, answer: { readonly result: PSValue } | { readonly refusal: string }): PSObject {
  const method = psEnum('System.Management.Automation.Remoting.RemoteHostMethodId', call.method, call.methodId);
  return 'result' in answer
    ? psObject([], { ci: call.callId, mi: method, mr: answer.result })
    : psObject([], { ci: call.callId, mi: method, me: hostRefusal(answer.refusal) });
}

/** Unwraps the `{T, V}` form in which remoting writes typed host parameters. */
export function unwrapParameter(value: PSValue | undefined): PSValue | undefined {
  if (isObject(value) && value.properties['V'] !== undefined && typeof value.properties['T'] === 'string') return unwrapParameter(value.properties['V']);
  return value;
}

/** A parameter as text; empty where it has none. */
export function parameterText(call: HostCall, index: number): string {
  return textOf(unwrapParameter(call.parameters[index])) ?? '';
}

/** A parameter as a number; undefined where it is none. */
export function parameterNumber(call: HostCall, index: number): number | undefined {
  return numberOf(unwrapParameter(call.parameters[index]));
}

/** A parameter as a list; empty where it is none. */
export function parameterList(call: HostCall, index: number): readonly PSValue[] {
  const value = unwrapParameter(call.parameters[index]);
  return isList(value) ? value : [];
}
