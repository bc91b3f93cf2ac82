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
