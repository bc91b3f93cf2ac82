import { startedSince } from '../abandonment.ts';
import { judgeAbandon, readAbandonRecord, type AbandonRecord, type AbandonVerdict } from '../abandon-marker.ts';
import { belongsToDomain, hasPassword, parseAccount } from '../account.ts';
import { lastBuildOfOldKeys } from '../builds.ts';
import { valueOf } from '../fact.ts';
import { textOf, truthOf } from '../flat-record.ts';
import { Cancelled, OutcomeUnknown, Refused, StepFailed, errorText, isConnectionLost } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import { guardText, refusedByServer } from '../guarded.ts';
import { abandonKeyByHand } from '../manual/abandon-key.ts';
import { readService } from '../service-control.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Postcondition, Step, StepContext } from '../step.ts';
import { abandonmentOutcome } from './abandonment-outcome.ts';
import { installationPath, startNameOf } from './installation.ts';
import { readKeyEvents } from './key-events.ts';
import { protectedFolder } from './protected-folder.ts';
import { connectorLine } from './connector-line.ts';
import { askOldPassword, askReason, askRetry } from './questions.ts';

interface Found {
  readonly computerName: string;
  readonly machineId: string;
  readonly startName: string;
  readonly path: string;
  readonly build: string;
  readonly connectors: readonly string[];
  readonly applicationRecord: number;
  readonly askOldPassword: boolean;
  /** The key may be readable again since a writable domain controller answers, and this run did not try. */
  readonly askRetry: boolean;
  /** Synchronization depends on this server: it is not in staging mode. */
  readonly active: boolean;
  readonly applicationMode: boolean;
}

/** What the task on the server checks once more; it runs as SYSTEM, which has no role in the sync engine and no lock of its own. */
const taskChecks: ReadonlySet<string> = new Set(['machine', 'account', 'build', 'database', 'programs', 'database-process', 'utility']);
/** Between two looks at the running task, in milliseconds. */
const lookInterval = 1_500;
/** The task's own limit is two hours; this wait is a little longer, in milliseconds. */
const longestWait = 2.2 * 3_600_000;
/** A server that restarts meanwhile comes back within this time, in milliseconds. */
const longestAbsence = 1_800_000;
/** Readings in a row that must agree before a task that left no outcome counts as gone. */
const readingsToBeSure = 3;
/** Readings in a row without a mark, before a launch whose answer was lost counts as never made: its checks come before its mark. */
const readingsWithoutMark = 20;
const why = 'The encryption key is being abandoned. Whatever interrupted it now could leave it half done, so it cannot be cancelled; closing this window does not stop it either.';

