import { valueOf } from '../fact.ts';
import { numberOf, textOf } from '../flat-record.ts';
import { actGuarded } from '../guarded.ts';
import { backUpDatabaseByHand } from '../manual/back-up.ts';
import { Cancelled, ScriptFailed, StepFailed, errorText } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { Step, StepContext } from '../step.ts';
import { installationPath } from './installation.ts';
import { protectedFolder } from './protected-folder.ts';

interface Found {
  readonly server: string;
  readonly name: string;
  /** Undefined: the database is on another server, and its files cannot be reached from here. */
  readonly file: string | undefined;
  readonly processAlive: boolean | undefined;
}

interface Outcome {
  readonly says: string;
}

/** A copy of the database beside the still unbroken one: the only way back from an abandonment, and only while the old key can be read. */
export const backUpDatabase: Step<Found, true, Outcome> = {
  id: 'back-up-database',
  title: 'Back up the database',
  summary: 'Backs the sync database up with SQL (COPY_ONLY) into a folder on the server that only administrators can read; copies the files where SQL cannot.',
  danger: 'none',
  // The longest of the inline ones. Where the session ends, sqlcmd ends with it, and SQL Server rolls back what it was at: a backup only
  // reads the database. What was written of the file is overwritten when the step is repeated (INIT, the same name within the run), and
  // a broken-off one never counts, since only the copy at the end of the script is reported. A database of LocalDB is 10 GB at most.
  launch: 'inline',
  parameters: [],
  duration: 'Seconds to some minutes, by the size of the database.',
  ifStoppedHere: 'Nothing has changed; a copy of the database lies on the server. It is as sensitive as the server itself.',
  afterLoss: 'repeat',
  manual: backUpDatabaseByHand,

  async precheck(context) {
    if (context.memory.databaseBackedUp) return { kind: 'skip', why: 'This run has backed it up already.' };
    const { snapshot } = await context.look();
    installationPath(snapshot);
    const host = valueOf(snapshot.database.server) ?? '';
    const instance = valueOf(snapshot.database.instance) ?? '';
    const local = host.toLowerCase() === '(localdb)';
    const found: Found = {
      server: instance === '' ? host : `${host}\\${instance}`,
      name: valueOf(snapshot.database.name) ?? 'ADSync',
      file: local ? valueOf(snapshot.database.file) : undefined,
      processAlive: local ? valueOf(snapshot.database.processAlive) : undefined,
    };
    return { kind: 'ready', found, says: [`Database ${found.name} on ${found.server}${found.processAlive === false ? '; its process does not run' : ''}.`] };
  },

  async confirm(context, found) {
    const agreed = await context.consent({
      title: 'Back up the database', changes: [`Database ${found.name} is backed up without touching its backup chain, into a protected folder under ProgramData on the server.`],
      undo: 'Delete the folder.', irreversible: false, typedName: undefined, action: 'Back up the database',
    }, false);
    if (!agreed) throw new Cancelled('Declined.');
    return true;
  },

  async action(context, found) {
    const { file } = found;
    if (file === undefined) return askForBackup(context, `The database is on ${found.server}, where a backup cannot be written from here.`);
    const folder = await protectedFolder(context);
    await context.expectLong(1_800);
    const failures: string[] = [];
    if (found.processAlive !== false) {
      try {
        const [answer] = await actGuarded(
          context, scripts.backUpDatabase, { Run: context.run, Folder: folder, Server: found.server, Name: found.name, DatabaseFile: file }, { signal: context.signal, silenceLimit: 1_800_000 });
        if (textOf(answer, 'outcome') === 'backed-up') return { says: describe(numberOf(answer, 'bytes'), textOf(answer, 'path')) };
        failures.push(textOf(answer, 'text'));
      } catch (error) {
        if (!(error instanceof ScriptFailed)) throw error;
        failures.push(errorText(error));
      }
      context.say('warn', failures[0] ?? '');
    }
    try {
      const [copy] = await actGuarded(context, scripts.copyDatabase, { Folder: folder, DatabaseFile: file }, { signal: context.signal, silenceLimit: 1_800_000 });
      return { says: describe(numberOf(copy, 'bytes'), textOf(copy, 'path')) };
    } catch (error) {
      if (!(error instanceof ScriptFailed)) throw error;
      failures.push(errorText(error));
    }
    return askForBackup(context, `Neither SQL nor a file copy could back the database up: ${failures.join(' ')}`);
  },

  async postcondition(context, _found, outcome) {
    if (outcome === undefined) throw new StepFailed('The connection broke, and what became of the backup is not known. Run the step again.');
    context.memory.databaseBackedUp = true;
    await context.note('evidence', { fact: 'database', value: outcome.says });
    return { held: true, says: outcome.says };
  },
};

function describe(bytes: number | undefined, path: string): string {
  if (bytes === undefined || bytes <= 0) throw new StepFailed(`The backup at ${path} is empty. Look at it on the server.`);
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KiB in ${path}` : `${(bytes / 1_048_576).toFixed(1)} MiB in ${path}`;
}

async function askForBackup(context: StepContext, why: string): Promise<Outcome> {
  context.say('warn', why);
  const answer = await context.person.choose({
    id: 'database-not-backed-up',
    title: 'There is no backup of the database',
    prompt: `${why} Without one, abandoning the key has no way back at all. Is there a backup that was made some other way?`,
    answers: [
      { id: 'have-backup', label: 'I have a backup of today', detail: 'Go on without one made here.' },
      { id: 'stop', label: 'Stop here', detail: 'Nothing has been changed.' },
    ],
  }, context.signal);
  await context.note('question', { question: 'database-not-backed-up', answer: answer ?? 'declined' });
  if (answer !== 'have-backup') throw new Cancelled('Stopped because there is no backup of the database.');
  return { says: 'The person says that there is a backup made some other way.' };
}
