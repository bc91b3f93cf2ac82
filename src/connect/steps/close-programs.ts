import { valueOf } from '../fact.ts';
import type { PersonTask } from '../person.ts';
import type { Snapshot } from '../snapshot.ts';
import type { StepContext } from '../step.ts';

/** Between two looks at the server while a person closes what is open, in milliseconds. */
const lookInterval = 8_000;

const task: PersonTask = {
  step: 'restart-service',
  target: undefined,
  title: 'Close Synchronization Service Manager on the server',
  instructions: ['On the Connect server: close Synchronization Service Manager (miisclient), in every session that has it open.', 'The service cannot be restarted while it is open.'],
  proof: 'The program miisclient does not run any more.',
};

/**
 * Waits until Synchronization Service Manager is closed, in which passwords were just entered. Resolves with the server as it is
 * then, also where the person gives up: whatever is still open, the gate forbids the step.
 */
export async function closedServiceManager(context: StepContext, snapshot: Snapshot): Promise<Snapshot> {
  let now = snapshot;
  if (valueOf(now.programs.serviceManagerOpen) !== true) return now;
  context.waiting('Waiting for a person to close Synchronization Service Manager on the server.');
  for (;;) {
    const seen = new AbortController();
    const answer: { is: 'check' | 'give-up' | undefined } = { is: undefined };
    const person = context.person.waitFor(task, AbortSignal.any([context.signal, seen.signal])).then((given) => { answer.is = given; }, () => { answer.is = 'give-up'; });
    try {
      for (;;) {
        await Promise.race([person, context.checkNow(), context.pause(lookInterval)]);
        ({ snapshot: now } = await context.look(true));
        if (valueOf(now.programs.serviceManagerOpen) !== true || answer.is === 'give-up') return now;
        if (answer.is === 'check') break;
      }
    } finally {
      seen.abort();
    }
    context.say('warn', 'Not yet: Synchronization Service Manager is still open on the server.');
    await context.pause(lookInterval);
  }
}
