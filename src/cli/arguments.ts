import { parseArgs, type ParseArgsConfig } from 'node:util';
import { wrongCall } from './cli-error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** A command's words: its options by name, and what stands alone. */
export type Words<T extends Options> = ReturnType<typeof parseArgs<{ options: T; strict: true; allowPositionals: true }>>;

/** Options that a secret might be given by, to be refused with a better sentence than "unknown". */
const secretOptions = /^--?(password|passwd|pass|pwd|secret|token|credential)s?(=|$)/i;

/** Parses a command's words strictly. Throws a CliError, exit code 2, which never repeats a value. */
export function parseWords<T extends Options>(command: string, words: readonly string[], options: T, positionals: { readonly least: number; readonly most: number }): Words<T> {
  if (words.some((word) => secretOptions.test(word))) {
    throw wrongCall('A secret never stands in arguments, which every user of this machine can read. Secrets come from a credential helper or are asked for; an approval comes from a file or the environment.', command);
  }
  if (words.some((word) => /^--?(y|yes|force|assume-yes)$/i.test(word))) {
    throw wrongCall('There is no option that agrees to everything: what can be undone is confirmed with --confirm and the server\'s own name, what cannot be undone with an approval.', command);
  }
  let parsed;
  try {
    parsed = parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wrongCall((error instanceof Error ? error.message : String(error)).split('. To specify')[0]?.replace(/\.?$/, '.') ?? '', command);
  }
  if (parsed.positionals.length < positionals.least) throw wrongCall(`${command} needs the name of a server.`, command);
  if (parsed.positionals.length > positionals.most) throw wrongCall(`${command} takes ${positionals.most === 0 ? 'no name' : 'one name only'}: a remediation never runs on more than one server at once.`, command);
  return parsed;
}

/** A whole number within bounds, from an option's text. */
export function wholeNumber(command: string, option: string, text: string | undefined, usual: number, least: number, most: number): number {
  if (text === undefined) return usual;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw wrongCall(`--${option} needs a whole number from ${least} to ${most}.`, command);
  return value;
}

/** One of several words, from an option's text. */
export function oneOf<T extends string>(command: string, option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw wrongCall(`--${option} must be one of: ${choices.join(', ')}.`, command);
  return found;
}
