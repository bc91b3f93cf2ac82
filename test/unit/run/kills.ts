import type { PlanId } from '../../../src/connect/ids.ts';
import { FakeClient } from './fake-client.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { lost } from './fake-session.ts';

/** What dies: the client for good, its connection, or the process on the server that runs the script. */
export const victims = ['client', 'connection', 'engine'] as const;
/** When: before a script has an effect, in the middle of it, or after it and before its answer. */
export const moments = ['before', 'during', 'after'] as const;

export interface World { readonly name: string; readonly plan?: PlanId; readonly prepare: (server: FakeServer) => void }
const loseKey = (server: FakeServer): void => { server.loseKey(); };
const wrongPassword = (server: FakeServer): void => { server.wrongScmPassword(); };
const recreateKey = (server: FakeServer): void => {
  for (const one of server.connectors) one.good = false;
  server.event('Application', 'key-new', 6227, 'ADSync');
};

/** The plans whose runs are killed. */
export const worlds: readonly World[] = [
  { name: 'full-abandonment', prepare: loseKey },
  { name: 'service-password', prepare: wrongPassword },
  { name: 'credentials-only', prepare: recreateKey },
  { name: 'planned-change', plan: 'planned-change', prepare: () => undefined },
];

function fresh(world: World): FakeServer {
  const server = new FakeServer(new FakeClock());
  world.prepare(server);
  return server;
}

/** What keeps a server from being healthy, by its own state. */
function faults(server: FakeServer): string[] {
  return [
    ...(server.state === 'Running' ? [] : [`the service is ${server.state}`]), ...server.connectors.filter((one) => !one.good).map((one) => `${one.name} has no valid secret`),
    ...(server.enabled ? [] : ['the scheduler is off']), ...(server.before === '' ? [] : ['the scheduler is still remembered']),
    ...(server.marker === undefined && server.claim === undefined ? [] : ['the abandonment is not settled']),
    ...(server.scmPassword === server.accountPassword ? [] : ['the password in SCM is wrong']),
  ];
}

/** The scripts that one clean run of a plan sends, in order: each may be the moment at which something dies. */
async function scriptsOf(world: World): Promise<readonly string[]> {
  const server = fresh(world);
  const client = new FakeClient(server, 'alice');
  const result = await client.plan(world.plan);
  if (result?.state !== 'done' || faults(server).length > 0) throw new Error(`A run that nobody kills does not end healthy: ${result?.message ?? 'no plan'} ${faults(server).join(', ')}`);
  return server.calls;
}

export interface Killed { readonly server: FakeServer; readonly healthy: boolean; readonly states: readonly string[] }

/**
 * Runs a plan, kills one thing at one script, and lets somebody else on another machine bring it to its end.
 * @param next the script before which the first of these dies as well, where there is such a one
 */
async function kill(world: World, at: number, moment: typeof moments[number], victim: typeof victims[number], next = 0): Promise<Killed> {
  const server = fresh(world);
  const alice = new FakeClient(server, 'alice');
  alice.hook = (script, when, count) => {
    if (count !== at) return;
    if (moment === 'during' && when === 'before') {
      // A script that the server goes on with is cut off from its client only; one whose process dies is cut in two.
      if (victim === 'engine') server.half = script;
      return;
    }
    if (moment === 'during' || moment === when) {
      if (victim === 'client') alice.dead = true;
      throw lost();
    }
  };
  const states: string[] = [];
  let first;
  try {
    first = await alice.plan(world.plan);
  } catch {
    // The very first look at the server is what was cut: nothing was begun.
  }
  states.push(first?.state ?? 'not begun');
  if (next > 0) {
    const second = new FakeClient(server, 'alice2');
    second.person.answers = { ...second.person.answers, 'abandonment-outcome': 'leave' };
    second.hook = (_, when, count) => {
      if (count !== next || when !== 'before') return;
      second.dead = true;
      throw lost();
    };
    try {
      states.push((await second.resume() ?? await second.plan(undefined, true))?.state ?? 'nothing to do');
    } catch {
      states.push('dead');
    }
  }
  const bob = new FakeClient(server, 'bob');
  // Whoever cannot know how an abandonment ended leaves it open.
  bob.person.answers = { ...bob.person.answers, 'abandonment-outcome': 'leave' };
  for (let round = 0; round < 4 && faults(server).length > 0; round++) {
    const result = await bob.resume() ?? await bob.plan(undefined, true) ?? (await bob.look()).findings[0]?.id;
    states.push(typeof result === 'string' ? result : `${result?.state ?? ''}: ${result?.message ?? ''}`);
    if (typeof result === 'string') break;
  }
  return { server, healthy: faults(server).length === 0, states };
}

