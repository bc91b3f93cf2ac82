import { valueOf } from '../fact.ts';
import { Refused, StepFailed } from '../run-errors.ts';
import { readService } from '../service-control.ts';
import type { Connector } from '../snapshot.ts';
import type { AdDsWay, Step } from '../step.ts';
import { connectorAccount } from './connector-line.ts';
import { enterpriseAdmin } from './connector-ways/enterprise-admin.ts';
import { guided } from './connector-ways/guided.ts';
import { objectModel } from './connector-ways/object-model.ts';
import { arrived, signsIn, type ConnectorFound, type ConnectorWay, type Proof } from './connector-ways/way.ts';
import { installationPath } from './installation.ts';
import { isPending } from './pending.ts';

const ways: Readonly<Record<AdDsWay, ConnectorWay>> = { 'guided': guided, 'object-model': objectModel, 'enterprise-admin': enterpriseAdmin };

/** Gets a connector's password into the sync engine, by the way that was chosen for this run, and proves that it arrived. */
export const enterConnectorPassword: Step<ConnectorFound, unknown, Proof> = {
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
    if (connector.type === 'Entra') throw new Refused('cannot-tell', `${connector.name} is the Entra connector: nobody knows its password. It is reinitialized, or its application is repaired in the wizard.`);
    const path = installationPath(snapshot);
    if (connector.type === 'AD' && context.plan !== undefined && !isPending(snapshot, connector.name) && (await signsIn(context, path, connector)).works) {
      return { kind: 'skip', why: 'Its stored password signs in.' };
    }
    const { applicationRecord } = await readService(context);
    return { kind: 'ready', found: { connector, path, applicationRecord }, says: [`${connector.name}: ${connectorAccount(connector)}.`] };
  },

  confirm: (context, found) => wayFor(context.memory.adDs, found.connector).ask(context, found),

  action: (context, found, answer) => wayFor(context.memory.adDs, found.connector).enter(context, found, answer),

  async postcondition(context, found, outcome) {
    const proof = await arrived(context, found);
    return { held: proof.done, says: outcome?.says ?? proof.says };
  },
};

/** The other ways exist for AD connectors only. */
function wayFor(way: AdDsWay, connector: Connector): ConnectorWay {
  return connector.type === 'AD' ? ways[way] : guided;
}
