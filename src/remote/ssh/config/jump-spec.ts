import { SshConfigError } from './error.ts';

/** One hop of a ProxyJump: the host may be an alias. */
export interface JumpSpec {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
}

/** Most hops in one list. */
const mostHops = 8;

/** Reads `[user@]host[:port],…` or `ssh://…` (ssh_config(5), ProxyJump); the user may hold a further `@`. Throws an SshConfigError. */
export function parseJumpSpecs(text: string, where: string): JumpSpec[] {
  const specs = text.split(',').map((one) => parseJumpSpec(one.trim(), where));
  if (specs.length > mostHops) throw new SshConfigError(where, `ProxyJump names more than ${mostHops} hosts.`);
  return specs;
}

function parseJumpSpec(text: string, where: string): JumpSpec {
  const [, user, bracketed, plain, port] = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([0-9A-Fa-f:.%]+)\]|([\p{L}\p{N}_][\p{L}\p{N}._-]*))(?::(\d{1,5}))?\/?$/u.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? undefined : Number(port);
  if (host === undefined || (number !== undefined && (number < 1 || number > 65535))) throw new SshConfigError(where, 'ProxyJump needs [user@]host[:port], several with commas between them.');
  return { host, port: number, user };
}
