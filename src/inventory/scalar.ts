import { stringify } from 'yaml';

/** A text as a YAML scalar on one line: plain where it reads back as the same text, also inside of braces, else in double quotes. */
export function scalar(text: string): string {
  const plain = /^[\p{L}\p{N}_~/][^\p{Cc},[\]{}#:]*$/u.test(text) && text.trim() === text && stringify(text, { lineWidth: 0 }).trimEnd() === text;
  return plain ? text : JSON.stringify(text);
}
