import type { InformationRecord, ProgressRecord, PSValue, StreamRecord } from '../../session.ts';
import { isList, isObject, numberOf, property, textOf } from '../clixml/values.ts';
import { readErrorRecord } from './errorRecord.ts';
import { MessageType } from './message.ts';

/** Turns the decoded body of a stream's message into its record; undefined for messages of another kind. */
export function readRecord(type: number, value: PSValue): StreamRecord | undefined {
  switch (type) {
    case MessageType.pipelineOutput: return { stream: 'output', value };
    case MessageType.errorRecord: return { stream: 'error', value: readErrorRecord(value) };
    case MessageType.warningRecord: return { stream: 'warning', value: line(value) };
    case MessageType.verboseRecord: return { stream: 'verbose', value: line(value) };
    case MessageType.debugRecord: return { stream: 'debug', value: line(value) };
    case MessageType.informationRecord: return { stream: 'information', value: readInformation(value) };
    case MessageType.progressRecord: return { stream: 'progress', value: readProgress(value) };
    default: return undefined;
  }
}

/** InformationalRecord (MS-PSRP 2.2.5.1.29 and following): old servers send a bare string. */
function line(value: PSValue): string {
  return textOf(property(value, 'InformationalRecord_Message')) ?? textOf(property(value, 'Message')) ?? textOf(value) ?? '';
}

/** .NET's ConsoleColor names by number: colours come by name in records and by number in host calls. */
const colours = [
  'Black', 'DarkBlue', 'DarkGreen', 'DarkCyan', 'DarkRed', 'DarkMagenta', 'DarkYellow', 'Gray',
  'DarkGray', 'Blue', 'Green', 'Cyan', 'Red', 'Magenta', 'Yellow', 'White',
];

function colour(value: PSValue | undefined): number | undefined {
  const number = numberOf(value) ?? colours.indexOf(textOf(value) ?? '');
  return number >= 0 && number < colours.length ? number : undefined;
}

function readInformation(value: PSValue): InformationRecord {
  const data = property(value, 'MessageData');
  const tags = property(value, 'Tags');
  const list = isList(tags) ? tags : isObject(tags) && isList(tags.value) ? tags.value : [];
  const fromHost = isObject(data) && data.typeNames.some((t) => t.endsWith('HostInformationMessage'));
  return {
    message: (fromHost ? textOf(property(data, 'Message')) : undefined) ?? textOf(data) ?? '',
    source: textOf(property(value, 'Source')) ?? '',
    tags: list.map((t) => textOf(t) ?? ''),
    host: fromHost ? {
      foreground: colour(property(data, 'ForegroundColor')),
      background: colour(property(data, 'BackgroundColor')),
      noNewLine: property(data, 'NoNewLine') === true,
    } : undefined,
  };
}

/** Reads a progress record: the message's own names, or those of a WriteProgress host call's object. */
export function readProgress(value: PSValue): ProgressRecord {
  const get = (name: string, hostName: string): PSValue | undefined => property(value, name) ?? property(value, hostName);
  return {
    activityId: numberOf(get('ActivityId', 'id')) ?? 0,
    parentActivityId: numberOf(get('ParentActivityId', 'parentId')) ?? -1,
    activity: textOf(get('Activity', 'activity')) ?? '',
    status: textOf(get('StatusDescription', 'status')) ?? '',
    currentOperation: textOf(get('CurrentOperation', 'currentOperation')) ?? '',
    percent: numberOf(get('PercentComplete', 'percent')) ?? -1,
    secondsRemaining: numberOf(get('SecondsRemaining', 'secondsRemaining')) ?? -1,
    completed: numberOf(get('Type', 'type')) === 1,
  };
}
