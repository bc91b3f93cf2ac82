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
}

/** Most servers on one way. */
const mostHops = 8;
const host = new RegExp(hostPattern, 'u');

/** Works out the way to each entry, with names of other entries resolved; reports unknown names and circles. */
export function resolveJumps(entries: readonly Jumping[], problems: ProblemList): void {
  const byName = new Map(entries.map((one) => [one.entry.name.toLowerCase(), one]));
  const targets = new Map(entries.map((one) => [one, one.entry.target]));
  for (const one of entries) {
    const target = targets.get(one);
    if (one.jump === undefined || target?.transport !== 'ssh') continue;
    const before = problems.errors;
    const way = new Way(byName, targets, problems, one);
    const hops = way.before(one, []);
    one.entry.target = problems.errors > before || hops === undefined ? undefined : { ...target, jump: way.isItself ? undefined : hops };
  }
}

class Way {
  /** Defaults that name the entry itself: it is the jump host, and reached as if they said nothing. */
  isItself = false;
  readonly #byName: ReadonlyMap<string, Jumping>;
  readonly #targets: ReadonlyMap<Jumping, Target | undefined>;
  readonly #problems: ProblemList;
  readonly #of: Jumping;

  constructor(byName: ReadonlyMap<string, Jumping>, targets: ReadonlyMap<Jumping, Target | undefined>, problems: ProblemList, of: Jumping) {
    this.#byName = byName;
    this.#targets = targets;
    this.#problems = problems;
    this.#of = of;
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
    const hops: JumpTarget[] = [];
    for (const word of words) {
      const found = this.#hop(word, [...trail, one]);
      if (found === undefined) return undefined;
      hops.push(...found);
      if (hops.length > mostHops) return this.#error('unknown-jump', `jump may lead through at most ${mostHops} servers.`);
    }
    return hops;
  }

  #hop(word: string, trail: readonly Jumping[]): JumpTarget[] | undefined {
    const entry = this.#byName.get(word.toLowerCase());
    if (entry !== undefined) {
      const target = this.#targets.get(entry);
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
    const close = user === undefined && port === undefined ? nearest(word, [...this.#byName.values()].map((one) => one.entry.name)) : undefined;
    if (close !== undefined) this.#problems.warning('unknown-jump', 'No server of this file has this name, so it is taken as a host name.', this.#of.at, close);
    return [{ name: place, host: place, port: number, user, identityFile: undefined }];
  }

  /** Reports an error; there is no way then. */
  #error(code: 'jump-cycle' | 'unknown-jump' | 'contradiction', message: string): JumpTarget[] | undefined {
    this.#problems.error(code, message, this.#of.at);
    return undefined;
  }
}
