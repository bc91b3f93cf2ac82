import type { ClockChoice } from '../../src/events/protocol.ts';

const minute = 60_000;

/** Minutes to add to UTC at an instant; a server whose clock nobody knows is shown in UTC. */
export function offsetAt(time: number, clock: ClockChoice, serverOffset: number | undefined): number {
  if (clock === 'local') return -new Date(time).getTimezoneOffset();
  return clock === 'server' ? serverOffset ?? 0 : 0;
}

/** `+02:00`. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '\u2212' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `2026-03-29 14:03:05.123 +02:00`; always with the offset, so that no two clocks are mistaken for each other. */
export function timeText(time: number, offset: number): string {
  return `${new Date(Math.floor(time) + offset * minute).toISOString().slice(0, 23).replace('T', ' ')} ${offsetText(offset)}`;
}

/** What a datetime-local input holds for an instant. */
export function inputText(time: number, offset: number): string {
  return new Date(Math.floor(time) + offset * minute).toISOString().slice(0, 19);
}

/** The instant that a datetime-local input holds; undefined where it is empty or makes no sense. */
export function fromInput(text: string, offsetOf: (time: number) => number): number | undefined {
  const wall = Date.parse(`${text}Z`);
  if (!Number.isFinite(wall)) return undefined;
  // The offset belongs to the instant, which is not known before the offset is: the second guess is right but for the lost hour in spring.
  const guess = wall - offsetOf(wall) * minute;
  return wall - offsetOf(guess) * minute;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
