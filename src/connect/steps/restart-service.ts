import { hasPassword, parseAccount, type AccountKind } from '../account.ts';
import { compareBuilds, firstBuildThatRecreatesKeys } from '../builds.ts';
import { valueOf } from '../fact.ts';
import { restartServiceByHand } from '../manual/service.ts';
import { untriedReset } from '../password-change.ts';
import { Cancelled, Refused, StepFailed, errorText } from '../run-errors.ts';
import { consentToOutage, methodCodeText, readService, startOnce, stopAndWait } from '../service-control.ts';
import type { Step } from '../step.ts';
import { closedServiceManager } from './close-programs.ts';
import { startNameOf } from './installation.ts';
import { settlePasswordChange } from './questions.ts';

interface Found {
  readonly startName: string;
  readonly computerName: string;
  readonly writableController: boolean;
  /** The kind of an account whose password a person can have set; undefined for any other. */
  readonly kind: AccountKind | undefined;
  /** The password was reset since the service started, by the server's own log, and this build makes a new key where it cannot read the old one. */
  readonly reset: boolean;
}

/** Stops and starts the service, so that it forgets cached passwords. */
export const restartService: Step<Found, true, { code: number }> = {
  id: 'restart-service',
  title: 'Restart the service',
  summary: 'Stops ADSync, waits until its process has ended, and starts it once.',
  danger: 'outage',
  // Stop and start are each Service Control Manager's once it was asked, so a session's end breaks neither off. One that ends between
  // them leaves the service stopped in order, which nothing is lost by: it is started after connecting again, or by whoever resumes the
  // run. A detached task would start it without the guard of that moment, and a start can drop secrets where the key became unreadable.
  launch: 'inline',
  parameters: [],
  duration: 'Up to some minutes.',
  ifStoppedHere: 'The service runs with the passwords that are stored now.',
  afterLoss: 'read-back',
  manual: restartServiceByHand,

  async precheck(context) {
    // In a plan a person may just have entered a password in a program that is still open.
    const { snapshot: seen } = await context.look(context.plan !== undefined);
    const snapshot = context.plan === undefined ? seen : await closedServiceManager(context, seen);
    const startName = startNameOf(snapshot);
    const now = await readService(context);
    if (now.state !== 'Running') throw new StepFailed(`ADSync is ${now.state}, so there is nothing to restart. Start it instead.`);
    const computerName = valueOf(snapshot.server.computerName);
    const account = parseAccount(startName, computerName);
    const build = valueOf(snapshot.installation.build);
    const reset = untriedReset(snapshot) !== undefined && (build === undefined || compareBuilds(build, firstBuildThatRecreatesKeys) >= 0);
    return { kind: 'ready', found: { kind: account !== undefined && hasPassword(account.kind) ? account.kind : undefined, reset, startName, computerName: computerName ?? context.link.name, writableController: valueOf(snapshot.domainController.writable) === true }, says: [`ADSync runs as ${startName}.`] };
  },

  async confirm(context, found) {
    const change = `On ${found.computerName} the service ADSync is stopped and started once.`;
    const how = found.reset && found.kind !== undefined ? await settlePasswordChange(context, found.startName, found.kind) : 'change';
    if (how === 'change') return consentToOutage(context, 'Restart ADSync', change, 'Nothing to undo: it runs again afterwards.', 'Restart the service');
    const agreed = await context.consent({
      title: 'Restart ADSync after a reset of its password', irreversible: true, typedName: found.computerName, action: 'Restart the service',
      changes: [change, `The password of ${found.startName} was reset since the service started. Running, it still holds its encryption key; if it cannot read the key at the start, it makes a new one, and every connector's password has to be entered again.`],
      undo: 'Secrets that were dropped cannot be brought back. With the old password set on the account again first, nothing is lost.',
    }, true);
    if (!agreed) throw new Cancelled('Declined. The service runs on.');
    return true;
  },

  async action(context, found) {
    await context.note('intent', { action: 'restart', startName: found.startName });
    return context.uninterruptible('ADSync is being restarted, which cannot be cancelled half-way: it would stay stopped. It is started again first.', async () => {
      await stopAndWait(context);
      try {
        return { code: (await startOnce(context, found.startName)).code };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        throw new Refused(error.finding, `ADSync was stopped for the restart and is not started: ${errorText(error)}`);
      }
    });
  },

  async postcondition(context, found, outcome) {
    let now = await readService(context);
    if (outcome === undefined && now.state === 'Stopped' && now.exitCode === 0) {
      // The connection broke between the stop and the start: it was stopped in order, and no start was tried.
      context.say('warn', 'ADSync was stopped when the connection broke, and not started yet. It is started now.');
      now = await startOnce(context, found.startName);
    }
    await context.note('evidence', { fact: 'State', value: now.state });
    if (now.state === 'Running') return { held: now.startName === found.startName, says: `ADSync runs as ${now.startName}.` };
    if (found.writableController) context.memory.retriedWithController = true;
    const { findings } = await context.look(true);
    const [first] = findings;
    const came = outcome === undefined || outcome.code === 0 ? '' : `: ${methodCodeText(outcome.code)}`;
    const says = `ADSync is ${now.state} after the restart${came}. ${first === undefined ? 'Diagnose again.' : `Now: ${first.title}. ${first.advice}`}`;
    if (context.purpose === 'retry') return { held: true, says: `One attempt was made. ${says}` };
    throw new StepFailed(`${says} It is not tried again by itself: failed log-ons can lock the account.`);
  },
};
