import type { PowerShellSession } from '../../session.ts';
import script from '../scripts/read-clock.ps1';
import { EventAnswerInvalid } from './errors.ts';
import { runScript } from './run-script.ts';

/** Minutes that the server's clock is ahead of UTC now. Rejects as runScript does, and with EventAnswerInvalid. */
export async function readClock(session: PowerShellSession, signal?: AbortSignal): Promise<number> {
  let minutes: number | undefined;
  for await (const value of runScript(session, { script, name: 'read-clock', parameters: {}, what: `The time zone of ${session.peer.computerName} could not be read`, signal })) {
    const match = typeof value === 'string' ? /^([+\-\u2212])(\d\d).(\d\d)$/.exec(value) : null;
    const [, sign, hours, rest] = match ?? [];
    if (minutes !== undefined || sign === undefined || Number(hours) > 14 || Number(rest) > 59) throw new EventAnswerInvalid('the offset of a clock is no offset');
    minutes = (sign === '+' ? 1 : -1) * (Number(hours) * 60 + Number(rest));
  }
  if (minutes === undefined) throw new EventAnswerInvalid('it has no clock');
  return minutes;
}
