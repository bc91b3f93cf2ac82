import { textOf, truthOf } from '../flat-record.ts';
import { scripts } from '../scripts.ts';
import type { StepContext } from '../step.ts';

export interface SchedulerReading {
  readonly enabled: boolean | undefined;
  readonly running: boolean;
  readonly busy: string;
  /** How it was before the first run paused it: `True`, `False`, or empty where none did. */
  readonly before: string;
  /** Get-ADSyncScheduler answered, which needs a working Entra sign-in. */
  readonly cloud: boolean;
}

/** Reads the scheduler and whether a synchronization runs. */
export async function readScheduler(context: StepContext, path: string): Promise<SchedulerReading> {
  const [answer] = await context.link.read(scripts.readScheduler, { InstallationPath: path }, { signal: context.signal });
  return {
    enabled: truthOf(answer, 'enabled'),
    running: truthOf(answer, 'running') === true,
    busy: textOf(answer, 'busy'),
    before: textOf(answer, 'before'),
    cloud: truthOf(answer, 'cloud') === true,
  };
}
