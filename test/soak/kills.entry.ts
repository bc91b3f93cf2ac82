import { moments, victims, type Kill } from '../lab/support/killable-server.ts';
import { killedRun, type KillTransport } from '../lab/support/kill-run.ts';
import { killAll, worlds } from '../unit/run/kills.ts';

/** Kills of one transport, in an order that covers every script, moment and victim evenly however early it is broken off. */
function kills(scripts: readonly { readonly milliseconds: number }[]): Kill[] {
  const all = scripts.flatMap((script, at) => moments.flatMap((moment) => victims.map((victim): Kill => ({ at, moment, victim, lets: Math.round(script.milliseconds / 2) }))));
  // A step without a common divisor visits each once.
  let step = Math.max(1, Math.round(all.length * 0.618));
  while (divisor(step, all.length) !== 1) step++;
  return all.map((_, i) => all[(i * step) % all.length]).filter((kill) => kill !== undefined);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Every script of every plan in memory, killed in every way. */
async function inMemory(print: (line: string) => void): Promise<boolean> {
  let good = true;
  for (const world of worlds) {
    const { all, open, twice } = await killAll(world, 1);
    for (const what of [...twice.map((text) => `WRONG, begun twice: ${text}`), ...open]) print(`  ${what}`);
    good &&= twice.length === 0 && open.length * 10 <= all;
    print(`${world.name} in memory: ${all} kills, ${all - open.length} healthy, ${open.length} left to a person, ${twice.length} wrong`);
  }
  return good;
}

/**
 * Kills one script after another of a scenario's repair, on every transport in turn, until all were killed in every way or the time is
 * over; each is gone on with by another client. True where nothing irreversible was begun twice and nine of ten ended healthy.
 */
export async function soakKills(scenario: string, minutes: number, transports: readonly KillTransport[], print: (line: string) => void): Promise<boolean> {
  const end = performance.now() + minutes * 60_000;
  let good = await inMemory(print);
  const lists = new Map<KillTransport, Kill[]>();
  for (const transport of transports) {
    const clean = await killedRun(scenario, transport, undefined);
    if (!clean.verdict.healthy) throw new Error(`${scenario} over ${transport} is not healthy even when nothing is killed: ${clean.states.join(' -> ')} ${clean.verdict.reasons.join(' ')}`);
    lists.set(transport, kills(clean.scripts));
    print(`${scenario} over ${transport}: ${clean.scripts.length} scripts, ${lists.get(transport)?.length ?? 0} kills to try`);
  }
  const tally = new Map(transports.map((transport) => [transport, { all: 0, healthy: 0, wrong: 0 }]));
  for (let round = 0; performance.now() < end && [...lists.values()].some((list) => round < list.length); round++) {
    for (const transport of transports) {
      const kill = lists.get(transport)?.[round];
      const count = tally.get(transport);
      if (kill === undefined || count === undefined || performance.now() > end) continue;
      const begun = performance.now();
      let line: string;
      try {
        const { states, verdict, scripts, said } = await killedRun(scenario, transport, kill);
        const wrong = verdict.abandonStarted > 1;
        if (verdict.healthy) count.healthy++;
        if (wrong) count.wrong++;
        line = `(${scripts[kill.at]?.name ?? 'never sent'}): ${wrong ? `WRONG, abandoned ${verdict.abandonStarted} times: ` : ''}${verdict.healthy ? 'healthy' : `${verdict.reasons.join(' ')} | ${states.join(' -> ')} | ${said.slice(-4).join(' | ')}`}`;
      } catch (error) {
        count.wrong++;
        line = `WRONG: ${error instanceof Error ? error.message : String(error)}`;
      }
      count.all++;
      print(`${transport} ${kill.victim} ${kill.moment} ${kill.at} ${line} (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
    }
  }
  for (const [transport, { all, healthy, wrong }] of tally) {
    print(`${scenario} over ${transport}: ${all} kills, ${healthy} healthy, ${all - healthy - wrong} left to a person, ${wrong} wrong`);
    good &&= all > 0 && wrong === 0 && (all - healthy) * 10 <= all;
  }
  return good;
}
