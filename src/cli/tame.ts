/**
 * Text that a server may have had a part in, as it may go to a terminal: lines and tabs stay, nothing that could steer the terminal or
 * turn the direction of the text does. CRLF stays, for CSV; a carriage return alone would write over the line.
 */
export function tame(text: string): string {
  return text.replace(/\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, ' ');
}
