/** Keywords whose value is the rest of the line as it stands, quotes included (ssh_config(5)). */
const wholeLine = new Set(['proxycommand', 'localcommand', 'remotecommand', 'knownhostscommand']);

/** One line of an ssh_config: its keyword in lower case, and the words after it. */
export interface ConfigLine {
  readonly keyword: string;
  readonly words: readonly string[];
  /** Everything after the keyword, as written. */
  readonly rest: string;
}

/**
 * Splits one line: `Keyword words`, `Keyword=words`, words in single or double quotes, `#` starting a comment. Undefined for
 * an empty line or a comment. Throws an Error where a quote is not closed.
 */
export function splitConfigLine(line: string): ConfigLine | undefined {
  const text = line.replace(/^\ufeff/, '').trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [, keyword = '', rest = ''] = /^([^\s="]+)(?:[ \t]*=[ \t]*|[ \t]+|$)(.*)$/s.exec(text) ?? [];
  const name = keyword.toLowerCase();
  return { keyword: name, rest, words: wholeLine.has(name) ? [rest] : splitWords(rest, true) };
}

/**
 * Splits words as OpenSSH does: quotes group, a backslash takes the special sense from a quote, a space or another backslash.
 * Two backslashes that start a word stay: they start a Windows pipe or share. Throws an Error where a quote is not closed.
 * @param comments whether a word that starts with `#` ends the line
 */
export function splitWords(text: string, comments: boolean): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === ' ' || text[at] === '\t') at += 1;
    if (at >= text.length || (comments && text[at] === '#')) return words;
    let word = '';
    let quote = '';
    for (; at < text.length; at += 1) {
      const sign = text.charAt(at);
      const next = text.charAt(at + 1);
      if (sign === '\\' && (next === '"' || next === '\'' || (next === ' ' && quote === '') || (next === '\\' && word !== ''))) {
        word += next;
        at += 1;
      } else if (sign === '\\' && next === '\\') {
        word += '\\\\';
        at += 1;
      } else if (quote === '' && (sign === ' ' || sign === '\t')) {
        break;
      } else if (quote === '' && (sign === '"' || sign === '\'')) {
        quote = sign;
      } else if (quote === sign) {
        quote = '';
      } else {
        word += sign;
      }
    }
    if (quote !== '') throw new Error('a quote is not closed');
    words.push(word);
  }
}
