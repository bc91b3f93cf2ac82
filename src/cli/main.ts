import { nearest } from '../inventory/nearest.ts';
import { asCliError, wrongCall } from './cli-error.ts';
import { diagnoseCommand } from './commands/diagnose.ts';
import { eventsCommand } from './commands/events.ts';
import { planCommand } from './commands/plan.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { runbookCommand } from './commands/runbook.ts';
import { exitCodes } from './exit-codes.ts';
import { commandHelp, overview, type CommandName } from './help.ts';
import type { CliPorts } from './io.ts';
import { jsonLine, jsonVersion } from './json.ts';
import { tame } from './tame.ts';

/** A command: takes its words, prints its result, resolves to the exit code; rejects with anything, best a CliError. */
export type Command = (ports: CliPorts, words: readonly string[]) => Promise<number>;

const commands: Readonly<Record<CommandName, Command>> = { diagnose: diagnoseCommand, events: eventsCommand, plan: planCommand, run: runCommand, report: reportCommand, runbook: runbookCommand };

/** Runs one call of the command line and resolves to its exit code. Never rejects. */
export async function main(given: CliPorts, words: readonly string[]): Promise<number> {
  // Errors quote servers, and so may anything else that is printed: nothing gets past this place untamed.
  const io = { ...given.io, out: (text: string) => { given.io.out(tame(text)); }, err: (text: string) => { given.io.err(tame(text)); } };
  const ports = { ...given, io };
  const [name, ...rest] = words;
  const wantsHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';
  if (name === undefined || wantsHelp(name) || name === 'help') {
    (name === undefined ? io.err : io.out)(overview);
    return name === undefined ? exitCodes.wrongCall : exitCodes.done;
  }
  if (name === '--version') {
    io.out(`${ports.version}\n`);
    return exitCodes.done;
  }
  const json = rest.includes('--json');
  try {
    if (!isCommand(name)) {
      const close = nearest(name, Object.keys(commands));
      throw wrongCall(`There is no command "${name}"${close === undefined ? '' : `; the nearest is "${close}"`}.`);
    }
    if (rest.some(wantsHelp)) {
      io.out(commandHelp[name]);
      return exitCodes.done;
    }
    return await commands[name](ports, rest);
  } catch (thrown) {
    const error = asCliError(thrown);
    io.err(`${error.message}${error.remedy === '' ? '' : ` ${error.remedy}`}\n`);
    if (json) io.out(jsonLine({ v: jsonVersion, command: isCommand(name) ? name : null, error: { exitCode: error.exitCode, message: error.message, remedy: error.remedy } }));
    return error.exitCode;
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
