import type { PowerShellSession } from '../../session.ts';
import script from '../scripts/list-logs.ps1';
import { answerObject, numbersField, textsField } from './answer-fields.ts';
import type { LogReach } from './log-reading.ts';
import { reachOf } from './log-records.ts';
import { isLogName } from './log-selection.ts';
import { runScript } from './run-script.ts';

/** Most logs that are listed; a Windows server has some hundreds. */
const mostLogs = 5_000;

/** Every event log that this account may hear of, by name. Rejects as runScript does, and with EventAnswerInvalid. */
export async function listLogs(session: PowerShellSession, signal?: AbortSignal): Promise<readonly LogReach[]> {
  const logs: LogReach[] = [];
  for await (const value of runScript(session, { script, name: 'list-logs', parameters: {}, what: `The event logs of ${session.peer.computerName} could not be listed`, signal })) {
    const record = answerObject(value);
    const names = textsField(record, 'log', mostLogs);
    const column = (name: string, most: number): number[] => numbersField(record, name, names.length, -1, most);
    const [counts, oldest, enabled, circular] = [column('count', Number.MAX_SAFE_INTEGER), column('oldest', Number.MAX_SAFE_INTEGER), column('enabled', 1), column('circular', 1)];
    names.forEach((log, at) => { if (isLogName(log)) logs.push(reachOf(log, counts[at] ?? -1, oldest[at] ?? -1, enabled[at] === 1, circular[at] === 1)); });
  }
  return logs.sort((a, b) => a.log.localeCompare(b.log, 'en'));
}
