import type { PowerShellSession } from '../../session.ts';
import script from '../scripts/read-event-xml.ps1';
import { EventAnswerInvalid } from './errors.ts';
import { selectionXml } from './log-selection.ts';
import { runScript } from './run-script.ts';

/** Longest XML that is taken, in characters: the script cuts it there. */
const longest = 1_048_576;

/** The XML that Windows keeps of one event; undefined where the log has no such event (any more). Untrusted text. Rejects as runScript does. */
export async function readEventXml(session: PowerShellSession, log: string, recordId: number, signal?: AbortSignal): Promise<string | undefined> {
  const what = `Event ${recordId} of ${log} on ${session.peer.computerName} could not be read`;
  let xml: string | undefined;
  for await (const value of runScript(session, { script, name: 'read-event-xml', parameters: { Query: selectionXml({ log }, { from: recordId, to: recordId }) }, what, signal })) {
    if (xml !== undefined || typeof value !== 'string' || value.length > longest) throw new EventAnswerInvalid('the XML of an event is no text, too long, or there are two');
    xml = value;
  }
  return xml;
}
