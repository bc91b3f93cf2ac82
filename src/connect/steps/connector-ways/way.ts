import type { PSValue } from '../../../session.ts';
import { textOf, truthOf } from '../../flat-record.ts';
import { scripts } from '../../scripts.ts';
import type { Connector } from '../../snapshot.ts';
import type { StepContext } from '../../step.ts';
import { provesReentry, readKeyEvents } from '../key-events.ts';

/** The connector whose secret is to be entered, as the precheck found it. */
export interface ConnectorFound {
  readonly connector: Connector;
  readonly path: string;
  /** Newest record of the Application log before the step acted. */
  readonly applicationRecord: number;
}

export interface Proof {
  readonly says: string;
}

/** One way of getting a connector's password into the sync engine. */
export interface ConnectorWay<Answer = unknown> {
  /** Asks for consent and for what the way needs. Undefined: declined. */
  ask(context: StepContext, found: ConnectorFound): Promise<Answer | undefined>;
  /** Enters it, and resolves once the server shows that it arrived and works. */
  enter(context: StepContext, found: ConnectorFound, answer: Answer): Promise<Proof>;
}

/** Whether the server shows that the secret arrived since the step began, and that it signs in; what it says otherwise. */
export async function arrived(context: StepContext, found: ConnectorFound): Promise<{ done: boolean; says: string }> {
  const events = await readKeyEvents(context, found.applicationRecord);
  const proof = events.find((event) => provesReentry(event, found.connector.name));
  if (proof === undefined) return { done: false, says: '' };
  await context.note('evidence', { fact: 'password entered', eventId: proof.id, recordId: proof.recordId, time: proof.time });
  // Only AD connectors have a cmdlet that signs in with what is stored.
  if (found.connector.type !== 'AD') return { done: true, says: `Event ${proof.id} says that it was entered.` };
  const test = await signsIn(context, found.path, found.connector);
  return test.works ? { done: true, says: `Event ${proof.id} says that it was entered, and it signs in.` } : { done: false, says: `It was entered (event ${proof.id}), but it does not sign in: ${test.text}` };
}

/** Whether what is stored for an AD connector signs in to its forest now. */
export async function signsIn(context: StepContext, path: string, connector: Connector): Promise<{ works: boolean; text: string }> {
  const parameters: Readonly<Record<string, PSValue>> = { InstallationPath: path, Connector: connector.name };
  const [answer] = await context.link.read(scripts.testConnector, parameters, { signal: context.signal });
  return { works: truthOf(answer, 'works') === true, text: textOf(answer, 'text') };
}
