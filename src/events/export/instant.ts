/** Windows keeps time in steps of 100 ns: seven digits of a second. */
const stepsPerMillisecond = 10_000;

const instantText = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;

/** UTC milliseconds as ISO 8601 with Windows' seven digits. A RangeError outside the years 0 to 9999. */
export function instantToText(milliseconds: number): string {
  let whole = Math.floor(milliseconds);
  let steps = Math.round((milliseconds - whole) * stepsPerMillisecond);
  if (steps === stepsPerMillisecond) {
    whole++;
    steps = 0;
  }
  const text = new Date(whole).toISOString();
  if (text.length !== 24) throw new RangeError(`${milliseconds} is no time of Windows`);
  return `${text.slice(0, -1)}${steps.toString().padStart(4, '0')}Z`;
}

/** What instantToText wrote, and any other UTC time of ISO 8601 with seconds; undefined where it is none. */
export function textToInstant(text: string): number | undefined {
  const found = instantText.exec(text);
  if (found === null) return undefined;
  const digits = (found[7] ?? '').padEnd(9, '0');
  const whole = `${text.substring(0, 19)}.${digits.substring(0, 3)}Z`;
  const milliseconds = Date.parse(whole);
  // The 30th of February is read as a day in March by some engines.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== whole) return undefined;
  return milliseconds + Number(digits.substring(3)) / 1_000_000;
}
