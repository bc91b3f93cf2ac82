/**
 * `*` and `?` as OpenSSH reads them (ssh_config(5), PATTERNS). Goes back to the latest star only, so no pattern can make
 * it slow. Compares exactly: who asks decides about upper and lower case.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  let at = 0;
  let here = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    if (pattern[here] === '*') {
      star = here;
      starAt = at;
      here += 1;
    } else if (here < pattern.length && (pattern[here] === '?' || pattern[here] === name[at])) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      here = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[here] === '*') here += 1;
  return here === pattern.length;
}

/** A list of patterns: one must match, and a negated one (`!`) that matches overrules every other. */
export function matchesPatternList(name: string, patterns: readonly string[]): boolean {
  const negated = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const wanted = patterns.filter((pattern) => pattern !== '' && !pattern.startsWith('!'));
  return wanted.some((pattern) => matchesPattern(name, pattern)) && !negated.some((pattern) => matchesPattern(name, pattern));
}
