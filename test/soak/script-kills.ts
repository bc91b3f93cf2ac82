import { moments, victims, type Kill, type Reaper } from '../lab/support/killable-server.ts';

/** The most kills of one repair, and how many scripts pass unharmed after each: far enough for somebody else to get going. */
const [mostKills, gap] = [8, 5];
/** Each repair begins to kill this many scripts later than the one before it, so that all of the repair is covered early. */
const later = 29;
/** Kills that are left when where a repair begins to kill does not matter any more. */
const nearTheEnd = 30;

/** The kills of one repair. */
export interface KillChain {
  readonly reaper: Reaper;
  /** How many it tries at most. */
  readonly most: number;
  /** What was killed so far, as `victim moment script`. */
  readonly struck: string[];
}

/** What of a repair was not killed yet: every kind of script with every victim at every moment. */
export class ScriptKills {
  /** By name of script. */
  readonly #left: ReadonlyMap<string, Map<string, Kill>>;
  readonly #scripts: number;
  /** What left a repair to a person together with others, to be tried alone. */
  readonly #alone: string[] = [];
  #chains = 0;
  /** Repairs in a row that came to none of the scripts that are left. */
  #idle = 0;

  /** `scripts` are those of a repair in which nothing is killed, with their usual times in milliseconds; `tried` is not tried again. */
  constructor(scripts: readonly { readonly name: string; readonly milliseconds: number }[], tried: ReadonlySet<string>) {
    const usual = new Map(scripts.map(({ name, milliseconds }) => [name, milliseconds]));
    this.#scripts = scripts.length;
    this.#left = new Map([...usual].map(([name, milliseconds]) => [name, new Map(moments.flatMap((moment) => victims.map((victim): [string, Kill] => [
      `${victim} ${moment} ${name}`, { moment, victim, lets: Math.round(milliseconds / 2) }]).filter(([what]) => !tried.has(what))))]));
  }

  get names(): number {
    return this.#left.size;
  }

  get left(): number {
    return [...this.#left.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** The next repair's kills; undefined once there is nothing left, or nothing that a repair comes to. */
  next(): KillChain | undefined {
    const alone = this.#alone.shift();
    if (alone === undefined && (this.left === 0 || this.#idle * later > this.#scripts + later)) return undefined;
    const struck: string[] = [];
    // Once little is left, the first that comes is taken.
    const from = alone !== undefined || this.#chains === 0 || this.#idle > 0 || this.left < nearTheEnd ? 0 : (this.#chains * later) % this.#scripts;
    if (alone === undefined) this.#chains++;
    let [sent, next] = [0, from];
    const reaper: Reaper = (name) => {
      const index = sent++;
      const most = alone === undefined ? mostKills : 1;
      if (index < next || struck.length >= most) return undefined;
      const [what, kill] = [...this.#left.get(name) ?? []].find(([one]) => alone === undefined ? !struck.includes(one) : one === alone) ?? [];
      if (what === undefined || kill === undefined) return undefined;
      struck.push(what);
      next = index + gap;
      return kill;
    };
    return { reaper, most: alone === undefined ? mostKills : 1, struck };
  }

  /** Whether what left the repair to a person is tried again, each alone. */
  again(chain: KillChain): boolean {
    if (chain.struck.length < 2) return false;
    this.#alone.push(...chain.struck);
    return true;
  }

  /** Takes a repair's kills off what is left, but for those that are tried again. */
  done(chain: KillChain): void {
    this.#idle = chain.struck.length === 0 ? this.#idle + 1 : 0;
    for (const what of chain.struck) {
      if (!this.#alone.includes(what)) for (const kills of this.#left.values()) kills.delete(what);
    }
  }
}

/** What an earlier soak over a transport has printed of its kills: which ended healthy, which left a repair to a person even alone, and how many repairs went wrong. */
export function earlierKills(printed: string, transport: string): { readonly healthy: ReadonlySet<string>; readonly person: ReadonlySet<string>; readonly wrong: number } {
  const [healthy, person] = [new Set<string>(), new Set<string>()];
  let wrong = 0;
  for (const [, over, struck = '', how = ''] of printed.matchAll(/^(\w+) \d+ ((?:\w+ \w+ [^,:]+(?:, )?)+): (.*)$/gm)) {
    const kills = struck.split(', ');
    if (over !== transport) continue;
    if (how.startsWith('healthy')) for (const kill of kills) healthy.add(kill);
    else if (how.startsWith('WRONG')) wrong++;
    else if (kills.length === 1) person.add(struck);
  }
  return { healthy, person, wrong };
}
