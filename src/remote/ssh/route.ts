import { RemoteError } from '../error.ts';
import type { JumpTarget, SessionTarget } from '../../session.ts';
import type { Proxy, SshSettings } from './config/settings.ts';
import { readSettings, type SshSurroundings } from './surroundings.ts';

/** One SSH server of the way, the last being the target. */
export interface Hop {
  /** As errors name it. */
  readonly server: string;
  /** As prompts name it: the same whichever server it leads to. */
  readonly asks: string;
  /** As it was named, before ssh_config. */
  readonly host: string;
  readonly settings: SshSettings;
  readonly identityFile: string | undefined;
  readonly auth: SessionTarget['auth'];
}

/** The way to a server. */
export interface Route {
  /** In the order in which they are connected to. */
  readonly hops: readonly Hop[];
  /** The program that makes the first connection, where ssh_config names one. */
  readonly command: Extract<Proxy, { kind: 'command' }> | undefined;
}

/** Most servers on one way. */
const mostHops = 9;

/** Works out the way to a target from the servers file's `jump` and from ssh_config. Rejects with a RemoteError. */
export async function planRoute(target: SessionTarget, around: SshSurroundings | undefined, server: string): Promise<Route> {
  const planner = new Planner(around, target.name, server);
  const { host, port, user, identityFile, auth, jump } = target;
  const command = await planner.add({ name: target.name, host, port, user, identityFile, auth }, jump, true, []);
  return { hops: planner.hops, command };
}

class Planner {
  readonly hops: Hop[] = [];
  readonly #around: SshSurroundings | undefined;
  readonly #target: string;
  readonly #server: string;

  constructor(around: SshSurroundings | undefined, target: string, server: string) {
    this.#around = around;
    this.#target = target;
    this.#server = server;
  }

  /**
   * Adds a host with everything before it.
   * @param jump what the servers file states; undefined: ssh_config decides
   * @param last it is the target itself
   * @param trail hosts that led here, for cycles
   */
  async add(one: JumpTarget, jump: readonly JumpTarget[] | undefined, last: boolean, trail: readonly string[]): Promise<Route['command']> {
    const settings = await readSettings(this.#around, one, this.#server);
    const place = `${settings.hostName}:${settings.port}`;
    if (trail.includes(place) || trail.length > mostHops) throw this.#cycle([...trail, place]);
    const { proxy } = settings;
    const stated = jump ?? (one.direct === true ? [] : undefined);
    const before = stated ?? jumpsOf(proxy, one.host);
    let command: Route['command'];
    if (stated === undefined && proxy.kind === 'command') command = proxy;
    const [first, ...rest] = before;
    if (first !== undefined) command = await this.add(first, undefined, false, [...trail, place]);
    // A list is the whole way between its hosts, as `ssh -J one,two` takes it.
    for (const hop of rest) await this.add({ ...hop, direct: true }, undefined, false, [...trail, place]);
    const asks = `${one.name} (${place})`;
    this.hops.push({ server: last ? asks : `${this.#target}, jump host ${asks}`, asks, host: one.host, settings, identityFile: one.identityFile, auth: one.auth });
    if (this.hops.length > mostHops) throw this.#cycle(this.hops.map((hop) => hop.asks));
    return command;
  }

  #cycle(trail: readonly string[]): RemoteError {
    return new RemoteError({
      reason: 'unsupported', server: this.#server,
      message: `The jump hosts lead in a circle, or there are more than ${mostHops}: ${trail.slice(0, mostHops + 1).join(' → ')}.`,
      remedy: 'Correct jump in the servers file, or ProxyJump in ~/.ssh/config.',
    });
  }
}

/** A jump host that itself falls under `Host *` with that ProxyJump is reached directly. */
function jumpsOf(proxy: Proxy, self: string): JumpTarget[] {
  if (proxy.kind !== 'jump' || proxy.hops.some((hop) => hop.host.toLowerCase() === self.toLowerCase())) return [];
  return proxy.hops.map((hop) => ({ ...hop, name: hop.host, identityFile: undefined }));
}
