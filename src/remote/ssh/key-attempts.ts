import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2';
import { RemoteError } from '../error.ts';
import type { ConnectPrompts } from '../../session.ts';
import { agentKeys, agentPlaces, type AgentKey, type AgentLibrary } from './agent.ts';
import { fingerprint, sameKey } from './host-key.ts';
import { readIdentity, type Identity, type ParseKey } from './identity.ts';
import { unlockKey } from './private-key.ts';
import type { Hop } from './route.ts';
import type { SshSurroundings } from './surroundings.ts';

/** One key to offer. */
export interface KeyAttempt {
  /** For the log and for errors: where it is and its fingerprint. */
  readonly label: string;
  /** ssh2 offers it as an agent's, so what the server says to it has to be asked again. */
  readonly byAgent: boolean;
  method(username: string): Promise<AnyAuthMethod>;
}

/** What is used of ssh2, which is loaded late. */
export interface KeyLibrary extends AgentLibrary {
  readonly BaseAgent: typeof BaseAgent;
  readonly parseKey: ParseKey;
}

export interface KeyAttemptOptions {
  readonly hop: Hop;
  readonly around: SshSurroundings | undefined;
  readonly library: KeyLibrary;
  readonly prompts: ConnectPrompts;
  /** Ends the connection attempt. */
  readonly fail: (error: unknown) => void;
}

/** Most keys that are offered: servers end the connection after a few (MaxAuthTries, 6 by default). */
const mostKeys = 20;

/**
 * The key files of a hop, read before anything is connected to. The servers file's own must be there; rejects with a
 * RemoteError else. Those of ssh_config may be missing, as for OpenSSH.
 */
export async function readIdentities(hop: Hop, library: KeyLibrary, note: (line: string) => void): Promise<Identity[]> {
  if (hop.auth === 'password' || hop.auth === 'agent') return [];
  if (hop.identityFile !== undefined) return [await readIdentity(hop.server, hop.identityFile, library.parseKey)];
  if (!hop.settings.methods.includes('publickey')) return [];
  const found: Identity[] = [];
  for (const { path, given } of hop.settings.identityFiles) {
    try {
      found.push(await readIdentity(hop.server, path, library.parseKey));
    } catch (error) {
      if (given && error instanceof RemoteError) note(`${path} is not offered: ${error.failure.message}`);
    }
  }
  return found;
}

/**
 * The keys to offer, in OpenSSH's order: those of key files that an agent holds, the agent's others, the key files. With the
 * servers file's key, or with IdentitiesOnly, an agent is only asked for keys that are named.
 */
export async function keyAttempts(identities: readonly Identity[], options: KeyAttemptOptions): Promise<KeyAttempt[]> {
  const { hop, around, library, prompts } = options;
  const places = hop.auth === 'password' ? [] : await agentPlaces(hop.settings, around);
  const held = await agentKeys(places, library, (line) => prompts.note?.(line));
  const named = (key: ParsedKey): boolean => identities.some(({ publicKey }) => publicKey !== undefined && same(publicKey, key));
  const onlyNamed = hop.identityFile !== undefined || (hop.settings.identitiesOnly && hop.auth !== 'agent');
  const fromAgent = [...held.filter(({ key }) => named(key)), ...held.filter(({ key }) => !onlyNamed && !named(key))];
  const files = identities.filter(({ publicKey }) => publicKey === undefined || !held.some(({ key }) => same(publicKey, key)));
  for (const { file, publicOnly } of files) if (publicOnly) refusePublicOnly(hop, file, (line) => prompts.note?.(line));
  return [
    ...fromAgent.map((one) => agentAttempt(one, options)),
    ...files.filter(({ publicOnly }) => !publicOnly).map((identity) => fileAttempt(identity, options)),
  ].slice(0, mostKeys);
}

function refusePublicOnly(hop: Hop, file: string, note: (line: string) => void): void {
  if (hop.identityFile === undefined) {
    note(`${file} holds a public key only, and no agent holds its private key`);
    return;
  }
  throw new RemoteError({ reason: 'authentication-failed', server: hop.server, message: `${file} holds a public key only, and no agent holds its private key.`, remedy: 'Name the private key (the file without .pub) as identityFile, or add the key to the agent (ssh-add).' });
}

function agentAttempt({ key, agent, where }: AgentKey, { library }: KeyAttemptOptions): KeyAttempt {
  return {
    label: `the agent's key ${key.type} ${fingerprint(key.getPublicSSH())} (${where})`, byAgent: true,
    method: (username) => Promise.resolve({ type: 'agent', username, agent: oneKey(library.BaseAgent, key, (data, hash) => new Promise((resolve, reject) => {
      agent.sign(key, data, hash === undefined ? {} : { hash }, (error, signature) => {
        if (error || signature === undefined) reject(error ?? new Error('The agent gave no signature.'));
        else resolve(signature);
      });
    })) }),
  };
}

/** A locked key is offered by its public part: the passphrase is asked once the server wants the key. */
function fileAttempt(identity: Identity, { hop, library, prompts, fail }: KeyAttemptOptions): KeyAttempt {
  const { file, bytes, open, publicKey } = identity;
  const unlock = (): Promise<ParsedKey> => unlockKey({ server: hop.server, asks: hop.asks, file, bytes, prompts, parse: library.parseKey });
  const label = `the key ${file}${publicKey === undefined ? '' : ` (${publicKey.type} ${fingerprint(publicKey.getPublicSSH())})`}`;
  if (open !== undefined || publicKey === undefined) {
    return { label, byAgent: false, method: async (username) => ({ type: 'publickey', username, key: open ?? await unlock() }) };
  }
  return {
    label, byAgent: true,
    method: (username) => Promise.resolve({ type: 'agent', username, agent: oneKey(library.BaseAgent, publicKey, async (data, hash) => {
      let signature: Buffer | Error;
      try {
        signature = (await unlock()).sign(data, hash);
      } catch (error) {
        fail(error);
        throw error;
      }
      if (signature instanceof Error) throw signature;
      return signature;
    }) }),
  };
}

/** An agent with one key. */
function oneKey(Base: typeof BaseAgent, key: ParsedKey, sign: (data: Buffer, hash: 'sha1' | 'sha256' | 'sha512' | undefined) => Promise<Buffer>): BaseAgent {
  class OneKey extends Base<ParsedKey> {
    override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
      callback(undefined, [key]);
    }

    override sign(_key: ParsedKey, data: Buffer, options: unknown, callback?: unknown): void {
      const done = (callback ?? options) as (error: Error | undefined, signature?: Buffer) => void;
      const { hash } = (callback === undefined ? {} : options) as { hash?: 'sha1' | 'sha256' | 'sha512' };
      sign(data, hash).then((signature) => { done(undefined, signature); }, (error: unknown) => { done(error instanceof Error ? error : new Error(String(error))); });
    }
  }
  return new OneKey();
}

function same(one: ParsedKey, other: ParsedKey): boolean {
  return sameKey(one.getPublicSSH(), other.getPublicSSH());
}
