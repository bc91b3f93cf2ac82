import { eventQueryXml } from '../event-query.ts';

/** Windows PowerShell commands that ask a server for single events of one log, by their record ids. Throws a RangeError where a value cannot be stated. */
export function recordQuery(log: string, recordIds: readonly number[]): string {
  return recordIds.map((recordId) => `Get-WinEvent -FilterXml @'\n${eventQueryXml({ logs: [log], recordIds: { from: recordId, to: recordId } })}\n'@\n`).join('\n');
}
