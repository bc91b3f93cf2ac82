import { valueOf } from '../fact.ts';
import { StepFailed } from '../run-errors.ts';
import { consentToOutage, methodCodeText, readService, startOnce, stopAndWait } from '../service-control.ts';
import type { Step } from '../step.ts';
import { startNameOf } from './installation.ts';

interface Found {
  readonly startName: string;
  readonly computerName: string;
}

/** Stops and starts the service, so that it forgets cached passwords. */
export const restartService: Step<Found, true, { code: number }> = {
  id: 'restart-service',
  title: 'Restart the service',
  summary: 'Stops ADSync, waits until its process has ended, and starts it once.',
  danger: 'outage',
  launch: 'inline',
  parameters: [],
  duration: 'Up to some minutes.',
  ifStoppedHere: 'The service runs with the passwords that are stored now.',
  afterLoss: 'read-back',

  async precheck(context) {
    const { snapshot } = await context.look();
    const startName = startNameOf(snapshot);
    const now = await readService(context);
    if (now.state !== 'Running') throw new StepFailed(`ADSync is ${now.state}, so there is nothing to restart. Start it instead.`);
    return { kind: 'ready', found: { startName, computerName: valueOf(snapshot.server.computerName) ?? context.link.name }, says: [`ADSync runs as ${startName}.`] };
  },

  confirm: (context, found) => consentToOutage(context, 'Restart ADSync', `On ${found.computerName} the service ADSync is stopped and started once.`, 'Nothing to undo: it runs again afterwards.', 'Restart the service'),

  async action(context, found) {
    await context.note('intent', { action: 'restart', startName: found.startName });
    await stopAndWait(context);
    return { code: (await startOnce(context, found.startName)).code };
  },

  async postcondition(context, found, outcome) {
    const now = await readService(context);
    await context.note('evidence', { fact: 'State', value: now.state });
    if (now.state !== 'Running') {
      throw new StepFailed(`ADSync is ${now.state} after the restart${outcome === undefined || outcome.code === 0 ? '' : `: ${methodCodeText(outcome.code)}`}. Diagnose again; it is not tried again by itself.`);
    }
    return { held: now.startName === found.startName, says: `ADSync runs as ${now.startName}.` };
  },
};
