import type { JumpTarget } from '../session.ts';
import { hostPattern } from './keys.ts';
import { nearest } from './nearest.ts';
import type { ProblemList } from './problem.ts';
import type { Target } from './target.ts';

/** One entry with what it or its defaults say about the way to it. */
export interface Jumping {
  /** Its target is replaced by the one with the way, or taken away where the way has an error. */
  readonly entry: { readonly name: string; target: Target | undefined };
  readonly jump: string | undefined;
  /** The entry itself says it, not its defaults. */
  readonly own: boolean;
  /** Where a problem is marked. */
  readonly at: readonly [number, number];
  /** Where the characters of `jump` stand one by one in the file; undefined where they do not: inherited, folded or escaped. */
  readonly text: number | undefined;
}

/** Most servers on one way. */
const mostHops = 8;
const host = new RegExp(hostPattern, 'u');

/** Works out the way to each entry, with names of other entries resolved; reports unknown names and circles. */
export function resolveJumps(entries: readonly Jumping[], problems: ProblemList): void {
  const byName = new Map(entries.map((one) => [one.entry.name.toLowerCase(), one]));
  const targets = new Map(entries.map((one) => [one, one.entry.target]));
  const names = entries.map((one) => one.entry.name);
  const near = new Map<string, string | undefined>();
  // Asked once for each word: thousands of entries may inherit the same.
  const meant = (word: string): string | undefined => {
    if (!near.has(word)) near.set(word, nearest(word, names));
    return near.get(word);
  };
  for (const one of entries) {
    const target = targets.get(one);
    if (one.jump === undefined || target?.transport !== 'ssh') continue;
    const before = problems.errors;
    const way = new Way({ byName, targets, meant }, problems, one);
    const hops = way.before(one, []);
    one.entry.target = problems.errors > before || hops === undefined ? undefined : { ...target, jump: way.isItself ? undefined : hops };
  }
}

/** What is known of the file's entries. */
interface JumpFile {
  readonly byName: ReadonlyMap<string, Jumping>;
  readonly targets: ReadonlyMap<Jumping, Target | undefined>;
  /** The entry whose name a word nearly is. */
  readonly meant: (word: string) => string | undefined;
}

class Way {
  /** Defaults that name the entry itself: it is the jump host, and reached as if they said nothing. */
  isItself = false;
  readonly #file: JumpFile;
  readonly #problems: ProblemList;
  readonly #of: Jumping;
  /** The hop that is looked at, where it has a place of its own. */
  #at: readonly [number, number];

  constructor(file: JumpFile, problems: ProblemList, of: Jumping) {
    this.#file = file;
    this.#problems = problems;
    this.#of = of;
    this.#at = of.at;
  }

  /** The hops before an entry; undefined where there is an error, which is reported. */
  before(one: Jumping, trail: readonly Jumping[]): JumpTarget[] | undefined {
    const words = (one.jump ?? '').split(',').map((word) => word.trim());
    if (one.jump === undefined) return [];
    if (words.length === 1 && words[0]?.toLowerCase() === 'none') return [];
    if (!one.own && words.some((word) => word.toLowerCase() === one.entry.name.toLowerCase())) {
      if (one === this.#of) this.isItself = true;
      return [];
    }
    if (trail.includes(one)) return this.#error('jump-cycle', `The jump hosts lead in a circle: ${[...trail, one].map((each) => each.entry.name).join(' → ')}.`);
    // A longer way is refused anyway; a chain may be as long as the file.
    if (trail.length > mostHops) return this.#tooLong();
    const hops: JumpTarget[] = [];
    for (const [index, word] of words.entries()) {
      if (trail.length === 0) this.#at = placeOfHop(one, index);
      const found = this.#hop(word, [...trail, one]);
      if (found === undefined) return undefined;
      hops.push(...found);
      if (hops.length > mostHops) return this.#tooLong();
    }
    return hops;
  }

  #hop(word: string, trail: readonly Jumping[]): JumpTarget[] | undefined {
    const entry = this.#file.byName.get(word.toLowerCase());
    if (entry !== undefined) {
      const target = this.#file.targets.get(entry);
      if (target === undefined) return this.#error('unknown-jump', 'The jump host\'s own entry has an error.');
      if (target.transport !== 'ssh') return this.#error('contradiction', 'Only a server that is reached over ssh can be a jump host.');
      const before = this.before(entry, trail);
      const { name, host: named, port, user, identityFile, auth } = target;
      const direct = entry.jump?.trim().toLowerCase() === 'none';
      return before === undefined ? undefined : [...before, { name, host: named, port, user, identityFile, ...auth === undefined ? {} : { auth }, ...direct ? { direct } : {} }];
    }
    const [, user, bracketed, plain, port] = /^(?:(.+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(word) ?? [];
    const place = bracketed ?? plain ?? '';
    const number = port === undefined ? undefined : Number(port);
    if (!host.test(place) || (number !== undefined && (number < 1 || number > 65535))) return this.#error('unknown-jump', 'jump needs names of servers of this file, or user@host:port, with commas between them.');
    // A bare word that nearly is a server's name was meant as one.
    const close = user === undefined && port === undefined ? this.#file.meant(word) : undefined;
    if (close !== undefined) this.#problems.warning('unknown-jump', 'No server of this file has this name, so it is taken as a host name.', this.#at, this.#of.text === undefined ? undefined : close);
    return [{ name: place, host: place, port: number, user, identityFile: undefined }];
  }

  #tooLong(): JumpTarget[] | undefined {
    return this.#error('unknown-jump', `jump may lead through at most ${mostHops} servers.`);
  }

  /** Reports an error; there is no way then. */
  #error(code: 'jump-cycle' | 'unknown-jump' | 'contradiction', message: string): JumpTarget[] | undefined {
    this.#problems.error(code, message, this.#at);
    return undefined;
  }
}

/** Where one hop of an entry's own value stands; without a place of its own, where the entry's problems are marked. */
function placeOfHop({ jump, text, at }: Jumping, index: number): readonly [number, number] {
  const word = jump?.split(',')[index];
  if (jump === undefined || word === undefined || text === undefined) return at;
  const before = jump.split(',').slice(0, index).reduce((sum, one) => sum + one.length + 1, 0);
  const start = text + before + word.length - word.trimStart().length;
  return [start, start + word.trim().length];
}
