import { serverKeys, type KeyRule } from './keys.ts';
import type { ProblemList } from './problem.ts';
import { expandHome, type Target } from './target.ts';
import { buildWinRm, isWinRmAuth } from './winrm.ts';

/** Values of an entry or of defaults, each with the place of its key. */
export type Values = ReadonlyMap<string, { readonly value: string | number; readonly at: readonly [number, number] }>;

/**
 * Makes a target of an entry's values and the defaults that it inherits; reports what is missing or contradicts.
 * @param options.written every key that the entry itself has, readable or not: such a one is not missing
 * @param options.at where the entry is marked: its name, else its start
 */
export function buildTarget(options: {
  values: Values; own: Values; written: ReadonlySet<string>; at: readonly [number, number]; home: string; problems: ProblemList;
}): Target | undefined {
  const { values, own, written, at, home, problems } = options;
  const text = (name: string): string | undefined => {
    const value = values.get(name)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const needs = (name: string, hint: string): void => {
    if (!values.has(name) && !written.has(name)) problems.error('missing-key', `The server needs ${name}: ${hint}.`, at);
  };
  const name = text('name');
  const transport = text('transport') as Target['transport'] | undefined;
  needs('name', 'a label for the tree');
  needs('transport', 'ssh, winrm, or local for this machine; here or in defaults');
  if (transport !== 'local') needs('host', 'its DNS name or IP address');
  if (transport !== undefined) {
    for (const [key, { at: place }] of own) {
      const { only }: KeyRule = (serverKeys as Readonly<Record<string, KeyRule>>)[key] ?? serverKeys.name;
      if (only !== undefined && only !== transport) problems.warning('no-effect', `${key} is for ${only}; over ${transport} it has no effect.`, place);
    }
  }
  const ownAuth = own.get('auth');
  if (typeof ownAuth?.value === 'string' && ((transport === 'ssh' && isWinRmAuth(ownAuth.value)) || (transport === 'winrm' && !isWinRmAuth(ownAuth.value)))) {
    problems.error('contradiction', transport === 'ssh' ? 'This way to authenticate is for winrm; ssh has key, agent and password.' : 'This way to authenticate is for ssh; winrm has negotiate, kerberos, ntlm, basic and certificate.', ownAuth.at);
  }
  const identityFile = text('identityFile');
  const wanted = text('auth');
  const auth = wanted === 'key' || wanted === 'agent' || wanted === 'password' ? wanted : identityFile === undefined ? undefined : 'key';
  if (transport === 'ssh') {
    if (auth === 'key' && identityFile === undefined && !written.has('identityFile')) {
      problems.error('missing-key', 'auth: key needs identityFile, the private key; here or in defaults.', own.get('auth')?.at ?? at);
    }
  }
  const winrm = transport === 'winrm' ? buildWinRm({ values, own, written, at, home, problems }) : undefined;
  const host = text('host') ?? (transport === 'local' ? 'localhost' : undefined);
  if (name === undefined || host === undefined || transport === undefined) return undefined;
  const port = values.get('port')?.value;
  return {
    name, host, transport,
    port: typeof port === 'number' ? port : undefined,
    user: text('user'),
    auth,
    winrm,
    // Resolved once every entry is known: it may name one (jumps.ts).
    jump: undefined,
    identityFile: transport !== 'winrm' && (auth === 'key' || auth === 'agent') && identityFile !== undefined ? expandHome(identityFile, home) : undefined,
    computerName: text('computerName'),
    serviceAccount: text('serviceAccount'),
    role: text('role') as Target['role'],
    notes: text('notes'),
  };
}
