import type { PSObject, PSValue } from '../../session.ts';
import { EventAnswerInvalid } from './errors.ts';

/** The object of one output record. Throws EventAnswerInvalid for anything else. */
export function answerObject(value: PSValue): PSObject {
  if (value === null || typeof value !== 'object' || !('kind' in value) || value.kind !== 'object') throw new EventAnswerInvalid('a record is no object');
  return value;
}

/** The text under a name. */
export function textField(record: PSObject, name: string): string {
  const value = unwrapped(record.properties[name]);
  if (typeof value !== 'string') throw new EventAnswerInvalid(`"${name}" is no text`);
  return value;
}

/** The whole number under a name, of at least -1. */
export function wholeField(record: PSObject, name: string): number {
  const value = unwrapped(record.properties[name]);
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < -1) throw new EventAnswerInvalid(`"${name}" is no count`);
  return number;
}

/** The truth under a name. */
export function truthField(record: PSObject, name: string): boolean {
  const value = unwrapped(record.properties[name]);
  if (typeof value !== 'boolean') throw new EventAnswerInvalid(`"${name}" is neither true nor false`);
  return value;
}

/** The texts under a name. */
export function textsField(record: PSObject, name: string, most: number): readonly string[] {
  const value = unwrapped(record.properties[name]);
  if (!isList(value)) throw new EventAnswerInvalid(`"${name}" is no list`);
  if (value.length > most) throw new EventAnswerInvalid(`"${name}" has ${value.length} texts where there can be ${most}`);
  for (const item of value) if (typeof item !== 'string') throw new EventAnswerInvalid(`"${name}" holds something else than text`);
  return value as readonly string[];
}

/** Numbers with a space between, exactly so many. Throws where one is no whole number or lies outside. */
export function numbersField(record: PSObject, name: string, rows: number, least: number, most: number): number[] {
  const text = textField(record, name);
  const parts = text === '' ? [] : text.split(' ');
  if (parts.length !== rows) throw new EventAnswerInvalid(`"${name}" has ${parts.length} values for ${rows} events`);
  return parts.map((part) => {
    const number = /^-?\d{1,19}$/.test(part) ? Number(part) : Number.NaN;
    if (!(number >= least && number <= most)) throw new EventAnswerInvalid(`"${name}" holds a value that cannot be one`);
    return number;
  });
}

/** Servers wrap values that went through a variable. */
function unwrapped(value: PSValue | undefined): PSValue | undefined {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'object' && value.value !== undefined ? value.value : value;
}

function isList(value: PSValue | undefined): value is readonly PSValue[] {
  return Array.isArray(value);
}
