import { valueOf } from '../fact.ts';
import { numberOf, textOf } from '../flat-record.ts';
import { actGuarded } from '../guarded.ts';
import { Cancelled, StepFailed } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { Step } from '../step.ts';
import { protectedFolder } from './protected-folder.ts';
import { installationPath } from './installation.ts';

interface Found {
  readonly path: string;
}

/** Exports connectors, rules and settings through the running service; holds no secrets. */
export const backUpConfiguration: Step<Found, true, { path: string; files: number }> = {
  id: 'back-up-configuration',
  title: 'Back up the configuration',
  summary: 'Exports connectors, rules and global settings into a folder on the server that only administrators can read.',
  danger: 'none',
  launch: 'inline',
  parameters: [],
  duration: 'Seconds to a few minutes.',
  ifStoppedHere: 'Nothing has changed; a copy of the configuration lies on the server.',
  afterLoss: 'repeat',

  async precheck(context) {
    const { snapshot } = await context.look();
    const state = valueOf(snapshot.service.state);
    if (state !== 'Running') return { kind: 'skip', why: `Only the running service can export its configuration, and it is ${state ?? 'in an unknown state'}.` };
    return { kind: 'ready', found: { path: installationPath(snapshot) }, says: ['The service runs and can export its configuration.'] };
  },

  async confirm(context) {
    const agreed = await context.consent({
      title: 'Back up the configuration', changes: ['A folder is made under ProgramData on the server, and the configuration is exported into it.'],
      undo: 'Delete the folder.', irreversible: false, typedName: undefined, action: 'Back up the configuration',
    }, false);
    if (!agreed) throw new Cancelled('Declined.');
    return true;
  },

  async action(context, found) {
    const folder = await protectedFolder(context);
    await context.expectLong(600);
    const [answer] = await actGuarded(context, scripts.backUpConfiguration, { Folder: folder, InstallationPath: found.path }, { signal: context.signal, silenceLimit: 600_000 });
    return { path: textOf(answer, 'path'), files: numberOf(answer, 'files') ?? 0 };
  },

  async postcondition(context, _found, outcome) {
    if (outcome === undefined || outcome.files === 0) throw new StepFailed('The export ended without an error, but no file was written. Look at the folder on the server.');
    context.memory.configurationBackedUp = true;
    await context.note('evidence', { fact: 'configuration', value: `${outcome.files} files in ${outcome.path}` });
    return { held: true, says: `${outcome.files} files in ${outcome.path}` };
  },
};
