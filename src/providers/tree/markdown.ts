import { sanitizeLine } from '../terminal/sanitize.ts';

/** A server's text inside Markdown: nothing in it is markup, a link or an icon. */
export function plain(text: string, limit = 2000): string {
  return sanitizeLine(text, limit).replace(/[\\`*_{}[\]()#+\-.!|<>~$&:@]/g, (c) => c === '<' ? '&lt;' : c === '>' ? '&gt;' : c === '&' ? '&amp;' : `\\${c}`);
}

/** Local time with its offset from UTC. */
export function localTime(utcMilliseconds: number): string {
  const date = new Date(utcMilliseconds);
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const two = (n: number): string => String(Math.trunc(n)).padStart(2, '0');
  return `${date.toLocaleString()} (UTC${sign}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)})`;
}
