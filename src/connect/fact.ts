/**
 * One fact of a snapshot: its value, or why there is none. A missing fact is never a "no": rules that need it say so.
 */
export type Fact<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: MissingReason; readonly detail: string };

export const missingReasons = [
  /** The ADSync service does not run, and only the running service can answer. */
  'service-stopped',
  'access-denied',
  /** The server has no such command (an older build, a missing tool). */
  'command-absent',
  'not-found',
  'timed-out',
  /** It was not asked because it has no meaning there (a file length of a remote database). */
  'not-asked',
  /** What came was of the wrong type, too large, or came twice. */
  'bad-answer',
  /** The server's malware protection (AMSI) refused the script itself. */
  'script-blocked',
  'failed',
] as const;
export type MissingReason = (typeof missingReasons)[number];

export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

export function missing(why: MissingReason, detail = ''): Fact<never> {
  return { known: false, why, detail };
}

/** The value, or undefined where the fact is missing. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.known ? fact.value : undefined;
}

/** Changes a known value; undefined from `change` makes it a bad answer. */
export function mapFact<T, U>(fact: Fact<T>, change: (value: T) => U | undefined): Fact<U> {
  if (!fact.known) return fact;
  const value = change(fact.value);
  return value === undefined ? missing('bad-answer', 'The server answered with something that has no meaning here.') : known(value);
}

const reasonTexts: Readonly<Record<MissingReason, string>> = {
  'service-stopped': 'the ADSync service is not running',
  'access-denied': 'access was denied',
  'command-absent': 'the server does not have the command',
  'not-found': 'it was not found',
  'timed-out': 'the time limit was over',
  'not-asked': 'it does not apply to this server',
  'script-blocked': 'the server\'s malware protection blocked the script',
  'bad-answer': 'the answer could not be read',
  'failed': 'the server failed to answer',
};

/** Why a fact is missing, for people: half a sentence. Empty for a known fact. */
export function whyMissing(fact: Fact<unknown>): string {
  if (fact.known) return '';
  return fact.detail === '' ? reasonTexts[fact.why] : `${reasonTexts[fact.why]} (${fact.detail})`;
}
