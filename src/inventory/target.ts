import type { SessionTarget } from '../session.ts';

/** One entry of the servers file, resolved: its own keys, then its group's defaults, then the file's. */
export interface Target {
  readonly name: string;
  readonly host: string;
  readonly transport: 'ssh' | 'local';
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly auth: 'key' | 'password';
  /** Absolute: `~` is expanded. Undefined where `auth` is `password`. */
  readonly identityFile: string | undefined;
  /** What the file claims about the server; such claims can only contradict the server's own facts. */
  readonly computerName: string | undefined;
  readonly serviceAccount: string | undefined;
  readonly role: 'active' | 'staging' | undefined;
  readonly notes: string | undefined;
}

/** The part of a target that a transport needs. */
export function toSessionTarget(target: Target): SessionTarget {
  const { name, host, transport, port, user, identityFile } = target;
  return { name, host, transport, port, user, identityFile };
}

/** Replaces a leading `~` by the home folder. */
export function expandHome(path: string, home: string): string {
  return /^~(?=$|[\\/])/.test(path) ? home + path.slice(1) : path;
}
