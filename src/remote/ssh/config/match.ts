import { matchesPatternList } from '../patterns.ts';
import { SshConfigError } from './error.ts';

/** What `Host` and `Match` lines ask about. */
export interface MatchContext {
  /** What the person named, before `HostName`. */
  readonly originalHost: string;
  /** After `HostName`, as far as known. */
  readonly host: string;
  readonly user: string;
  readonly localUser: string;
  /** The second reading, in which `final` and `canonical` hold. */
  readonly final: boolean;
}

/** How a `Match` line came out. */
export interface MatchVerdict {
  readonly matches: boolean;
  /** It asks for a second reading. */
  readonly wantsFinal: boolean;
  /** A criterion that is never looked at here, so the line does not match. */
  readonly unsupported: string | undefined;
}

const withoutValue = new Set(['all', 'canonical', 'final']);

/** Judges the words of a `Match` line (ssh_config(5)). `exec` would run a program and is never looked at. Throws an SshConfigError. */
export function judgeMatch(words: readonly string[], context: MatchContext, where: string): MatchVerdict {
  if (words.length === 0) throw new SshConfigError(where, 'Match needs a condition.');
  let matches = true;
  let wantsFinal = false;
  let unsupported: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const [, negation = '', name = '', joined] = /^(!?)([A-Za-z]+)(?:=(.*))?$/s.exec(words[at] ?? '') ?? [];
    const criterion = name.toLowerCase();
    if (criterion === '') throw new SshConfigError(where, 'Match has a condition that is not a word.');
    let value = '';
    if (!withoutValue.has(criterion)) {
      const given = joined ?? words[++at];
      if (given === undefined) throw new SshConfigError(where, `Match ${criterion} needs a value.`);
      value = given;
    }
    if (criterion === 'final') wantsFinal = true;
    const held = holds(criterion, value, context);
    if (held === undefined) unsupported ??= criterion;
    else if (held === (negation === '!')) matches = false;
  }
  return { matches: matches && unsupported === undefined, wantsFinal, unsupported };
}

function holds(criterion: string, value: string, { originalHost, host, user, localUser, final }: MatchContext): boolean | undefined {
  const list = (name: string, ignoreCase = false): boolean => matchesPatternList(ignoreCase ? name.toLowerCase() : name, (ignoreCase ? value.toLowerCase() : value).split(','));
  switch (criterion) {
    case 'all': return true;
    case 'canonical': case 'final': return final;
    case 'host': return list(host, true);
    case 'originalhost': return list(originalHost, true);
    case 'user': return list(user);
    case 'localuser': return list(localUser);
    default: return undefined;
  }
}
