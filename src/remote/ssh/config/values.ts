import { SshConfigError } from './error.ts';
import type { Given } from './evaluate.ts';

/** The one word of a value. Throws an SshConfigError where there is none. */
export function wordOf(given: Given, keyword: string): string {
  const [word] = given.words;
  if (word === undefined || word === '') throw new SshConfigError(given.where, `${keyword} needs a value.`);
  return word;
}

/** `yes` or `no`. */
export function flagOf(given: Given, keyword: string): boolean {
  const word = wordOf(given, keyword).toLowerCase();
  if (word === 'yes' || word === 'true') return true;
  if (word === 'no' || word === 'false') return false;
  throw new SshConfigError(given.where, `${keyword} must be yes or no.`);
}

/** A whole number within bounds. */
export function numberOf(given: Given, keyword: string, least: number, most: number): number {
  const word = wordOf(given, keyword);
  const number = /^\d{1,9}$/.test(word) ? Number(word) : NaN;
  if (!(number >= least && number <= most)) throw new SshConfigError(given.where, `${keyword} must be a whole number from ${least} to ${most}.`);
  return number;
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of a time such as `30`, `90s` or `1m30s` (sshd_config(5), TIME FORMATS); `none` is 0. */
export function secondsOf(given: Given, keyword: string): number {
  const word = wordOf(given, keyword).toLowerCase();
  if (word === 'none') return 0;
  if (!/^(?:\d{1,9}[smhdw]?)+$/.test(word)) throw new SshConfigError(given.where, `${keyword} must be a time such as 30 or 1m30s.`);
  let seconds = 0;
  for (const [, digits = '0', unit = ''] of word.matchAll(/(\d+)([smhdw]?)/g)) seconds += Number(digits) * (units[unit] ?? 1);
  return seconds;
}
