import { valueOf } from '../fact.ts';
import { stopServiceByHand } from '../manual/service.ts';
import { consentToOutage, readService, stopAndWait } from '../service-control.ts';
import type { Step } from '../step.ts';

/** Stops the service and waits until its process is gone. */
export const stopService: Step<{ computerName: string }, true, true> = {
  id: 'stop-service',
  title: 'Stop the service',
  summary: 'Stops ADSync and waits until its process has ended.',
  danger: 'outage',
  // A session that ends takes nothing with it: the script only hands Service Control Manager the stop and returns at once. The minutes
  // that stopping takes pass in the service's own process; what became of it is read by short calls, over a new connection as well.
  launch: 'inline',
  parameters: [],
  duration: 'Up to some minutes.',
  ifStoppedHere: 'Synchronization stands still until the service is started. LocalDB goes some minutes after the service.',
  afterLoss: 'read-back',
  manual: stopServiceByHand,

  async precheck(context) {
    const { snapshot } = await context.look();
    const now = await readService(context);
    if (now.state === 'Stopped' && !now.processAlive) return { kind: 'skip', why: 'The service is stopped, and its process has ended.' };
    return { kind: 'ready', found: { computerName: valueOf(snapshot.server.computerName) ?? context.link.name }, says: [`ADSync is ${now.state}.`] };
  },

  confirm: (context, found) => consentToOutage(context, 'Stop ADSync', `On ${found.computerName} the service ADSync is stopped; nothing synchronizes until it is started.`, 'Start the service.', 'Stop the service'),

  async action(context) {
    await context.note('intent', { action: 'StopService' });
    await stopAndWait(context);
    return true;
  },

  async postcondition(context) {
    const now = await readService(context);
    await context.note('evidence', { fact: 'State', value: now.state });
    return { held: now.state === 'Stopped' && !now.processAlive, says: `ADSync is ${now.state}${now.processAlive ? ', its process is still there' : ''}.` };
  },
};
