import { killedRun, type KillTransport } from '../lab/support/kill-run.ts';
import { earlierKills, ScriptKills } from './script-kills.ts';
import { killAfterRefusal, killAll, killTwice, worlds } from '../unit/run/kills.ts';

/** One of so many pairs of scripts is tried in memory; with all of them it would take hours. */
const strideOfPairs = 5;

/** Every script of every plan in memory, killed in every way; and whoever goes on after a kill, or after a person said no, killed as well. */
async function inMemory(print: (line: string) => void): Promise<boolean> {
  let good = true;
  for (const world of worlds) {
    for (const [what, { all, open, twice }] of [['kills', await killAll(world, 1)], ['pairs of kills', await killTwice(world, strideOfPairs)], ['kills after a no', await killAfterRefusal(world, 1)]] as const) {
      for (const one of [...twice.map((text) => `WRONG, begun twice: ${text}`), ...open]) print(`  ${one}`);
      good &&= twice.length === 0 && open.length * 10 <= all;
      print(`${world.name} in memory: ${all} ${what}, ${all - open.length} healthy, ${open.length} left to a person, ${twice.length} wrong`);
    }
  }
  return good;
}

/**
 * Kills every script of a scenario's repair in every way on every transport, some of them in each repair, until all were or the time is
 * over; each is gone on with by other clients. What leaves a repair to a person is tried again alone. True where nothing irreversible was
 * begun twice and nine of ten kills ended healthy.
 * @param earlier what a soak of the same scenario that came to no end has printed: it goes on from there
 */
export async function soakKills(scenario: string, minutes: number, transports: readonly KillTransport[], earlier: string, print: (line: string) => void): Promise<boolean> {
  const end = performance.now() + minutes * 60_000;
  const good = await inMemory(print);
  const all = await Promise.all(transports.map((transport) => killTransport(scenario, transport, end, earlier, print)));
  return good && all.every(Boolean);
}

/** One transport's part of it; its repairs run one after another. */
async function killTransport(scenario: string, transport: KillTransport, end: number, earlier: string, print: (line: string) => void): Promise<boolean> {
  const clean = await killedRun(scenario, transport, () => undefined);
  if (!clean.verdict.healthy) throw new Error(`${scenario} over ${transport} is not healthy even when nothing is killed: ${clean.states.join(' -> ')} ${clean.verdict.reasons.join(' ')}`);
  const before = earlierKills(earlier, transport);
  const kills = new ScriptKills(clean.scripts, new Set([...before.healthy, ...before.person]));
  print(`${scenario} over ${transport}: ${clean.scripts.length} scripts of ${kills.names} kinds, ${kills.left} kills to try`);
  const count = { repairs: 0, healthy: before.healthy.size, person: before.person.size, wrong: before.wrong };
  for (let chain = kills.next(); chain !== undefined && performance.now() < end; chain = kills.next()) {
    const begun = performance.now();
    let how: string;
    try {
      const { states, verdict, said } = await killedRun(scenario, transport, chain.reaper, chain.most + 1);
      const wrong = verdict.abandonStarted > 1;
      if (wrong) count.wrong++;
      if (verdict.healthy) count.healthy += chain.struck.length;
      else if (!kills.again(chain)) count.person += chain.struck.length;
      how = `${wrong ? `WRONG, abandoned ${verdict.abandonStarted} times: ` : ''}${verdict.healthy ? 'healthy' : `${verdict.reasons.join(' ')} | ${states.join(' -> ')} | ${said.slice(-4).join(' | ')}`}`;
    } catch (error) {
      count.wrong++;
      how = `WRONG: ${error instanceof Error ? error.message : String(error)}`;
    }
    kills.done(chain);
    count.repairs++;
    print(`${transport} ${count.repairs} ${chain.struck.join(', ')}: ${how} (${((performance.now() - begun) / 1000).toFixed(0)} s, ${kills.left} left)`);
  }
  const { repairs, healthy, person, wrong } = count;
  print(`${scenario} over ${transport}: ${repairs} repairs, ${healthy + person} kills, ${healthy} healthy, ${person} left to a person, ${wrong} wrong, ${kills.left} not tried`);
  return healthy > 0 && wrong === 0 && person * 10 <= healthy + person;
}
