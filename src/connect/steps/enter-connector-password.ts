import { valueOf } from '../fact.ts';
import { textOf, truthOf } from '../flat-record.ts';
import { Cancelled, Refused, StepFailed } from '../run-errors.ts';
import { isPending } from './pending.ts';
import { scripts } from '../scripts.ts';
import { readService } from '../service-control.ts';
import type { Connector } from '../snapshot.ts';
import type { Step, StepContext } from '../step.ts';
import { installationPath } from './installation.ts';
import { provesReentry, readKeyEvents } from './key-events.ts';

interface Found {
  readonly connector: Connector;
  readonly path: string;
  readonly applicationRecord: number;
}

interface Proof {
  readonly says: string;
}

/** Between two looks at the server while a person works, in milliseconds. */
const lookInterval = 2_000;

/** Guides a person through the one supported way to enter an AD DS Connector account's password, and proves that it arrived. */
export const enterConnectorPassword: Step<Found, true, Proof> = {
  id: 'enter-connector-password',
  title: 'Enter a connector\'s password',
  summary: 'Shows what to click in Synchronization Service Manager on the server, waits, and checks that the password arrived and signs in.',
  danger: 'secret',
  launch: 'inline',
  parameters: [{ name: 'connector', required: true }],
  duration: 'As long as a person needs on the server\'s screen.',
  ifStoppedHere: 'Connectors whose password was not entered do not synchronize; the others do.',
  afterLoss: 'repeat',

  async precheck(context) {
    const { snapshot } = await context.look();
    if (valueOf(snapshot.service.state) !== 'Running') throw new Refused('cannot-tell', 'Passwords can be entered only while ADSync runs. Start it first.');
    const connector = valueOf(snapshot.connectors)?.find((candidate) => candidate.name === context.target);
    if (connector === undefined) throw new StepFailed(`There is no connector '${context.target ?? ''}' on this server. Its connectors: ${(valueOf(snapshot.connectors) ?? []).map((one) => one.name).join(', ') || 'could not be read'}.`);
    const path = installationPath(snapshot);
    if (connector.type === 'AD' && context.plan !== undefined && !isPending(snapshot, connector.name) && (await signsIn(context, path, connector)).works) {
      return { kind: 'skip', why: 'Its stored password signs in.' };
    }
    const { applicationRecord } = await readService(context);
    return { kind: 'ready', found: { connector, path, applicationRecord }, says: [`${connector.name}: ${account(connector)}.`] };
  },

  confirm: () => Promise.resolve(true as const),

  async action(context, found) {
    context.waiting(`Waiting for a person to enter the password of ${account(found.connector)} on the server.`);
    let said = '';
    for (;;) {
      const seen = new AbortController();
      const stop = AbortSignal.any([context.signal, seen.signal]);
      const person = context.person.waitFor(task(found.connector), stop).then((answer) => ({ answer }), (error: unknown) => ({ error }));
      try {
        const settled = { is: false };
        void person.then(() => { settled.is = true; });
        for (;;) {
          const proof = await look(context, found);
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
      const proof = await look(context, found);
      if (proof.done) return { says: proof.says };
      context.say('warn', proof.says === '' ? `Not yet: no event says that the password of ${found.connector.name} was entered since this step began.` : proof.says);
      await context.pause(lookInterval);
    }
  },

  async postcondition(context, found, outcome) {
    const proof = await look(context, found);
    return { held: proof.done, says: outcome?.says ?? proof.says };
  },
};

function task(connector: Connector): Parameters<StepContext['person']['waitFor']>[0] {
  return {
    step: 'enter-connector-password',
    target: connector.name,
    title: `Enter the password of ${account(connector)}`,
    instructions: [
      'On the Connect server: START → Synchronization Service.',
      'Go to the Connectors tab.',
      `Select the connector '${connector.name}'.`,
      'Under Actions, select Properties.',
      'In the dialog, select Connect to Active Directory Forest.',
      `Enter the password of ${account(connector)} in Password, and click OK.`,
      'If nobody knows that password, set it to a known value in Active Directory first.',
    ],
    proof: 'The service writes event 6603 for this connector (2518 in the audit), and the stored password signs in.',
  };
}

function account(connector: Connector): string {
  if (connector.loginUser === '') return `connector ${connector.name}`;
  return connector.loginDomain === '' ? connector.loginUser : `${connector.loginDomain}\\${connector.loginUser}`;
}

async function look(context: StepContext, found: Found): Promise<{ done: boolean; says: string }> {
  const events = await readKeyEvents(context, found.applicationRecord);
  const proof = events.find((event) => provesReentry(event, found.connector.name));
  if (proof === undefined) return { done: false, says: '' };
  await context.note('evidence', { fact: 'password entered', eventId: proof.id, recordId: proof.recordId, time: proof.time });
  // Only AD connectors have a cmdlet that signs in with what is stored.
  if (found.connector.type !== 'AD') return { done: true, says: `Event ${proof.id} says that it was entered.` };
  const test = await signsIn(context, found.path, found.connector);
  return test.works ? { done: true, says: `Event ${proof.id} says that it was entered, and it signs in.` } : { done: false, says: `It was entered (event ${proof.id}), but it does not sign in: ${test.text}` };
}

async function signsIn(context: StepContext, path: string, connector: Connector): Promise<{ works: boolean; text: string }> {
  const [answer] = await context.link.read(scripts.testConnector, { InstallationPath: path, Connector: connector.name }, { signal: context.signal });
  return { works: truthOf(answer, 'works') === true, text: textOf(answer, 'text') };
}
