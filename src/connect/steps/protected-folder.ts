import { textOf, type FlatRecord } from '../flat-record.ts';
import { Refused, ScriptFailed, StepFailed, errorText } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { StepContext } from '../step.ts';

/**
 * This run's folder on the server, made or checked each time: only administrators and SYSTEM may be able to use it. Rejects with
 * Refused where somebody else made it, or can use it.
 */
export async function protectedFolder(context: StepContext): Promise<string> {
  const folder = textOf((await make(context))[0], 'folder');
  if (folder === '') throw new StepFailed('The server did not say where it made the protected folder. Nothing was written.');
  context.memory.folder = folder;
  return folder;
}

async function make(context: StepContext): Promise<readonly FlatRecord[]> {
  try {
    return await context.link.read(scripts.protectFolder, { Run: context.run }, { signal: context.signal });
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    throw new Refused('cannot-tell', errorText(error));
  }
}
