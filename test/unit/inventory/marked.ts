/** Text with marked places: `«` and `»` are taken out, what stood between them are the places expected. */
export function marked(text: string): { text: string; places: { start: number; end: number }[] } {
  const places: { start: number; end: number }[] = [];
  const open: number[] = [];
  let plain = '';
  for (const character of text) {
    if (character === '«') open.push(plain.length);
    else if (character === '»') places.push({ start: open.pop() ?? -1, end: plain.length });
    else plain += character;
  }
  return { text: plain, places: places.sort((one, other) => one.start - other.start) };
}

/** Line and column of an offset, counted by walking the text. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).replaceAll('\r\n', '\n').split('\n');
  return { line: before.length - 1, column: before[before.length - 1]!.length };
}
