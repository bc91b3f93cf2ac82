import { parseWords } from '../arguments.ts';
import { planIds, type PlanId } from '../../src/connect/ids.ts';
import { adDsWays, type AdDsWay } from '../../src/connect/step.ts';
import type { WinRmAuth } from '../../src/session.ts';
import { wrongCall } from '../lab-error.ts';
import { nearest } from '../nearest.ts';

/** `winrm` is WinRM over HTTP, `winrms` over HTTPS. */
export type TryTransport = 'ssh' | 'local' | 'winrm' | 'winrms';

/** How the lab signs in: `key` over SSH, `none` where a process on this machine needs nothing. */
export type TryAuth = 'key' | 'none' | WinRmAuth;

export interface TryOptions {
  /** A scenario's name, or a path. */
  readonly scenario: string;
  readonly transport: TryTransport;
  readonly auth: TryAuth;
  readonly plan: 'recommended' | PlanId;
  /** How AD DS Connector passwords are entered. */
  readonly adDs: AdDsWay;
  readonly json: boolean;
  /** Longest that it may take from its start to its end, in milliseconds. */
  readonly timeLimit: number;
}

/** Two cores with nothing else to do need well under 50 s; past this something hangs. */
const usualLimit = 120;

/** Reads the words after `try`. Throws a LabError with exit code 2 and one line for what does not exist, or not yet. */
export function tryOptions(words: readonly string[]): TryOptions {
  const { values, positionals } = parseWords('try', words, {
    'transport': { type: 'string', default: 'ssh' },
    'auth': { type: 'string' },
    'plan': { type: 'string', default: 'recommended' },
    'ad-ds': { type: 'string', default: 'guided' },
    'limit': { type: 'string', default: String(usualLimit) },
    'json': { type: 'boolean', default: false },
  }, { least: 1, most: 1 });
  const transport = transportName(values.transport);
  const auth = authentication(transport, values.auth);
  const adDs = adDsWays.find((way) => way === values['ad-ds']);
  if (adDs === undefined) throw wrongCall(`--ad-ds must be ${adDsWays.join(', ')}, not "${values['ad-ds']}".`);
  return { scenario: positionals[0] ?? '', transport, auth, plan: planName(values.plan), adDs, json: values.json, timeLimit: seconds(values.limit) * 1000 };
}

function seconds(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw wrongCall(`--limit must be seconds, 1 to 9999, not "${text}".`);
  return Number(text);
}

/** Every way to sign in, by transport; the first is what leaving --auth out means. */
const authentications: Readonly<Record<TryTransport, readonly TryAuth[]>> = {
  ssh: ['key'],
  local: ['none'],
  winrm: ['negotiate', 'ntlm', 'kerberos'],
  winrms: ['negotiate', 'ntlm', 'kerberos', 'basic', 'certificate'],
};

/** Why WinRM over HTTP has fewer of them than over HTTPS. */
const needsTls: Readonly<Record<string, string>> = {
  basic: 'Basic sends the password itself, so it is never used over plain HTTP',
  certificate: 'a client certificate is part of TLS, so there is none over plain HTTP',
};

function transportName(name: string): TryTransport {
  const known = (Object.keys(authentications) as TryTransport[]).find((transport) => transport === name);
  if (known === undefined) throw wrongCall(`--transport must be ssh, local, winrm or winrms, not "${name}".`);
  return known;
}

function authentication(transport: TryTransport, name: string | undefined): TryAuth {
  const [usual, ...others] = authentications[transport];
  const auth = name === undefined ? usual : [usual, ...others].find((candidate) => candidate === name);
  if (auth !== undefined) return auth;
  const why = transport === 'winrm' ? needsTls[name ?? ''] : undefined;
  if (why !== undefined) throw wrongCall(`--auth ${name ?? ''} is not allowed with --transport winrm: ${why}. Use --transport winrms.`);
  throw wrongCall(`--auth ${name ?? ''} does not exist with --transport ${transport}: leave it out, or say ${authentications[transport].join(', ')}.`);
}

function planName(name: string): TryOptions['plan'] {
  if (name === 'recommended') return name;
  const known = planIds.find((id) => id === name);
  if (known !== undefined) return known;
  const close = nearest(name, ['recommended', ...planIds]);
  throw wrongCall(`There is no plan "${name}"${close === undefined ? '' : `; the nearest is "${close}"`}. Plans: recommended, ${planIds.join(', ')}.`);
}