/** Abandons the encryption key: the one step that cannot be undone. Confirmed by typing the name that the server reports. */
export const abandonKey: Step<Found, true, AbandonRecord> = {
  id: 'abandon-key',
  title: 'Abandon the encryption key',
  summary: 'Stops ADSync and runs miiskmu.exe /a: every connector\'s stored secret is dropped, so that a new key can be made.',
  danger: 'irreversible',
  launch: 'detached',
  parameters: [],
  duration: 'A few minutes: the service is stopped first. It cannot be cancelled.',
  ifStoppedHere: 'The service is stopped and every stored secret is gone: start the service, then enter each connector\'s password.',
  afterLoss: 'read-back',
  manual: abandonKeyByHand,

  async precheck(context) {
    // Read once more at the moment of acting, after the person has answered (run-step.ts).
    const { snapshot } = await context.look();
    const record = readAbandonRecord(await context.link.read(scripts.readAbandon, {}, { signal: context.signal }));
    const settled = await settleEarlier(context, record, snapshot);
    if (settled !== undefined) return settled;
    // What stood in the way is settled now; the gates look at the server without it.
    if (record !== undefined) await context.look(true);
    const computerName = valueOf(snapshot.server.computerName);
    if (computerName === undefined) throw new Refused('cannot-tell', 'The server did not report its own name, so nobody can confirm this for it.');
    const startName = startNameOf(snapshot);
    const account = parseAccount(startName, computerName);
    // A service that runs reads its key: nothing has to be found out about it.
    const asks = context.plan !== 'abandon-any-reason' || valueOf(snapshot.service.state) !== 'Running';
    const found: Found = {
      computerName, machineId: valueOf(snapshot.machineId) ?? '', startName, path: installationPath(snapshot), build: valueOf(snapshot.installation.build) ?? 'unknown',
      connectors: (valueOf(snapshot.connectors) ?? []).map((connector) => connectorLine(connector)),
      active: valueOf(snapshot.scheduler.stagingMode) !== true,
      applicationMode: valueOf(snapshot.authenticationMode) === 'Application',
      applicationRecord: (await readService(context)).applicationRecord,
      askOldPassword: asks && account !== undefined && hasPassword(account.kind),
      askRetry: asks && account !== undefined && belongsToDomain(account.kind) && !context.memory.retriedWithController,
    };
    return { kind: 'ready', found, says: [`${computerName}, build ${found.build}, ADSync as ${startName}.`] };
  },

  async confirm(context, found) {
    if (found.askRetry && await askRetry(context, found.startName) !== 'failed-again') {
      throw new Refused('cannot-tell', `Start the service once while a writable domain controller answers, then diagnose again: that start may read the key of ${found.startName}, and nothing is lost. The plan "full-abandonment" begins with it. The key was not abandoned.`);
    }
    if (found.askOldPassword) {
      const answer = await askOldPassword(context, found.startName);
      if (answer !== 'gone') throw new Refused('key-lost', answer === 'known' ? `Set the old password on ${found.startName} again and give it to Service Control Manager: nothing is lost that way. The key was not abandoned.` : 'The key is abandoned only when the old password is gone for certain. It was not abandoned.');
    }
    const reason = context.plan === 'abandon-any-reason' ? await askReason(context, found.active) : undefined;
    const agreed = await context.consent({
      title: `Abandon the encryption key of ${found.computerName}`,
      changes: [
        `On ${found.computerName} the service ADSync (running as ${found.startName}) is stopped, and miiskmu.exe /a is run.`,
        ...(reason === undefined ? [] : [`Your reason: ${reason}`]),
        ...(found.connectors.length === 0 ? ['Every stored secret is dropped, of every connector, on-premises and Entra (which they are can be read only while the service runs). Each has to be entered again afterwards.'] : [
          `The stored secrets of all ${found.connectors.length} connectors are dropped, and each has to be entered again afterwards:`, ...found.connectors,
        ]),
        ...(found.applicationMode ? ['This server signs in to Entra as an application: its certificate is kept with the service account and is not touched, but where it does not work afterwards, it has to be rotated in the wizard.'] : []),
        `Microsoft's document says: "The following procedures only apply to Microsoft Entra Connect build 1.1.443.0 or older." This server has build ${found.build}.`,
        `Builds after ${lastBuildOfOldKeys} make a new key by themselves when they cannot read the old one; there the procedure is a last resort for a service that does not even do that.`,
        ...(context.memory.databaseBackedUp ? [] : ['Nobody has backed the database up since this run was begun or gone on with here: make sure that there is a backup.']),
        'If there is a staging server, promoting it first keeps synchronization alive; if there is a support contract, ask first.',
      ],
      undo: 'It cannot be undone. Not even a database backup brings the secrets back, unless the old key can be read again.',
      irreversible: true, typedName: found.computerName, action: 'Abandon the encryption key',
    }, true);
    if (!agreed) throw new Cancelled('Declined. The key was not abandoned.');
    return true;
  },

  async action(context, found) {
    const folder = await protectedFolder(context);
    const task = `EntraConnectRemediation-${context.run}`;
    await context.note('intent', { action: 'abandon', startName: found.startName, applicationRecord: found.applicationRecord, task, folder });
    context.say('dim', `It runs on the server as the scheduled task ${task}, as NT AUTHORITY\\SYSTEM, so that a lost connection cannot cut it in two.`);
    const unchanged = `no-newer=${found.applicationRecord}`;
    return context.uninterruptible(why, async () => {
      try {
        const [answer] = await context.link.act(scripts.launchAbandon, {
          Run: context.run, Folder: folder, TaskScript: scripts.abandon.text, InstallationPath: found.path, ComputerName: found.computerName,
          MachineId: found.machineId, StartName: found.startName, ApplicationRecord: BigInt(found.applicationRecord),
          Guard: `${guardText(context)}\n${unchanged}`, TaskGuard: `${guardText(context, taskChecks)}\n${unchanged}`,
        });
        if (truthOf(answer, 'launched') !== true) throw new Refused('cannot-tell', `${textOf(answer, 'why')} The key was not abandoned.`);
      } catch (caught) {
        const error = await refusedByServer(context, caught);
        // The launch may have happened all the same: only the marker on the server can tell.
        if (!isConnectionLost(error)) throw error;
        await context.note('connection-lost', { reason: errorText(error) });
      }
      return waitForOutcome(context, task);
    });
  },

  async postcondition(context, found, outcome) {
    const record = outcome ?? readAbandonRecord(await context.link.read(scripts.readAbandon, {}));
    return judgeOutcome(context, found, record);
  },
};

