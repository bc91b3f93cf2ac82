import { valueOf } from '../fact.ts';
import { actGuarded } from '../guarded.ts';
import { pauseSchedulerByHand } from '../manual/scheduler.ts';
import { Cancelled, ScriptFailed, StepFailed, errorText } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { Step } from '../step.ts';
import { installationPath } from './installation.ts';
import { readScheduler } from './scheduler-reading.ts';

interface Found {
  readonly path: string;
}

/** Between two looks at a synchronization that is still running, in milliseconds. */
const lookInterval = 3_000;
/** Longest wait for a running synchronization, in milliseconds. */
const longestWait = 6 * 3_600_000;

/** Turns scheduled cycles off, remembering on the server how it was, and waits for the running one. */
export const pauseScheduler: Step<Found, true, { refusedBy: string | undefined }> = {
  id: 'pause-scheduler',
  title: 'Pause the scheduler',
  summary: 'Turns scheduled synchronization off, remembers on the server how it was, and waits until nothing runs.',
  danger: 'change',
  // One call of a cmdlet that the service itself carries out: the end of the session breaks nothing off, and the setting is read back.
  launch: 'inline',
  parameters: [],
  duration: 'Seconds; a synchronization that is running is waited for and can take hours.',
  ifStoppedHere: 'Scheduled synchronization stays off until "Put the scheduler back" is run; how it was is remembered on the server.',
  afterLoss: 'repeat',
  manual: pauseSchedulerByHand,

  async precheck(context) {
    const { snapshot } = await context.look();
    if (valueOf(snapshot.service.state) !== 'Running') return { kind: 'skip', why: 'The service does not run, so no cycle can; it is paused as soon as it runs.' };
    const path = installationPath(snapshot);
    const now = await readScheduler(context, path);
    if (now.before !== '' && now.enabled === false && !now.running) return { kind: 'skip', why: `It is paused already (before: ${now.before === 'True' ? 'on' : 'off'}).` };
    return { kind: 'ready', found: { path }, says: [`Scheduled synchronization is ${now.enabled === false ? 'off' : 'on'}; ${now.running ? `running now: ${now.busy === '' ? 'a cycle' : now.busy}` : 'nothing runs now'}.`] };
  },

  async confirm(context) {
    const agreed = await context.consent({
      title: 'Pause the scheduler', changes: ['Scheduled synchronization is turned off. A running synchronization is waited for.'],
      undo: '"Put the scheduler back" restores it.', irreversible: false, typedName: undefined, action: 'Pause the scheduler',
    }, false);
    if (!agreed) throw new Cancelled('Declined.');
    return true;
  },

  async action(context, found) {
    let refusedBy: string | undefined;
    try {
      await context.link.reconnecting(() => actGuarded(context, scripts.pauseScheduler, { InstallationPath: found.path }, { signal: context.signal }), context.signal);
    } catch (error) {
      if (!(error instanceof ScriptFailed)) throw error;
      // Set-ADSyncScheduler may need the very sign-in that is broken; what counts is that no cycle runs.
      refusedBy = errorText(error);
      context.say('warn', `The scheduler could not be turned off: ${refusedBy}`);
    }
    const deadline = context.clock.now() + longestWait;
    for (;;) {
      const now = await readScheduler(context, found.path);
      if (!now.running) return { refusedBy };
      if (context.clock.now() > deadline) throw new StepFailed('A synchronization still runs after six hours. Look at it in Synchronization Service Manager.');
      context.progress(`Waiting for the running synchronization${now.busy === '' ? '' : ` (${now.busy})`}`);
      await context.pause(lookInterval);
    }
  },

  async postcondition(context, found, outcome) {
    const now = await readScheduler(context, found.path);
    await context.note('evidence', { fact: 'SyncCycleEnabled', value: now.enabled ?? 'unknown' });
    if (now.running) return { held: false, says: 'A synchronization is running again.' };
    if (now.enabled === false) return { held: true, says: 'Scheduled synchronization is off, and nothing runs.' };
    if (outcome?.refusedBy !== undefined) return { held: true, says: 'Nothing runs, but the scheduler could not be turned off: the next cycle may start by itself.' };
    return { held: false, says: 'Scheduled synchronization is still on.' };
  },
};
