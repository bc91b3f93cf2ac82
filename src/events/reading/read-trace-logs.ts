import type { PowerShellSession } from '../../session.ts';
import script from '../scripts/read-trace-logs.ps1';
import { answerObject, textField } from './answer-fields.ts';
import { EventAnswerInvalid } from './errors.ts';
import { runScript } from './run-script.ts';

/** How much of Connect's trace logs is read. */
export interface TraceBounds {
  readonly files: number;
  /** Lines of one file, counted from its end. */
  readonly lines: number;
  /** Characters of all files together; reading ends there. */
  readonly characters: number;
}

/** Some whole lines of a trace log, in order; `problem`: why Windows gave no more of it, its own words, bounded. */
export interface TracePiece {
  readonly name: string;
  readonly text: string;
  readonly problem: string;
}

/** Characters of one line, and of one record before it is sent. */
const longestLine = 4_000;
const pieceLength = 32_000;
const longestProblem = 500;
/** What the installer and the wizard call them: the date is in the name. */
const traceName = /^trace-[\w.-]{1,100}\.log$/i;

/** Connect's trace logs from %ProgramData%\AADConnect, newest first; none where there is no such folder. Untrusted text. Rejects as runScript does, and with EventAnswerInvalid. */
export async function* readTraceLogs(session: PowerShellSession, bounds: TraceBounds, signal?: AbortSignal): AsyncGenerator<TracePiece, void, undefined> {
  let left = bounds.characters;
  const parameters = { Files: bounds.files, Lines: bounds.lines, Longest: longestLine, Piece: pieceLength };
  for await (const value of runScript(session, { script, name: 'read-trace-logs', parameters, what: `Connect's trace logs on ${session.peer.computerName} could not be read`, signal })) {
    const record = answerObject(value);
    const [name, text, problem] = [textField(record, 'name'), textField(record, 'text'), textField(record, 'problem')];
    if (!traceName.test(name)) throw new EventAnswerInvalid('a trace log of a name that none has');
    yield { name, text: text.slice(0, left), problem: problem.slice(0, longestProblem) };
    left -= text.length;
    if (left <= 0) return;
  }
}
