import { SshConfigError } from './error.ts';
import { evaluateConfig, type Evaluation, type Given, type Subject } from './evaluate.ts';
import { parseJumpSpecs, type JumpSpec } from './jump-spec.ts';
import type { ConfigFile } from './load.ts';
import { expandTokens, expandVariables, type Tokens } from './tokens.ts';
import { flagOf, numberOf, secondsOf, wordOf } from './values.ts';

/** How the way to a host begins. */
export type Proxy =
  | { readonly kind: 'none' }
  | { readonly kind: 'jump'; readonly hops: readonly JumpSpec[]; readonly where: string }
  /** A template: its tokens are replaced word by word when it is run. */
  | { readonly kind: 'command'; readonly template: string; readonly where: string };

/** What is done about a host key that is not known: refuse, ask, or trust and pin. A changed one is always refused. */
export type UnknownKeys = 'refuse' | 'ask' | 'accept';

/** The ways to authenticate that ssh_config can order or switch off. */
export type SshMethod = 'publickey' | 'keyboard-interactive' | 'password';

/** Everything about one host that ssh_config decides, with OpenSSH's defaults where it says nothing. */
export interface SshSettings {
  readonly hostName: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly proxy: Proxy;
  /** The agent's socket or pipe; `none`: no agent; undefined: nothing was said. */
  readonly identityAgent: string | undefined;
  /** Absolute. `given`: ssh_config names it, else it is one of OpenSSH's default names. */
  readonly identityFiles: readonly { readonly path: string; readonly given: boolean }[];
  readonly identitiesOnly: boolean;
  readonly methods: readonly SshMethod[];
  /** Absolute, the user's before the system's; undefined: nothing was said. */
  readonly userKnownHostsFiles: readonly string[] | undefined;
  readonly globalKnownHostsFiles: readonly string[] | undefined;
  readonly unknownKeys: UnknownKeys;
  /** Under which name host keys are recorded, instead of host and port. */
  readonly hostKeyAlias: string | undefined;
  /** Milliseconds; undefined: nothing was said. */
  readonly connectTimeout: number | undefined;
  readonly aliveInterval: number | undefined;
  readonly aliveCount: number | undefined;
  /** What was left out and why, for the log. */
  readonly notes: readonly string[];
}

/** This machine, as far as ssh_config asks about it. */
export interface Surroundings {
  readonly home: string;
  readonly localUser: string;
  readonly localHost: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The servers file's part: what it states wins over ssh_config. */
export interface Stated {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
}

/** OpenSSH's default key files, those of types that can be used here (ssh(1), -i). */
const defaultKeys = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
const everyMethod: readonly SshMethod[] = ['publickey', 'keyboard-interactive', 'password'];

/** Works out what applies to a host. Pure: the files are read already. Throws an SshConfigError. */
export function resolveSettings(configurations: readonly ConfigFile[], stated: Stated, around: Surroundings): SshSettings {
  const subject: Subject = { host: stated.host, user: stated.user, localUser: around.localUser };
  return new Resolver(evaluateConfig(configurations, subject), stated, around).settings();
}

class Resolver {
  readonly #given: Evaluation;
  readonly #stated: Stated;
  readonly #around: Surroundings;
  readonly #notes: string[];

  constructor(given: Evaluation, stated: Stated, around: Surroundings) {
    this.#given = given;
    this.#stated = stated;
    this.#around = around;
    this.#notes = [...given.notes];
  }

  settings(): SshSettings {
    const { host, port: statedPort, user: statedUser } = this.#stated;
    const hostName = this.#read('hostname', (given) => expandTokens(wordOf(given, 'HostName'), { h: host }, given.where)) ?? host;
    const port = statedPort ?? this.#read('port', (given) => numberOf(given, 'Port', 1, 65535)) ?? 22;
    const user = statedUser ?? this.#read('user', (given) => wordOf(given, 'User'));
    const hostKeyAlias = this.#read('hostkeyalias', (given) => wordOf(given, 'HostKeyAlias'));
    const { home, localUser, localHost } = this.#around;
    const tokens: Tokens = { d: home, h: hostName, k: hostKeyAlias ?? hostName, L: localHost.split('.')[0] ?? '', l: localHost, n: host, p: String(port), r: user ?? localUser, u: localUser };
    return {
      hostName, port, user, hostKeyAlias,
      proxy: this.#read('proxy', (given, keyword) => proxyOf(given, keyword)) ?? { kind: 'none' },
      identityAgent: this.#read('identityagent', (given) => this.#agent(wordOf(given, 'IdentityAgent'), tokens, given.where)),
      identityFiles: this.#identityFiles(tokens),
      identitiesOnly: this.#read('identitiesonly', (given) => flagOf(given, 'IdentitiesOnly')) ?? false,
      methods: this.#methods(),
      userKnownHostsFiles: this.#read('userknownhostsfile', (given) => this.#paths(given, tokens)),
      globalKnownHostsFiles: this.#read('globalknownhostsfile', (given) => this.#paths(given, tokens)),
      unknownKeys: this.#read('stricthostkeychecking', (given) => this.#unknownKeys(given)) ?? 'ask',
      connectTimeout: positive(this.#read('connecttimeout', (given) => secondsOf(given, 'ConnectTimeout') * 1000)),
      aliveInterval: this.#read('serveraliveinterval', (given) => secondsOf(given, 'ServerAliveInterval') * 1000),
      aliveCount: this.#read('serveralivecountmax', (given) => numberOf(given, 'ServerAliveCountMax', 0, 1000)),
      notes: this.#notes,
    };
  }

  #read<T>(keyword: string, convert: (given: Given, keyword: string) => T): T | undefined {
    const given = this.#given.first.get(keyword);
    return given === undefined ? undefined : convert(given, given.keyword);
  }

