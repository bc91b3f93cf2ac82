import { numberOf, textOf } from '../flat-record.ts';
import { scripts } from '../scripts.ts';
import type { StepContext } from '../step.ts';

/** One event about keys or stored credentials. */
export interface KeyEvent {
  readonly recordId: number;
  readonly id: number;
  readonly provider: string;
  readonly time: string;
  /** Its insertion values, one a line. */
  readonly text: string;
}

/** The events about keys and credentials that are newer than a record of the Application log, oldest first. */
export async function readKeyEvents(context: StepContext, after: number): Promise<readonly KeyEvent[]> {
  const records = await context.link.read(scripts.readKeyEvents, { After: BigInt(Math.max(0, Math.trunc(after))) }, { signal: context.signal });
  return records.flatMap((record) => {
    const recordId = numberOf(record, 'recordId');
    const id = numberOf(record, 'id');
    return recordId === undefined || id === undefined ? [] : [{ recordId, id, provider: textOf(record, 'provider'), time: textOf(record, 'time'), text: textOf(record, 'text') }];
  });
}

/** True where an event proves that a connector's stored secret was entered anew (6603 by the engine, 2518 or 2519 by the audit). */
export function provesReentry(event: KeyEvent, connector: string): boolean {
  if (event.provider === 'ADSync' ? event.id !== 6603 : event.id !== 2518 && event.id !== 2519) return false;
  return aboutConnector(event, connector);
}

/** Whether an event names the connector: as one of its values, or in quotation marks. */
export function aboutConnector(event: KeyEvent, connector: string): boolean {
  return event.text.toLowerCase().split('\n').some((line) => line.trim() === connector.toLowerCase() || line.includes(`'${connector.toLowerCase()}'`) || line.includes(`"${connector.toLowerCase()}"`));
}
