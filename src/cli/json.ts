/** Version of every document that is printed: a field may be added, none changes its meaning. */
export const jsonVersion = 1;

/** One line of JSON. What a terminal could take for a command or for a change of direction is escaped. */
export function jsonLine(document: object): string {
  const text = JSON.stringify(document).replace(/[\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${text}\n`;
}
