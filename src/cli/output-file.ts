import { writeFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/** Writes a document to a new file, or to standard output where none is named. Never overwrites: a record may be the only one. */
export async function writeDocument(io: CliIo, file: string | undefined, text: string): Promise<void> {
  if (file === undefined) {
    io.out(text.endsWith('\n') ? text : `${text}\n`);
    return;
  }
  try {
    await writeFile(isAbsolute(file) ? file : resolve(io.folder, file), text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new CliError(exitCodes.wrongCall, `${file} could not be written: ${error instanceof Error ? error.message : String(error)}.`, 'Name a file that does not exist yet.', { cause: error });
  }
}
