import { textOf } from '../flat-record.ts';
import { StepFailed } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { StepContext } from '../step.ts';

/** This run's folder on the server, made or checked each time: only administrators and SYSTEM may be able to use it. */
export async function protectedFolder(context: StepContext): Promise<string> {
  const [answer] = await context.link.read(scripts.protectFolder, { Run: context.run }, { signal: context.signal });
  const folder = textOf(answer, 'folder');
  if (folder === '') throw new StepFailed('The server did not say where it made the protected folder. Nothing was written.');
  context.memory.folder = folder;
  return folder;
}
