import { parseWords } from '../arguments.ts';
import { planIds, type PlanId } from '../../src/connect/ids.ts';
import { wrongCall } from '../lab-error.ts';
import { nearest } from '../nearest.ts';

export interface TryOptions {
  /** A scenario's name, or a path. */
  readonly scenario: string;
  readonly transport: 'ssh' | 'local';
  readonly plan: 'recommended' | PlanId;
  readonly json: boolean;
  /** Longest that it may take from its start to its end, in milliseconds. */
  readonly timeLimit: number;
}

/** Two cores with nothing else to do need well under 50 s; past this something hangs. */
const usualLimit = 120;

/** Ways of entering AD DS Connector passwords that the product will know besides the guided one. */
const laterAdDs = ['object-model', 'enterprise-admin'];

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
  const transport = values.transport;
  if (transport === 'winrm' || transport === 'winrms') throw wrongCall(`--transport ${transport} does not exist yet: use ssh or local.`);
  if (transport !== 'ssh' && transport !== 'local') throw wrongCall(`--transport must be ssh or local, not "${transport}".`);
  const only = authentication(transport);
  if (values.auth !== undefined && values.auth !== only) throw wrongCall(`--auth ${values.auth} does not exist with --transport ${transport}: leave it out, or say ${only}.`);
  if (laterAdDs.includes(values['ad-ds'])) throw wrongCall(`--ad-ds ${values['ad-ds']} does not exist yet: use guided.`);
  if (values['ad-ds'] !== 'guided') throw wrongCall(`--ad-ds must be guided, not "${values['ad-ds']}".`);
  return { scenario: positionals[0] ?? '', transport, plan: planName(values.plan), json: values.json, timeLimit: seconds(values.limit) * 1000 };
}

function seconds(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw wrongCall(`--limit must be seconds, 1 to 9999, not "${text}".`);
  return Number(text);
}

/** How the lab signs in: its sshd takes keys only, and a process on this machine needs nothing. */
export function authentication(transport: TryOptions['transport']): 'key' | 'none' {
  return transport === 'ssh' ? 'key' : 'none';
}

function planName(name: string): TryOptions['plan'] {
  if (name === 'recommended') return name;
  const known = planIds.find((id) => id === name);
  if (known !== undefined) return known;
  const close = nearest(name, ['recommended', ...planIds]);
  throw wrongCall(`There is no plan "${name}"${close === undefined ? '' : `; the nearest is "${close}"`}. Plans: recommended, ${planIds.join(', ')}.`);
}
