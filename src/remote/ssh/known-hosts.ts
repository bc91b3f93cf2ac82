import { createHmac } from 'node:crypto';
import { keyType } from './host-key.ts';
import { matchesPatternList } from './patterns.ts';

/** One usable line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHostsLine {
  /** 1-based. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  readonly type: string;
  readonly key: Uint8Array;
  /** Whether this line is about the host recorded under `name` (recordedName in host-key.ts). */
  readonly matches: (name: string) => boolean;
}

const markers = new Map<string, KnownHostsLine['marker']>([['@revoked', 'revoked'], ['@cert-authority', 'cert-authority']]);

/** Longest line that is read; OpenSSH's own keys stay far below it. */
const longestLine = 64 * 1024;

/** Parses known_hosts text. Comments, empty lines and lines that make no sense are left out, as OpenSSH does; never throws. */
export function parseKnownHosts(text: string): KnownHostsLine[] {
  const lines: KnownHostsLine[] = [];
  let number = 0;
  for (const raw of text.split('\n')) {
    number += 1;
    if (raw.length > longestLine) continue;
    const parsed = parseLine(raw.replace(/^\ufeff/, '').trim(), number);
    if (parsed !== undefined) lines.push(parsed);
  }
  return lines;
}

function parseLine(text: string, line: number): KnownHostsLine | undefined {
  if (text === '' || text.startsWith('#')) return undefined;
  const words = text.split(/[ \t]+/);
  let marker: KnownHostsLine['marker'] = 'none';
  if (words[0]?.startsWith('@') === true) {
    const known = markers.get(words.shift() ?? '');
    if (known === undefined) return undefined;
    marker = known;
  }
  const [hosts, type, encoded] = words;
  if (hosts === undefined || type === undefined || encoded === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const key = Buffer.from(encoded, 'base64');
  if (keyType(key) !== type) return undefined;
  const matches = hosts.startsWith('|') ? hashedMatcher(hosts) : patternMatcher(hosts);
  return matches === undefined ? undefined : { line, marker, type, key, matches };
}

/** `|1|base64 salt|base64 HMAC-SHA1(salt, name)`: one host, made by `HashKnownHosts yes` or `ssh-keygen -H`. */
function hashedMatcher(text: string): ((name: string) => boolean) | undefined {
  const [before, version, salt, hash, ...rest] = text.split('|');
  if (before !== '' || version !== '1' || salt === undefined || hash === undefined || rest.length > 0) return undefined;
  const saltBytes = Buffer.from(salt, 'base64');
  const hashBytes = Buffer.from(hash, 'base64');
  if (saltBytes.length !== 20 || hashBytes.length !== 20) return undefined;
  return (name) => createHmac('sha1', saltBytes).update(name).digest().equals(hashBytes);
}

/** A comma-separated list of patterns with `*`, `?` and `!`: a negated match overrules every other. */
function patternMatcher(text: string): (name: string) => boolean {
  const patterns = text.toLowerCase().split(',');
  return (name) => matchesPatternList(name, patterns);
}
