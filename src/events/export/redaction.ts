/** What stands in the place of a secret. */
export const redacted = '••••••';

const names = 'password|passwd|passphrase|pwd|secret|client[_-]?secret|access[_-]?token|refresh[_-]?token|id[_-]?token|api[_-]?key|account[_-]?key|shared[_-]?access[_-]?key|shared[_-]?secret|credential';

/** Every repetition is bounded, so that no text of a server makes one of these slow. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, redacted],
  [new RegExp(`(<(?:\\w{1,30}:)?\\w{0,40}(?:${names})\\b[^<>]{0,200}>)[^<]{1,4000}`, 'gi'), `$1${redacted}`],
  // Connection strings, command lines, name-value pairs: Password=…; "pwd": "…" -Password …
  [new RegExp(`((?:${names})["']?\\s{0,4}[:=]\\s{0,4})(?:"[^"]{0,500}"|'[^']{0,500}'|[^\\s;,&"'<>}]{1,500})`, 'gi'), `$1${redacted}`],
  [new RegExp(`([-/](?:${names})\\s{1,4})(?:"[^"]{0,500}"|'[^']{0,500}'|[^\\s;,&"'<>]{1,500})`, 'gi'), `$1${redacted}`],
  [/\b(Bearer|Basic|NTLM|Negotiate)(\s{1,4})[A-Za-z0-9+/=._~-]{16,8192}/g, `$1$2${redacted}`],
  [/\beyJ[\w-]{8,8192}\.[\w-]{8,8192}\.[\w-]{0,8192}/g, redacted],
  // The password in an address.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{1,100}:)[^\s@/]{1,200}(@)/gi, `$1${redacted}$2`],
];

const secretName = new RegExp(`(?:${names})$`, 'i');

/** A text with what looks like a secret taken out: passwords, tokens, keys, connection strings. What has no such look stays, so `known` takes out what is known besides. */
export function redactText(text: string, known: (text: string) => string = (same) => same): string {
  return patterns.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), known(text));
}

/** The same for every text of a value that JSON can hold, and for each that stands under the name of a secret. */
export function redactValue(value: unknown, known?: (text: string) => string): unknown {
  if (typeof value === 'string') return redactText(value, known);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, known));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, typeof item === 'string' && item !== '' && secretName.test(name) ? redacted : redactValue(item, known)]));
}
