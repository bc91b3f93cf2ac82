/** Words that name a secret. */
const naming = 'pass(?:word|wd|phrase)?|pwd|secret|api[-_]?key|access[-_]?key|client[-_]?secret|token|credential';

/** Ways in which a secret stands in a command. The value must be there: a variable or a prompt is none. */
const forms: readonly RegExp[] = [
  /-asp(?:l(?:a(?:i(?:n(?:t(?:e(?:x(?:t)?)?)?)?)?)?)?)?\b/i,
  new RegExp(`(?:^|[\\s;({,])[-/](?:\\w{0,40}(?:${naming})\\w{0,40})[:\\s=]+['"\`]?[^\\s$('"\`|;)-][^\\s|;)]*`, 'i'),
  new RegExp(`(?:^|[\\s;({,'"$\\w])(?:${naming})\\w{0,40}['"\`]?\\s*[:=]\\s*['"]?[^\\s$('"|;)@\\[]`, 'i'),
  new RegExp(`\\$\\w{0,40}(?:${naming})\\w{0,40}\\s*\\+?=\\s*['"\\u2018-\\u201e]`, 'i'),
  /\bnet1?(?:\.exe)?\s+user\s+\S+\s+[^\s/*]\S*/i,
  /\bnet1?(?:\.exe)?\s+use\b.*\s\/user:/i,
  /\b(?:sqlcmd|osql|bcp)(?:\.exe)?\b.*\s[-/]P\s*\S/,
  /\/(?:rp|p|password|passwordd|passwordo|pd|po|ud)[:\s]+[^\s$*/]\S*/i,
  /\bcmdkey(?:\.exe)?\b.*\/pass:\S/i,
  /\bnetworkcredential\b.*['"]/i,
  /\b(?:eyJ[\w-]{10,}\.[\w-]{10,}|bearer\s+[\w.~+/-]{16,})/i,
  /:\/\/[^\s/:@]+:[^\s/@]+@/,
];

/** True where a line looks as if a secret was written on it: it is kept nowhere. Rather once too often than once too few. */
export function looksSecret(text: string): boolean {
  const plain = text.replace(/`(.)/g, '$1').replace(/[\u2013\u2014\u2015]/g, '-');
  return forms.some((form) => form.test(plain));
}
