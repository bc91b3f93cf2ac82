import type { PSObject, PSValue, RemoteErrorRecord } from '../../session.ts';
import { isObject, numberOf, property, psObject, textOf } from '../clixml/values.ts';

/** .NET's ErrorCategory by number. */
const categories = [
  'NotSpecified', 'OpenError', 'CloseError', 'DeviceError', 'DeadlockDetected', 'InvalidArgument', 'InvalidData', 'InvalidOperation',
  'InvalidResult', 'InvalidType', 'MetadataError', 'NotImplemented', 'NotInstalled', 'ObjectNotFound', 'OperationStopped', 'OperationTimeout',
  'SyntaxError', 'ParserError', 'PermissionDenied', 'ResourceBusy', 'ResourceExists', 'ResourceUnavailable', 'ReadError', 'WriteError',
  'FromStdErr', 'SecurityError', 'ProtocolError', 'ConnectionError', 'AuthenticationError', 'LimitsExceeded', 'QuotaExceeded', 'NotEnabled',
] as const;

/** Inner exceptions that are followed, outermost first. */
const maxInner = 16;

/** The first of several properties that is there and has text. */
function text(value: PSValue | undefined, ...names: string[]): string | undefined {
  for (const name of names) {
    const found = textOf(property(value, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The .NET type of a deserialized exception, without the `Deserialized.` that a second hop puts before it. */
function typeOf(value: PSValue | undefined): string {
  return isObject(value) ? (value.typeNames[0] ?? '').replace(/^(?:Deserialized\.)+/, '') : '';
}

/** An exception's message: the property, or what it was flattened to when objects nested too deep. */
function messageOf(exception: PSValue | undefined): string | undefined {
  return text(exception, 'Message') ?? textOf(exception);
}

/**
 * Reads an ErrorRecord in either form: the flat one that remoting writes (MS-PSRP 2.2.3.15, `ErrorCategory_Category`, …),
 * and the nested one of an error record that came as an object (`CategoryInfo.Category`, …). Missing parts stay empty.
 */
export function readErrorRecord(value: PSValue): RemoteErrorRecord {
  const exception = property(value, 'Exception');
  const nested = property(value, 'CategoryInfo');
  const details = property(value, 'ErrorDetails');
  const category = property(value, 'ErrorCategory_Category') ?? property(nested, 'Category');
  const target = property(value, 'TargetObject');
  const trace = text(value, 'ErrorDetails_ScriptStackTrace', 'ScriptStackTrace');
  return {
    message: nonEmpty(text(value, 'ErrorDetails_Message')) ?? nonEmpty(text(details, 'Message')) ?? messageOf(exception) ?? textOf(value) ?? '',
    fullyQualifiedErrorId: text(value, 'FullyQualifiedErrorId') ?? '',
    category: {
      category: categoryName(category),
      activity: text(value, 'ErrorCategory_Activity') ?? text(nested, 'Activity') ?? '',
      reason: text(value, 'ErrorCategory_Reason') ?? text(nested, 'Reason') ?? '',
      targetName: text(value, 'ErrorCategory_TargetName') ?? text(nested, 'TargetName') ?? '',
      targetType: text(value, 'ErrorCategory_TargetType') ?? text(nested, 'TargetType') ?? '',
    },
    exceptionType: typeOf(exception),
    hresult: numberOf(property(exception, 'HResult')),
    target: target === undefined || target === null ? undefined : textOf(target),
    script: position(value),
    scriptStackTrace: nonEmpty(trace),
    inner: innerExceptions(exception),
    recommendedAction: nonEmpty(text(value, 'ErrorDetails_RecommendedAction')) ?? nonEmpty(text(details, 'RecommendedAction')),
  };
}

function nonEmpty(found: string | undefined): string | undefined {
  return found === '' ? undefined : found;
}

function categoryName(value: PSValue | undefined): string {
  const number = numberOf(value);
  if (number !== undefined && categories[number] !== undefined) return categories[number];
  return textOf(value) ?? 'NotSpecified';
}

/** Where in the script: the flat properties, an InvocationInfo object, or its position object. */
function position(value: PSValue): RemoteErrorRecord['script'] {
  const info = property(value, 'InvocationInfo');
  const extent = property(value, 'SerializeExtent') === true ? value : undefined;
  const line = numberOf(property(value, 'InvocationInfo_ScriptLineNumber')) ?? numberOf(property(info, 'ScriptLineNumber')) ?? numberOf(property(extent, 'ScriptExtent_StartLineNumber'));
  const column = numberOf(property(value, 'InvocationInfo_OffsetInLine')) ?? numberOf(property(info, 'OffsetInLine')) ?? numberOf(property(extent, 'ScriptExtent_StartColumnNumber'));
  const source = text(value, 'InvocationInfo_Line', 'ScriptExtent_Text') ?? text(info, 'Line');
  if (line === undefined || (line === 0 && source === undefined)) return undefined;
  return { text: (source ?? '').trimEnd(), line, column: column ?? 0 };
}

function innerExceptions(exception: PSValue | undefined): { type: string; message: string }[] {
  const found: { type: string; message: string }[] = [];
  let inner = property(exception, 'InnerException');
  while (inner !== undefined && inner !== null && found.length < maxInner) {
    found.push({ type: typeOf(inner), message: messageOf(inner) ?? '' });
    inner = property(inner, 'InnerException');
  }
  return found;
}

/** An ErrorRecord of this side: the answer to a host call that cannot be given (MS-PSRP 2.2.6.2). */
export function hostRefusal(message: string): PSObject {
  const exception = psObject(['System.NotSupportedException', 'System.SystemException', 'System.Exception', 'System.Object'], { Message: message }, { text: message });
  return psObject(['System.Management.Automation.ErrorRecord', 'System.Object'], {
    Exception: exception,
    TargetObject: null,
    FullyQualifiedErrorId: 'HostCallRefused',
    InvocationInfo: null,
    ErrorCategory_Category: categories.indexOf('NotImplemented'),
    ErrorCategory_Activity: '',
    ErrorCategory_Reason: 'NotSupportedException',
    ErrorCategory_TargetName: '',
    ErrorCategory_TargetType: '',
    ErrorCategory_Message: message,
    SerializeExtendedInfo: false,
  }, { text: message });
}