/** Decides on what an earlier run left behind: wait for it, take it as done, or let a person decide. Undefined: nothing is left. */
async function settleEarlier(context: StepContext, record: AbandonRecord | undefined, snapshot: Snapshot): Promise<{ kind: 'skip'; why: string } | undefined> {
  if (record === undefined) return undefined;
  let now: AbandonRecord = record;
  if (judgeAbandon(now) === 'running') {
    context.say('warn', `An abandonment that was begun at ${record.intent} is still running; it is waited for, never started again.`);
    now = await context.uninterruptible(why, () => waitForOutcome(context, record.task));
  }
  switch (judgeAbandon(now)) {
    case 'done':
      // miiskmu works only while the service stands still: one that runs was started afterwards.
      if (now.run !== context.run && (valueOf(snapshot.service.state) === 'Running' || startedSince(snapshot, now.finished))) {
        // Another run's, long over: nobody has settled it. What this run is about is the key that was made since.
        await context.link.read(scripts.settleAbandon, { Intent: record.intent });
        context.say('dim', `An earlier run abandoned a key (intent ${record.intent}), and the service has started since: that is settled.`);
        return undefined;
      }
      return { kind: 'skip', why: `The key was abandoned already (intent ${record.intent}, exit code 0).` };
    case 'not-started':
      // A run that goes on launches under the same name.
      await removeTask(context, record.task);
      await context.link.read(scripts.settleAbandon, { Intent: record.intent });
      context.say('dim', `An earlier attempt (${record.intent}) refused before it began: ${record.refusal}`);
      return undefined;
    default: {
      const decided = await abandonmentOutcome(context, now);
      // What a person says did not happen must not happen later, and a run that goes on launches under the same name.
      if (decided === undefined && now.taskState !== '') await removeTask(context, now.task);
      return decided;
    }
  }
}

/** Waits until the marker tells how it went; lost connections are made anew as long as it takes. */
async function waitForOutcome(context: StepContext, task: string): Promise<AbandonRecord> {
  const deadline = context.clock.now() + longestWait;
  let unclear = 0;
  let unmarked = 0;
  let lostSince: number | undefined;
  for (;;) {
    try {
      await context.pause(lookInterval);
      const record = readAbandonRecord(await context.link.read(scripts.readAbandon));
      lostSince = undefined;
      if (record === undefined) {
        if (++unmarked < readingsWithoutMark) continue;
        throw new StepFailed('The launch left no mark on the server, so nothing was started. The key was not abandoned.');
      }
      const verdict: AbandonVerdict = judgeAbandon(record);
      unclear = verdict === 'unknown' ? unclear + 1 : 0;
      if (verdict === 'done' || verdict === 'not-started' || unclear >= readingsToBeSure || context.clock.now() > deadline) {
        await removeTask(context, task);
        return record;
      }
      context.progress(phaseTexts[record.phase] ?? 'Abandoning the encryption key');
    } catch (error) {
      lostSince ??= context.clock.now();
      if (!isConnectionLost(error) || context.clock.now() - lostSince > longestAbsence) throw error;
      context.say('warn', 'The connection is lost; the action goes on on the server. Connecting again.');
    }
  }
}

const phaseTexts: Readonly<Record<string, string>> = {
  launched: 'The task is starting', checking: 'Checking once more on the server', stopping: 'Stopping ADSync and waiting for its process to end', abandoning: 'miiskmu.exe /a is running', finished: 'miiskmu.exe has ended',
};

async function removeTask(context: StepContext, task: string): Promise<void> {
  try {
    await context.link.read(scripts.endAbandonTask, { Task: task });
  } catch (error) {
    // It has ended and carries nothing; that it stays listed changes nothing about the outcome.
    context.say('warn', `The scheduled task ${task} could not be removed: ${errorText(error)}`);
  }
}

async function judgeOutcome(context: StepContext, found: Found, record: AbandonRecord | undefined): Promise<Postcondition> {
  const verdict = judgeAbandon(record);
  if (record === undefined || verdict === 'none') throw new OutcomeUnknown('There is no mark of the abandonment on the server any more. A person has to look at events MIISKMU 1 and ADSync 6201.');
  await context.note('action', { action: 'miiskmu /a', outcome: verdict, code: record.exitCode === '' ? null : record.exitCode });
  if (verdict === 'not-started') {
    await context.link.read(scripts.settleAbandon, { Intent: record.intent });
    const { state } = await readService(context);
    throw new Refused('cannot-tell', `The server's own last check stopped it before it began: ${record.refusal} The key was not abandoned.${state === 'Running' ? '' : ` ADSync is ${state} now: start the service, or go on with this run.`}`);
  }
  const events = await readKeyEvents(context, found.applicationRecord);
  for (const event of events) await context.note('evidence', { fact: `${event.provider} event`, eventId: event.id, recordId: event.recordId, time: event.time });
  if (verdict !== 'done') {
    const seen = events.map((event) => `${event.provider} ${event.id} at ${event.time}`).join(', ');
    if (record.phase === 'launched') throw new OutcomeUnknown(`The script of the task left no mark that it began: it was not started, or malware protection or a policy refused it. Events since: ${seen === '' ? 'none' : seen}. It is not started again; a person has to decide.`);
    throw new OutcomeUnknown(`miiskmu.exe /a ${record.exitCode === '' ? 'left no exit code' : `ended with exit code ${record.exitCode}`}${record.output === '' ? '' : ` and said: ${record.output}`}. Events since: ${seen === '' ? 'none' : seen}. It is not started again; a person has to decide.`);
  }
  const began = events.some((event) => event.provider === 'MIISKMU' && event.id === 1);
  const now = await readService(context);
  return { held: true, says: `Exit code 0${began ? ', event MIISKMU 1' : '; no event MIISKMU 1 was written'}. ADSync is ${now.state}.` };
}