/** Kills a world's client before a script, and whoever goes on with it before a script of theirs: one of every `stride` pairs of these. */
export async function killTwice(world: World, stride: number): Promise<Tally> {
  const total = (await scriptsOf(world)).length;
  const [open, twice]: [string[], string[]] = [[], []];
  let all = 0;
  for (let pair = 0; pair < total * total; pair += stride) {
    const [at, next] = [1 + Math.floor(pair / total), 1 + (pair % total)];
    const { server, healthy, states } = await kill(world, at, 'before', 'client', next);
    all++;
    const what = `client before ${at} (${server.calls[at - 1] ?? ''}), then before ${next}: ${states.join(' -> ')} | ${faults(server).join(', ')}`;
    if (server.launches > 1 || server.abandonedCount > 1) twice.push(what);
    if (!healthy) open.push(what);
  }
  return { all, open, twice };
}

/**
 * A person says no to one of the questions of a world's plan, so that it ends there and is put in order; whoever goes on with it dies
 * before a script, one of every `stride`, and somebody else brings it to its end.
 */
export async function killAfterRefusal(world: World, stride: number): Promise<Tally> {
  const [open, twice]: [string[], string[]] = [[], []];
  let all = 0;
  for (let refused = 1; ; refused++) {
    let asked = 0;
    for (let next = 1; ; next += stride) {
      const server = fresh(world);
      const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((who) => new FakeClient(server, who)) as [FakeClient, FakeClient, FakeClient];
      asked = 0;
      alice.person.agrees = (): boolean => ++asked !== refused;
      for (const { person } of [bob, carol]) person.answers = { ...person.answers, 'abandonment-outcome': 'leave' };
      const states = [(await alice.plan(world.plan))?.state ?? 'no plan'];
      if (asked < refused) break;
      bob.hook = (_, when, count): void => {
        if (count !== next || when !== 'before') return;
        bob.dead = true;
        throw lost();
      };
      try {
        states.push((await bob.resume() ?? await bob.plan(undefined, true))?.state ?? 'nothing to do');
      } catch {
        states.push('dead');
      }
      if (!bob.dead) break;
      for (let round = 0; round < 4 && (await carol.look()).unfinished !== undefined; round++) states.push((await carol.resume())?.state ?? 'nothing to do');
      if (faults(server).length > 0) states.push((await carol.plan(undefined, true))?.state ?? 'nothing to do');
      all++;
      const what = `no to ${refused}, then client before ${next}: ${states.join(' -> ')} | ${faults(server).join(', ')}`;
      if (server.launches > 1 || server.abandonedCount > 1) twice.push(what);
      if (faults(server).length > 0) open.push(what);
    }
    if (asked < refused) return { all, open, twice };
  }
}

/** How a world came through its kills. */
export interface Tally {
  readonly all: number;
  /** Those that did not end healthy: a person has to decide. */
  readonly open: readonly string[];
  /** Those in which the irreversible action was begun or done more than once. */
  readonly twice: readonly string[];
}

/**
 * Kills a world at its scripts: each of them, each moment, each victim, or one of every `stride` of these, in an order that comes by
 * every script, every moment and every victim.
 */
export async function killAll(world: World, stride: number): Promise<Tally> {
  const total = (await scriptsOf(world)).length;
  const all = Array.from({ length: total }, (_, at) => moments.flatMap((moment) => victims.map((victim) => ({ at: at + 1, moment, victim })))).flat();
  const open: string[] = [];
  const twice: string[] = [];
  const chosen = all.filter((_, index) => index % stride === 0);
  for (const { at, moment, victim } of chosen) {
    const { server, healthy, states } = await kill(world, at, moment, victim);
    const what = `${victim} ${moment} ${at} (${server.calls[at - 1] ?? ''}): ${states.join(' -> ')} | ${faults(server).join(', ')}`;
    if (server.launches > 1 || server.abandonedCount > 1) twice.push(what);
    if (!healthy) open.push(what);
  }
  return { all: chosen.length, open, twice };
}
