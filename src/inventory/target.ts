import type { JumpTarget, SessionTarget, WinRmTarget } from '../session.ts';

/** One entry of the servers file, resolved: its own keys, then its group's defaults, then the file's. */
export interface Target {
  readonly name: string;
  readonly host: string;
  readonly transport: 'ssh' | 'winrm' | 'local';
  readonly port: number | undefined;
  readonly user: string | undefined;
  /** The one way to authenticate over SSH, where the file says it or names a key; undefined: all in turn. */
  readonly auth: 'key' | 'agent' | 'password' | undefined;
  /** Servers on the way, in order; empty: none; undefined: whatever ssh_config says. */
  readonly jump: readonly JumpTarget[] | undefined;
  /** Absolute: `~` is expanded. Undefined where `auth` is `password`. */
  readonly identityFile: string | undefined;
  /** Present where `transport` is `winrm`; its paths are absolute. */
  readonly winrm: WinRmTarget | undefined;
  /** What the file claims about the server; such claims can only contradict the server's own facts. */
  readonly computerName: string | undefined;
  readonly serviceAccount: string | undefined;
  readonly role: 'active' | 'staging' | undefined;
  readonly notes: string | undefined;
}

/** The part of a target that a transport needs. */
export function toSessionTarget(target: Target): SessionTarget {
  const { name, host, transport, port, user, identityFile, winrm, auth, jump } = target;
  return { name, host, transport, port, user, identityFile, winrm, ...auth === undefined ? {} : { auth }, ...jump === undefined ? {} : { jump } };
}

/** Replaces a leading `~` by the home folder. */
export function expandHome(path: string, home: string): string {
  return /^~(?=$|[\\/])/.test(path) ? home + path.slice(1) : path;
}
