/** Longest text of one record that reaches the terminal, in characters. */
const recordLimit = 64 * 1024;

/**
 * Makes a server's text safe for a terminal: every control character (C0 but tab and line feed, DEL, C1) becomes its
 * visible picture and direction overrides become their code points, so no escape sequence and no reordering survives.
 */
export function sanitize(text: string): string {
  const shown = text.length > recordLimit ? `${text.slice(0, recordLimit)}… (${text.length} characters)` : text;
  return shown
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007f/g, '\u2421')
    .replace(/[\u0080-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g, (c) => `<U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`);
}

/** The same on one line: for names, titles and tree labels. */
export function sanitizeLine(text: string, limit = 400): string {
  const line = sanitize(text).replace(/[\n\t]+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
