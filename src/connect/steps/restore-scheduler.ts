import { valueOf } from '../fact.ts';
import { textOf, truthOf } from '../flat-record.ts';
import { actGuarded } from '../guarded.ts';
import { restoreSchedulerByHand } from '../manual/scheduler.ts';
import { Cancelled, StepFailed } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { Step } from '../step.ts';
import { installationPath } from './installation.ts';
import { readScheduler } from './scheduler-reading.ts';

interface Found {
  readonly path: string;
  /** What it is to be: as it was before it was paused, or on where somebody turned it on since. */
  readonly on: boolean;
}

/** Puts scheduled synchronization back as it was before the first run paused it. */
export const restoreScheduler: Step<Found, true, { restored: boolean }> = {
  id: 'restore-scheduler',
  title: 'Put the scheduler back',
  summary: 'Sets scheduled synchronization to what it was before it was paused.',
  danger: 'change',
  // One call of a cmdlet that the service itself carries out: the end of the session breaks nothing off, and the setting is read back.
  launch: 'inline',
  parameters: [],
  duration: 'Seconds.',
  ifStoppedHere: 'The scheduler is as it was.',
  afterLoss: 'repeat',
  manual: restoreSchedulerByHand,

  async precheck(context) {
    const { snapshot } = await context.look();
    const path = installationPath(snapshot);
    if (valueOf(snapshot.service.state) !== 'Running') {
      throw new StepFailed('The service does not run, so the scheduler cannot be put back yet. Start the service and run this step again; how it was stays remembered on the server.');
    }
    const now = await readScheduler(context, path);
    if (now.before === '') return { kind: 'skip', why: 'No run has paused it.' };
    return { kind: 'ready', found: { path, on: now.before === 'True' || now.enabled === true }, says: [
      `Before it was paused, scheduled synchronization was ${now.before === 'True' ? 'on' : 'off'}.${now.before !== 'True' && now.enabled === true ? ' Somebody has turned it on since, so it stays on.' : ''}`,
    ] };
  },

  async confirm(context, found) {
    const agreed = await context.consent({
      title: 'Put the scheduler back', changes: [`Scheduled synchronization is ${found.on ? 'on' : 'off'} afterwards, and what was remembered is forgotten.`],
      undo: '"Pause the scheduler".', irreversible: false, typedName: undefined, action: 'Put the scheduler back',
    }, false);
    if (!agreed) throw new Cancelled('Declined.');
    return true;
  },

  async action(context, found) {
    const [answer] = await actGuarded(context, scripts.restoreScheduler, { InstallationPath: found.path }, { signal: context.signal });
    return { restored: truthOf(answer, 'restored') === true || textOf(answer, 'before') === '' };
  },

  async postcondition(context, found, outcome) {
    const now = await readScheduler(context, found.path);
    await context.note('evidence', { fact: 'SyncCycleEnabled', value: now.enabled ?? 'unknown' });
    const held = now.before === '' && outcome?.restored !== false && now.enabled === found.on;
    return { held, says: held ? `Scheduled synchronization is ${found.on ? 'on' : 'off'}, as before.` : 'The scheduler does not show what it was to be.' };
  },
};
