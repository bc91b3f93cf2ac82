// Characters that show nothing or turn the text around them: a server's text could say one thing and show another.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function shown(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `\u2039U+${code.toString(16).toUpperCase().padStart(4, '0')}\u203a`;
}

/** A text with its line breaks, everything else that cannot be seen made visible. */
export function visible(text: string): string {
  return wellFormed(text).replaceAll('\r\n', '\n').replace(hidden, shown);
}

/** The same in one line. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\s\u2028\u2029]*[\r\n\u2028\u2029][\s\u2028\u2029]*/g, ' ').replaceAll('\t', ' '));
}

/** Halves of a surrogate pair that stand alone become replacement characters. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length === 2 ? found : '\ufffd'));
}
