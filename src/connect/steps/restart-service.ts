import { valueOf } from '../fact.ts';
import { restartServiceByHand } from '../manual/service.ts';
import { StepFailed } from '../run-errors.ts';
import { consentToOutage, methodCodeText, readService, startOnce, stopAndWait } from '../service-control.ts';
import type { Step } from '../step.ts';
import { startNameOf } from './installation.ts';

interface Found {
  readonly startName: string;
  readonly computerName: string;
  readonly writableController: boolean;
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
    const { snapshot } = await context.look();
    const startName = startNameOf(snapshot);
    const now = await readService(context);
    if (now.state !== 'Running') throw new StepFailed(`ADSync is ${now.state}, so there is nothing to restart. Start it instead.`);
    return { kind: 'ready', found: { startName, computerName: valueOf(snapshot.server.computerName) ?? context.link.name, writableController: valueOf(snapshot.domainController.writable) === true }, says: [`ADSync runs as ${startName}.`] };
  },

  confirm: (context, found) => consentToOutage(context, 'Restart ADSync', `On ${found.computerName} the service ADSync is stopped and started once.`, 'Nothing to undo: it runs again afterwards.', 'Restart the service'),

  async action(context, found) {
    await context.note('intent', { action: 'restart', startName: found.startName });
    return context.uninterruptible('ADSync is being restarted, which cannot be cancelled half-way: it would stay stopped. It is started again first.', async () => {
      await stopAndWait(context);
      return { code: (await startOnce(context, found.startName)).code };
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
