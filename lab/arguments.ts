import { parseArgs, type ParseArgsConfig } from 'node:util';
import { wrongCall } from './lab-error.ts';
import { usage } from './usage.ts';

/** Parses a command's words strictly. Throws a LabError with exit code 2, the reason and the command's usage. */
export function parseWords<T extends NonNullable<ParseArgsConfig['options']>>(
  command: keyof typeof usage,
  words: readonly string[],
  options: T,
  positionals: { readonly least: number; readonly most: number },
): { values: ReturnType<typeof parseArgs<{ options: T; strict: true; allowPositionals: true }>>['values']; positionals: readonly string[] } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('. To specify')[0]?.replace(/\.?$/, '.') ?? '';
    throw wrongCall(`${reason}\n${usage[command]}`);
  }
  const count = parsed.positionals.length;
  if (count < positionals.least) throw wrongCall(`Something is missing after ${command}.\n${usage[command]}`);
  if (count > positionals.most) throw wrongCall(`Unexpected: ${parsed.positionals.slice(positionals.most).join(' ')}.\n${usage[command]}`);
  return { values: parsed.values, positionals: parsed.positionals };
}
