import type { RemoteErrorRecord } from '../../session.ts';

/** Longest text of a server inside an error, in characters. */
const longest = 500;

/** A script that reads events ended with an error of its own: the server was reached, and it said no. */
export class EventReadFailed extends Error {
  override readonly name = 'EventReadFailed';
  readonly remote: RemoteErrorRecord | undefined;

  /** @param what what was tried, as in "The event logs of SYNC1 could not be read" */
  constructor(what: string, remote: RemoteErrorRecord | undefined) {
    super(`${what}. The server said: ${remote === undefined ? 'nothing' : remote.message.slice(0, longest)}`);
    this.remote = remote;
  }
}

/** What the server answered is not what the script sends: it is not believed, and nothing more of it is read. */
export class EventAnswerInvalid extends Error {
  override readonly name = 'EventAnswerInvalid';

  /** @param problem what is wrong, without quoting the answer */
  constructor(problem: string) {
    super(`The server's answer cannot be event records: ${problem}. Something between this client and the event log changes what is sent, or answers in its place.`);
  }
}
