/** What is hidden of one server wherever it stands in a text. */
export interface KnownServer {
  readonly name: string;
  /** Hosts, computer names, accounts, paths: whatever tells where it is and who works on it. */
  readonly details: readonly (string | undefined)[];
}

/** Shorter than this, a name would be found inside other words. */
const shortest = 3;

/** Whatever looks like an account, an address or a key, whoever it belongs to; each with what stands in its place. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, '<account>'],
  [/(?<![\w\\:])[A-Za-z0-9.][\w.-]{0,62}\\[\w.$-]+/g, '<account>'],
  [/\bS-1-5-21(?:-\d+)+\b/g, '<sid>'],
  [/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\.\d)/g, '<address>'],
  [/\[?\b(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}\b\]?/g, '<address>'],
  [/\bSHA256:[A-Za-z0-9+/=]+/g, '<fingerprint>'],
];

/**
 * Takes out of texts what belongs to nobody but the servers' owner. Names of servers become `server-1`, their hosts and accounts
 * `server-1-a`; the same one is called the same everywhere, so that a text stays readable.
 */
export class Redaction {
  readonly #labels: ReadonlyMap<string, string>;
  readonly #known: RegExp | undefined;
  readonly #home: string;

  /** @param keepNames leaves the names that the servers file gives them, where whoever reads it named the server himself */
  constructor(servers: readonly KnownServer[], home: string, keepNames = false) {
    const known = new Map<string, string>();
    for (const [index, { name, details }] of servers.entries()) {
      const label = keepNames ? name : `server-${index + 1}`;
      for (const [n, detail] of [...new Set(details)].entries()) if (detail !== undefined) known.set(detail.toLowerCase(), `${keepNames ? 'server' : label}-${letters(n)}`);
      known.set(name.toLowerCase(), label);
    }
    // Longest first: a host contains its server's name.
    const texts = [...known.keys()].filter((text) => text.length >= shortest).sort((one, other) => other.length - one.length);
    this.#labels = known;
    this.#known = texts.length === 0 ? undefined : new RegExp(`(?<![\\w-])(?:${texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})(?![\\w-])`, 'gi');
    this.#home = home;
  }

  /** The text without them. */
  text(text: string): string {
    let shown = this.#home.length >= shortest ? text.replaceAll(this.#home, '~') : text;
    if (this.#known !== undefined) shown = shown.replaceAll(this.#known, (found) => `<${this.#labels.get(found.toLowerCase()) ?? 'server'}>`);
    for (const [pattern, label] of shapes) shown = shown.replaceAll(pattern, label);
    return shown;
  }
}

function letters(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : String(index + 1);
}
