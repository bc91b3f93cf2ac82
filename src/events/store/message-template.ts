import { ownCopy } from './name-table.ts';

/** A message with its insertion values taken out: literals[0] + values[places[0]] + literals[1] + … */
export interface MessageTemplate {
  readonly literals: readonly string[];
  readonly places: readonly number[];
}

/** Code units of fixed text below which a template saves nothing. */
const leastSaved = 16;
/** Values of one event that are looked for; more make a search of their own. */
const mostValues = 64;
/** Longer messages are kept as they are. */
const longestMessage = 8192;

const wordCharacter = /[\p{L}\p{N}_]/u;

export function renderMessage({ literals, places }: MessageTemplate, values: readonly string[]): string {
  let text = literals[0] ?? '';
  for (let at = 0; at < places.length; at++) text += (values[places[at] ?? 0] ?? '') + (literals[at + 1] ?? '');
  return text;
}

/**
 * What Windows most likely made the message from; undefined where keeping it whole is as good. A guess from one event (the message
 * tables stay on the server), so the caller renders it again for each event and compares. Values count where they stand as words.
 */
export function deriveTemplate(message: string, values: readonly string[]): MessageTemplate | undefined {
  if (values.length === 0 || values.length > mostValues || message.length > longestMessage) return undefined;
  const literals: string[] = [];
  const places: number[] = [];
  let literal = 0;
  for (let at = 0; at < message.length;) {
    const place = longestAt(message, at, values);
    if (place < 0) {
      at++;
      continue;
    }
    literals.push(ownCopy(message.substring(literal, at)));
    places.push(place);
    at += values[place]?.length ?? 0;
    literal = at;
  }
  literals.push(ownCopy(message.substring(literal)));
  const fixed = literals.reduce((sum, text) => sum + text.length, 0);
  return places.length === 0 || fixed < leastSaved ? undefined : { literals, places };
}

function longestAt(message: string, at: number, values: readonly string[]): number {
  if (at > 0 && wordCharacter.test(message.charAt(at)) && wordCharacter.test(message.charAt(at - 1))) return -1;
  let found = -1;
  let length = 0;
  for (const [place, value] of values.entries()) {
    if (value.length <= length || !message.startsWith(value, at)) continue;
    const end = at + value.length;
    if (end < message.length && wordCharacter.test(value.charAt(value.length - 1)) && wordCharacter.test(message.charAt(end))) continue;
    found = place;
    length = value.length;
  }
  return found;
}