  #path(text: string, tokens: Tokens, where: string): string {
    const { home, environment } = this.#around;
    return expandVariables(expandTokens(text, tokens, where), environment, where).replace(/^~(?=$|[\\/])/, () => home);
  }

  #paths(given: Given, tokens: Tokens): string[] {
    return given.words.filter((word) => word.toLowerCase() !== 'none').map((word) => this.#path(word, tokens, given.where));
  }

  #identityFiles(tokens: Tokens): SshSettings['identityFiles'] {
    const given = this.#given.identityFiles;
    if (given.length === 0) return defaultKeys.map((name) => ({ path: `${this.#around.home}/.ssh/${name}`, given: false }));
    const files = given.map((one) => ({ word: wordOf(one, 'IdentityFile'), where: one.where })).filter(({ word }) => word.toLowerCase() !== 'none');
    return [...new Set(files.map(({ word, where }) => this.#path(word, tokens, where)))].map((path) => ({ path, given: true }));
  }

  #agent(word: string, tokens: Tokens, where: string): string {
    if (word.toLowerCase() === 'none') return 'none';
    const { environment } = this.#around;
    if (word === 'SSH_AUTH_SOCK') return environment['SSH_AUTH_SOCK'] ?? 'none';
    if (/^\$[A-Za-z_]\w*$/.test(word)) return expandVariables(`\${${word.slice(1)}}`, environment, where);
    // However often the backslashes of a pipe's name were doubled.
    return this.#path(word, tokens, where).replace(/^[\\/]{2,}\.[\\/]+pipe[\\/]+/i, '\\\\.\\pipe\\');
  }

  #methods(): SshMethod[] {
    const { first } = this.#given;
    const order = this.#read('preferredauthentications', (given) => wordOf(given, 'PreferredAuthentications').toLowerCase().split(',').filter((name): name is SshMethod => (everyMethod as readonly string[]).includes(name)));
    const switches: Readonly<Record<SshMethod, readonly string[]>> = {
      'publickey': ['pubkeyauthentication'],
      'keyboard-interactive': ['kbdinteractiveauthentication', 'challengeresponseauthentication'],
      'password': ['passwordauthentication'],
    };
    const on = (method: SshMethod): boolean => {
      const given = switches[method].map((name) => first.get(name)).find((one) => one !== undefined);
      // PubkeyAuthentication also knows unbound and host-bound, which are kinds of yes.
      return given === undefined || given.words[0]?.toLowerCase().endsWith('bound') === true || flagOf(given, method);
    };
    return (order ?? everyMethod).filter(on);
  }

  #unknownKeys(given: Given): UnknownKeys {
    const word = wordOf(given, 'StrictHostKeyChecking').toLowerCase();
    if (word === 'accept-new') return 'accept';
    if (word === 'ask') return 'ask';
    if (word === 'off' || !flagOf({ ...given, words: [word] }, 'StrictHostKeyChecking')) {
      this.#notes.push(`${given.where}: StrictHostKeyChecking ${word} is taken as ask: a host key is never ignored here`);
      return 'ask';
    }
    return 'refuse';
  }
}

function proxyOf(given: Given, keyword: string): Proxy {
  const word = wordOf(given, keyword === 'proxyjump' ? 'ProxyJump' : 'ProxyCommand').trim();
  if (word.toLowerCase() === 'none') return { kind: 'none' };
  if (keyword === 'proxyjump') return { kind: 'jump', hops: parseJumpSpecs(word, given.where), where: given.where };
  if (word === '-') throw new SshConfigError(given.where, 'ProxyCommand - (standard input) makes no sense here.');
  return { kind: 'command', template: word, where: given.where };
}

/** ConnectTimeout 0 means the system's own limit; ours stands then. */
function positive(milliseconds: number | undefined): number | undefined {
  return milliseconds === 0 ? undefined : milliseconds;
}
