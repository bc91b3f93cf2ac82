import { matchesPatternList } from '../patterns.ts';
import { SshConfigError } from './error.ts';
import type { ConfigEntry, ConfigFile } from './load.ts';
import { judgeMatch } from './match.ts';

/** One value that applies, with the line that it comes from. */
export interface Given {
  readonly words: readonly string[];
  readonly where: string;
}

/** Who connects to whom, before anything of ssh_config is known. */
export interface Subject {
  /** What the servers file calls the host: a name, an address or an alias. */
  readonly host: string;
  /** The servers file's user: it wins over every `User`. */
  readonly user: string | undefined;
  readonly localUser: string;
}

/** Everything that ssh_config says about one host. */
export interface Evaluation {
  /** The first value of each keyword, the keyword in lower case. `proxy` stands for ProxyJump and ProxyCommand: the first of the two wins. */
  readonly first: ReadonlyMap<string, Given & { readonly keyword: string }>;
  /** IdentityFile adds up instead. */
  readonly identityFiles: readonly Given[];
  /** What was left out, for the log. */
  readonly notes: readonly string[];
}

/** Evaluates configurations in order, the user's before the system's: for each keyword the first value wins. Throws an SshConfigError. */
export function evaluateConfig(configurations: readonly ConfigFile[], subject: Subject): Evaluation {
  const reading = new Reading(subject);
  for (const file of configurations) reading.file(file, true, false);
  if (reading.wantsFinal) {
    reading.final = true;
    for (const file of configurations) reading.file(file, true, false);
  }
  return { first: reading.first, identityFiles: reading.identityFiles, notes: [...reading.notes] };
}

class Reading {
  readonly first = new Map<string, Given & { keyword: string }>();
  readonly identityFiles: Given[] = [];
  readonly notes = new Set<string>();
  wantsFinal = false;
  final = false;
  readonly #subject: Subject;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** @param never the file is included from a part that does not apply: no `Host` in it can make it apply */
  file(file: ConfigFile, active: boolean, never: boolean): void {
    let applies = active;
    for (const entry of file.entries) {
      if (entry.keyword === 'host') applies = !never && this.#hostMatches(entry);
      else if (entry.keyword === 'match') applies = this.#matches(entry) && !never;
      else if (entry.keyword === 'include') for (const included of entry.included) this.file(included, applies, never || !applies);
      else if (applies) this.#take(entry);
    }
  }

  #hostMatches(entry: ConfigEntry): boolean {
    if (entry.words.length === 0) throw new SshConfigError(entry.where, 'Host needs a pattern.');
    return matchesPatternList(this.#subject.host.toLowerCase(), entry.words.map((word) => word.toLowerCase()));
  }

  #matches(entry: ConfigEntry): boolean {
    const { host, user, localUser } = this.#subject;
    const verdict = judgeMatch(entry.words, {
      originalHost: host,
      host: this.first.get('hostname')?.words[0]?.replaceAll('%h', () => host).replaceAll('%%', '%') ?? host,
      user: user ?? this.first.get('user')?.words[0] ?? localUser,
      localUser, final: this.final,
    }, entry.where);
    if (verdict.wantsFinal) this.wantsFinal = true;
    if (verdict.unsupported !== undefined) {
      this.notes.add(verdict.unsupported === 'exec'
        ? `${entry.where}: Match exec is never run here, so this part does not apply`
        : `${entry.where}: Match ${verdict.unsupported} is not known here, so this part does not apply`);
    }
    return verdict.matches;
  }

  #take(entry: ConfigEntry): void {
    const { keyword, words, where } = entry;
    if (keyword === 'identityfile') {
      if (!this.identityFiles.some((known) => known.where === where)) this.identityFiles.push({ words, where });
      return;
    }
    const slot = keyword === 'proxyjump' || keyword === 'proxycommand' ? 'proxy' : keyword;
    if (!this.first.has(slot)) this.first.set(slot, { words, where, keyword });
  }
}
