import type { BaseAgent, ParsedKey } from 'ssh2';
import type { SshSettings } from './config/settings.ts';
import type { SshSurroundings } from './surroundings.ts';

/** Longest wait for an agent's list of keys, in milliseconds. */
const patience = 5000;
/** Most keys of one agent that are looked at. */
const mostKeys = 100;

/** A key that an agent holds. */
export interface AgentKey {
  readonly key: ParsedKey;
  readonly agent: BaseAgent;
  /** The agent's socket or pipe. */
  readonly where: string;
}

/** What is used of ssh2, which is loaded late. */
export interface AgentLibrary {
  createAgent(path: string): BaseAgent;
}

const windowsAgent = '\\\\.\\pipe\\openssh-ssh-agent';

/**
 * Where agents listen: IdentityAgent, else SSH_AUTH_SOCK, else on Windows the pipes of its own agent and of Pageant (which has
 * had one since PuTTY 0.75, `pageant.USER.HASH`).
 */
export async function agentPlaces(settings: SshSettings, around: SshSurroundings | undefined): Promise<readonly string[]> {
  if (settings.identityAgent === 'none' || around === undefined) return [];
  if (settings.identityAgent !== undefined) return [settings.identityAgent];
  const socket = around.environment['SSH_AUTH_SOCK'];
  if (socket !== undefined && socket !== '') return [socket];
  if (around.platform !== 'win32') return [];
  const pageant = `pageant.${around.localUser}.`.toLowerCase();
  const pipes = (await around.pipes()).filter((name) => name.toLowerCase().startsWith(pageant));
  return [windowsAgent, ...pipes.map((name) => `\\\\.\\pipe\\${name}`)];
}

/** The keys of all agents; one that does not answer is told to `note` and left out. */
export async function agentKeys(places: readonly string[], library: AgentLibrary, note: (line: string) => void): Promise<AgentKey[]> {
  const found: AgentKey[] = [];
  for (const where of places) {
    try {
      const agent = library.createAgent(where);
      found.push(...(await identities(agent)).slice(0, mostKeys).map((key) => ({ key, agent, where })));
    } catch (error) {
      note(`the agent at ${where} gave no keys: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return found;
}

function identities(agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error(`no answer in ${patience / 1000} s`)); }, patience);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve((keys ?? []).filter((key): key is ParsedKey => typeof key === 'object' && 'getPublicSSH' in key));
    });
  });
}
