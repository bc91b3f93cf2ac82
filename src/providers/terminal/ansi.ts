/** SGR codes of the theme's sixteen colours; the theme decides what they look like. */
export const ansi = {
  bold: '1', dim: '2', red: '31', green: '32', yellow: '33', blue: '34', magenta: '35', cyan: '36', grey: '90',
} as const;

/** Wraps every line of `text` in a style, so that a style never leaks over a line end. */
export function paint(text: string, ...codes: readonly string[]): string {
  if (codes.length === 0) return text;
  return text.split('\n').map((line) => (line === '' ? '' : `\u001b[${codes.join(';')}m${line}\u001b[0m`)).join('\n');
}

/** .NET ConsoleColor (0–15) in the order of SGR's sixteen colours. */
const consoleColours = [30, 34, 32, 36, 31, 35, 33, 37, 90, 94, 92, 96, 91, 95, 93, 97];

/** SGR codes for Write-Host's colours; what is out of range is left to the theme. */
export function consoleColourCodes(foreground: number | undefined, background: number | undefined): string[] {
  const codes: string[] = [];
  const front = foreground === undefined ? undefined : consoleColours[foreground];
  const back = background === undefined ? undefined : consoleColours[background];
  if (front !== undefined) codes.push(String(front));
  if (back !== undefined) codes.push(String(back + 10));
  return codes;
}
