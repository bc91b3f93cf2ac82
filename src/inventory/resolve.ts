import type { ProblemList } from './problem.ts';
import { expandHome, type Target } from './target.ts';

/** Values of an entry or of defaults, each with the place of its key. */
export type Values = ReadonlyMap<string, { readonly value: string | number; readonly at: readonly [number, number] }>;

/** Keys that mean something for WinRM only. */
const winrmOnly = ['scheme', 'caFile', 'certificateFile', 'keyFile'];

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
  needs('transport', 'ssh, or local for this machine; here or in defaults');
  if (transport !== 'local') needs('host', 'its DNS name or IP address');
  for (const key of winrmOnly) {
    const value = own.get(key);
    if (value !== undefined) problems.warning('no-effect', `${key} is for WinRM, which is not yet in this version; it has no effect.`, value.at);
  }
  const identityFile = text('identityFile');
  const auth = text('auth') ?? (identityFile === undefined ? 'password' : 'key');
  if (transport === 'ssh') {
    needs('user', 'the account to log on as; here or in defaults');
    if (auth === 'key' && identityFile === undefined && !written.has('identityFile')) {
      problems.error('missing-key', 'auth: key needs identityFile, the private key; here or in defaults.', own.get('auth')?.at ?? at);
    }
  }
  const host = text('host') ?? (transport === 'local' ? 'localhost' : undefined);
  if (name === undefined || host === undefined || transport === undefined) return undefined;
  const port = values.get('port')?.value;
  return {
    name, host, transport,
    port: typeof port === 'number' ? port : undefined,
    user: text('user'),
    auth: auth === 'key' ? 'key' : 'password',
    identityFile: auth === 'key' && identityFile !== undefined ? expandHome(identityFile, home) : undefined,
    computerName: text('computerName'),
    serviceAccount: text('serviceAccount'),
    role: text('role') as Target['role'],
    notes: text('notes'),
  };
}
