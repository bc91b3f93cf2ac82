import type { SecureString } from '../../../session.ts';
import { actGuarded } from '../../guarded.ts';
import { Cancelled, StepFailed } from '../../run-errors.ts';
import { scripts } from '../../scripts.ts';
import { connectorAccount } from '../connector-line.ts';
import { recordingNote } from '../recording.ts';
import { protectedFolder } from '../protected-folder.ts';
import { arrived, type ConnectorWay } from './way.ts';

/**
 * Writes the password into the connector's object and stores the object. Microsoft neither documents nor supports this way; it is
 * taken only where a person chose it for this run, after the configuration was exported.
 */
export const objectModel: ConnectorWay<SecureString> = {
  async ask(context, found) {
    const account = connectorAccount(found.connector);
    const agreed = await context.consent({
      title: `Unsupported: write the password of ${account} into the connector ${found.connector.name}`,
      changes: [
        `The connector's object is read, its password is replaced, and the whole object is stored again with Add-ADSyncConnector. Microsoft does not support this; the supported way is Synchronization Service Manager.`,
        'The configuration is exported first, so that a connector that suffers can be compared and put right.',
        'The password of the account itself is not changed.',
        ...recordingNote((await context.look()).snapshot),
      ],
      undo: 'Enter another password the same way, or in Synchronization Service Manager; what is stored cannot be read.',
      irreversible: false, typedName: undefined, action: 'Write the password',
    }, true);
    if (!agreed) throw new Cancelled('Declined. No password was entered.');
    const secret = await context.person.secret({ step: 'enter-connector-password', title: `Password of ${account}`, prompt: `The password that ${account} has now in its forest.`, account }, context.signal);
    if (secret === undefined) return undefined;
    if (secret.reveal() === '') throw new StepFailed('An empty password was entered. Nothing was changed.');
    context.hide(secret);
    return secret;
  },

  async enter(context, found, secret) {
    if (!context.memory.configurationBackedUp) {
      await context.expectLong(600);
      await actGuarded(context, scripts.backUpConfiguration, { Folder: await protectedFolder(context), InstallationPath: found.path }, { signal: context.signal, silenceLimit: 600_000 });
      context.memory.configurationBackedUp = true;
    }
    await context.note('intent', { action: 'Add-ADSyncConnector' });
    await actGuarded(context, scripts.storeConnectorPassword, { InstallationPath: found.path, Connector: found.connector.name, Password: secret }, { signal: context.signal });
    const proof = await arrived(context, found);
    if (!proof.done) throw new StepFailed(`${proof.says === '' ? `The server took the object of ${found.connector.name}, but no event says that a password was stored.` : proof.says} Enter it in Synchronization Service Manager instead, or with the right password once more.`);
    return { says: proof.says };
  },
};
