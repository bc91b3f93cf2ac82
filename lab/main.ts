import { list } from './commands/list.ts';
import { person } from './commands/person.ts';
import { up } from './commands/up.ts';
import { LabError } from './lab-error.ts';
import { labLayout } from './layout.ts';
import { nearest } from './nearest.ts';
import { tryScenario } from './try/command.ts';
import { help } from './usage.ts';

const commands = { list, up, try: tryScenario, person } as const;

/**
 * The practice lab's command. Resolves to the exit code: 0 as asked, 1 failed, 2 a wrong call (one line, and the usage, on standard error).
 * `root` is the repository's folder.
 */
export async function main(words: readonly string[], root: string): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? console.error : console.log)(help);
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(commands, name)) {
    const close = nearest(name, Object.keys(commands));
    console.error(`There is no command "${name}"${close === undefined ? '' : `; the nearest is "${close}"`}.\n${help}`);
    return 2;
  }
  try {
    return await commands[name as keyof typeof commands](labLayout(root), rest);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    console.error(error.message);
    return error.exitCode;
  }
}
