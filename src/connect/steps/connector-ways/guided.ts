import { compareBuilds, firstBuildThatKeepsApplicationSettings } from '../../builds.ts';
import { valueOf } from '../../fact.ts';
import type { PersonTask } from '../../person.ts';
import { Cancelled } from '../../run-errors.ts';
import type { Connector, Snapshot } from '../../snapshot.ts';
import { connectorAccount } from '../connector-line.ts';
import { arrived, type ConnectorWay } from './way.ts';

/** Between two looks at the server while a person works, in milliseconds. */
const lookInterval = 2_000;

/** A person enters the password in Synchronization Service Manager: the one supported way for a known password. */
export const guided: ConnectorWay<true> = {
  ask: () => Promise.resolve(true as const),

  async enter(context, found) {
    const { snapshot } = await context.look();
    context.waiting(`Waiting for a person to enter the password of ${connectorAccount(found.connector)} on the server.`);
    let said = '';
    for (;;) {
      const seen = new AbortController();
      const stop = AbortSignal.any([context.signal, seen.signal]);
      const person = context.person.waitFor(task(found.connector, snapshot), stop).then((answer) => ({ answer }), (error: unknown) => ({ error }));
      try {
        const settled = { is: false };
        void person.then(() => { settled.is = true; });
        for (;;) {
          const proof = await arrived(context, found);
          if (proof.done) return { says: proof.says };
          if (settled.is) break;
          if (proof.says !== '' && proof.says !== said) {
            said = proof.says;
            context.say('warn', said);
          }
          await Promise.race([person, context.checkNow(), context.pause(lookInterval)]);
        }
      } finally {
        seen.abort();
      }
      const answer = await person;
      if ('error' in answer) throw context.signal.aborted ? new Cancelled('Cancelled while waiting for a person.') : answer.error;
      if (answer.answer === 'give-up') throw new Cancelled(`The password of ${found.connector.name} was not entered. Its connector does not synchronize until it is.`);
      const proof = await arrived(context, found);
      if (proof.done) return { says: proof.says };
      context.say('warn', proof.says === '' ? `Not yet: no event says that the password of ${found.connector.name} was entered since this step began.` : proof.says);
      await context.pause(lookInterval);
    }
  },
};

/** The clicks, in the words of the server's own screens. */
export function task(connector: Connector, snapshot: Snapshot): PersonTask {
  const build = valueOf(snapshot.installation.build);
  const application = valueOf(snapshot.authenticationMode) === 'Application' && (build === undefined || compareBuilds(build, firstBuildThatKeepsApplicationSettings) < 0);
  return {
    step: 'enter-connector-password',
    target: connector.name,
    title: `Enter the password of ${connectorAccount(connector)}`,
    instructions: [
      'On the Connect server: START → Synchronization Service.',
      'Go to the Connectors tab.',
      `Select the connector '${connector.name}'.`,
      'Under Actions, select Properties.',
      ...(connector.type === 'AD' ? [
        'In the dialog, select Connect to Active Directory Forest.',
        `Enter the password of ${connectorAccount(connector)} in Password, and click OK.`,
        'If nobody knows that password, set it to a known value in Active Directory first.',
      ] : ['In the dialog, select Connectivity.', `Enter the credentials of ${connectorAccount(connector)}, and click OK.`]),
      ...(application ? ['Do not open the properties of the Entra connector: on this build OK drops the settings of its application.'] : []),
      'Close Synchronization Service Manager afterwards: the service cannot be restarted while it is open.',
    ],
    proof: 'The service writes event 6603 for this connector (2518 in the audit), and the stored password signs in.',
  };
}
