import type { ServerEntry } from './parse.ts';
import type { ProblemList } from './problem.ts';

/** One hop of a `jump` value that may name a server of the file. */
export interface Hop {
  /** As it is written, without user and port. */
  readonly name: string;
  /** Where the name starts in the value. */
  readonly start: number;
}

/** The hops of a `jump` value, in order: `[USER@]NAME[:PORT]`, separated by commas, as ssh_config's ProxyJump has it. */
export function hopsOf(value: string): readonly Hop[] {
  const hops: Hop[] = [];
  let start = 0;
  for (const part of value.split(',')) {
    const found = /^(\s*(?:ssh:\/\/)?(?:[^@\s]+@)?)([^\s].*?)(:\d+)?\s*$/.exec(part);
    if (found?.[2] !== undefined) hops.push({ name: found[2], start: start + (found[1]?.length ?? 0) });
    start += part.length + 1;
  }
  return hops;
}

/**
 * Reports servers whose jump hosts lead back to themselves. A server that merely inherits a jump through itself is meant to be
 * reached directly: that is how defaults name the one bastion that is in the file as well.
 */
export function reportJumpCycles(servers: readonly ServerEntry[], problems: ProblemList): void {
  const byName = new Map(servers.map((entry) => [entry.name.toLowerCase(), entry]));
  const next = (entry: ServerEntry): readonly ServerEntry[] => entry.jump === undefined ? [] : hopsOf(entry.jump.value)
    .map((hop) => byName.get(hop.name.toLowerCase()))
    .filter((found) => found !== undefined && (found !== entry || entry.jump?.own === true)) as ServerEntry[];
  const done = new Set<ServerEntry>();
  for (const first of servers) {
    if (first.jump === undefined || done.has(first)) continue;
    // Depth first without recursion: a chain may be as long as the file.
    const path: { readonly entry: ServerEntry; readonly rest: ServerEntry[] }[] = [{ entry: first, rest: [...next(first)] }];
    const on = new Set([first]);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const following = last.rest.shift();
      if (following === undefined) {
        path.pop();
        on.delete(last.entry);
        done.add(last.entry);
      } else if (on.has(following)) {
        const { range } = last.entry.jump ?? last.entry;
        problems.error('jump-cycle', 'These jump hosts lead back to this server, so none of them can be reached.', [range.start.offset, range.end.offset]);
      } else if (!done.has(following)) {
        on.add(following);
        path.push({ entry: following, rest: [...next(following)] });
      }
    }
  }
}
