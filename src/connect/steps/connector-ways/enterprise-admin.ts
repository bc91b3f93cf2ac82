import type { SecureString } from '../../../session.ts';
import { textOf } from '../../flat-record.ts';
import { actGuarded } from '../../guarded.ts';
import { Cancelled, StepFailed } from '../../run-errors.ts';
import { scripts } from '../../scripts.ts';
import { connectorAccount } from '../connector-line.ts';
import { recordingNote } from '../recording.ts';
import { arrived, type ConnectorWay } from './way.ts';

interface Administrator {
  readonly userName: string;
  readonly password: SecureString;
}

/** Lets Connect make an account of its own with an Enterprise Admin's credentials, and switches the connector to it. */
export const enterpriseAdmin: ConnectorWay<Administrator> = {
  async ask(context, found) {
    const account = connectorAccount(found.connector);
    const agreed = await context.consent({
      title: `Give the connector ${found.connector.name} another account`,
      changes: [
        `Connect makes an account of its own (MSOL_…) in the forest ${found.connector.forest}, or sets a new password for the one that it has made before, and switches the connector from ${account} to it.`,
        'An account that was chosen by hand is not used any more; the permissions that were set for it (password hash synchronization, password writeback, writeback of devices or groups) have to be set again for the new one.',
        `${account} stays in the forest; nothing deletes it.`,
        'It needs an Enterprise Admin of that forest, and a domain controller that answers.',
        ...recordingNote((await context.look()).snapshot),
      ],
      undo: 'Choose the old account again in the wizard (Customize synchronization options), with its password.',
      irreversible: false, typedName: undefined, action: 'Switch the account',
    }, true);
    if (!agreed) throw new Cancelled('Declined. The connector keeps its account.');
    const answer = await context.person.credential({
      step: 'enter-connector-password', title: `Enterprise Admin of ${found.connector.forest}`, prompt: `DOMAIN\\name of a member of Enterprise Admins in the forest ${found.connector.forest}.`, suggestedUserName: undefined, forest: found.connector.forest,
    }, context.signal);
    if (answer !== undefined) context.hide(answer.password);
    return answer;
  },

  async enter(context, found, answer) {
    await context.note('intent', { action: 'Add-ADSyncADDSConnectorAccount' });
    await context.expectLong(300);
    const [now] = await actGuarded(context, scripts.swapConnectorAccount, {
      InstallationPath: found.path, Connector: found.connector.name, UserName: answer.userName, Password: answer.password,
    }, { signal: context.signal, silenceLimit: 300_000 });
    const proof = await arrived(context, found);
    if (!proof.done) throw new StepFailed(proof.says === '' ? `The cmdlet ended, but no event says that ${found.connector.name} has a new password. Look at the connector in Synchronization Service Manager.` : proof.says);
    const account = `${textOf(now, 'loginDomain')}\\${textOf(now, 'loginUser')}`;
    context.say('warn', `The connector ${found.connector.name} uses ${account} now. Set the permissions for password hash synchronization and writeback for it again (Set-ADSyncPasswordHashSyncPermissions and its siblings).`);
    await context.note('evidence', { fact: `account of ${found.connector.name}`, value: account });
    return { says: `The connector uses ${account} now. ${proof.says}` };
  },
};
