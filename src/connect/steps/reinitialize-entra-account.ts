import type { SecureString } from '../../session.ts';
import { valueOf } from '../fact.ts';
import { textOf, truthOf } from '../flat-record.ts';
import { actGuarded } from '../guarded.ts';
import { reinitializeEntraAccountByHand } from '../manual/credentials.ts';
import { Cancelled, Refused, ScriptFailed, StepFailed, errorText } from '../run-errors.ts';
import { isPending } from './pending.ts';
import { recordingNote } from './recording.ts';
import { scripts } from '../scripts.ts';
import { readService } from '../service-control.ts';
import type { Step } from '../step.ts';
import { installationPath } from './installation.ts';
import { readKeyEvents } from './key-events.ts';
import { readScheduler } from './scheduler-reading.ts';

interface Found {
  readonly path: string;
  readonly userName: string;
  readonly applicationRecord: number;
}

interface Answer {
  readonly userName: string;
  readonly password: SecureString;
}

/** A new password takes up to half an hour to be accepted everywhere in the tenant, in milliseconds. */
const longestPropagation = 30 * 60_000;
const lookInterval = 5_000;

/** Sets the Entra Connector account's password anew and stores it; never on a server that signs in as an application. */
export const reinitializeEntraAccount: Step<Found, Answer, true> = {
  id: 'reinitialize-entra-account',
  title: 'Reinitialize the Entra Connector account',
  summary: 'Signs in to the tenant as an administrator, sets the password of the Entra Connector account anew and stores it in the sync engine.',
  danger: 'secret',
  launch: 'inline',
  parameters: [],
  duration: 'Under a minute; a new password can take up to half an hour to be accepted everywhere.',
  ifStoppedHere: 'Nothing is exported to Entra until the Entra Connector account can sign in.',
  afterLoss: 'repeat',
  manual: reinitializeEntraAccountByHand,

  async precheck(context) {
    const { snapshot } = await context.look();
    if (valueOf(snapshot.service.state) !== 'Running') throw new Refused('cannot-tell', 'The Entra Connector account can be reinitialized only while ADSync runs. Start it first.');
    const path = installationPath(snapshot);
    const [answer] = await context.link.read(scripts.readEntraAccount, { InstallationPath: path }, { signal: context.signal });
    if (textOf(answer, 'mode') === 'Application' && context.plan !== undefined && context.plan !== 'entra-reinitialize') {
      return { kind: 'skip', why: 'This server signs in to Entra as an application, which has no password: nothing is reinitialized. If the sign-in fails, rotate the certificate in the wizard.' };
    }
    if (textOf(answer, 'mode') === 'Application') {
      throw new Refused('application-auth', 'This server signs in to Entra as an application. The cmdlet would roll it back to password sign-in, so it is not called. Rotate the certificate in the wizard instead.');
    }
    if (truthOf(answer, 'present') !== true || truthOf(answer, 'takesCredential') !== true) {
      throw new Refused('cannot-tell', 'On this build Add-ADSyncAADServiceAccount takes no credential, so it would ask in a window that nobody sees. Use the wizard on the server.');
    }
    const entra = valueOf(snapshot.connectors)?.find((connector) => connector.type === 'Entra');
    if (context.plan !== undefined && context.plan !== 'entra-reinitialize' && entra !== undefined && !isPending(snapshot, entra.name) && (await readScheduler(context, path)).cloud) {
      return { kind: 'skip', why: 'Its stored password signs in.' };
    }
    const userName = textOf(answer, 'userName');
    const { applicationRecord } = await readService(context);
    return { kind: 'ready', found: { path, userName, applicationRecord }, says: [userName === '' ? 'The name of the Entra Connector account could not be read.' : `The Entra Connector account is ${userName}.`] };
  },

  async confirm(context, found) {
    const agreed = await context.consent({
      title: `Reinitialize the Entra Connector account${found.userName === '' ? '' : ` ${found.userName}`}`,
      changes: [
        'Its password in the tenant is set to a new random one, which only the sync engine knows.',
        ...recordingNote((await context.look()).snapshot),
        'The administrator must be able to sign in with user name and password alone: a sign-in that asks for a second factor fails here. The way out is the wizard on the server.',
        ...(/^sync_/i.test(found.userName) ? [] : ['Its name is not the usual Sync_<server>_<id>: some builds make a new account of that name and use it instead.']),
      ],
      undo: 'The old password cannot be brought back; running this again sets another one.',
      irreversible: false, typedName: undefined, action: 'Reinitialize the account',
    }, true);
    if (!agreed) throw new Cancelled('Declined.');
    const answer = await context.person.credential({
      step: 'reinitialize-entra-account', title: 'Administrator of the tenant', prompt: 'A Hybrid Identity Administrator or Global Administrator that can sign in without a second factor.', suggestedUserName: undefined,
    }, context.signal);
    if (answer === undefined) return undefined;
    context.hide(answer.password);
    return answer;
  },

  async action(context, found, answer) {
    await context.note('intent', { action: 'Add-ADSyncAADServiceAccount' });
    await context.expectLong(300);
    try {
      await actGuarded(context, scripts.reinitializeEntraAccount, { InstallationPath: found.path, UserName: answer.userName, Password: answer.password }, { signal: context.signal, silenceLimit: 300_000 });
    } catch (error) {
      if (!(error instanceof ScriptFailed)) throw error;
      throw new StepFailed(`${errorText(error)} If the administrator is asked for a second factor, the cmdlet cannot sign in: use the wizard on the server.`);
    }
    return true;
  },

  async postcondition(context, found) {
    const events = await readKeyEvents(context, found.applicationRecord);
    const stored = events.findLast((event) => event.id === 2519 || event.id === 6603);
    if (stored !== undefined) await context.note('evidence', { fact: 'password stored', eventId: stored.id, recordId: stored.recordId, time: stored.time });
    const begun = context.clock.now();
    while (!(await readScheduler(context, found.path)).cloud) {
      const waited = context.clock.now() - begun;
      if (waited > longestPropagation) return { held: false, says: 'The new password is stored, but the tenant has not accepted it within half an hour. Diagnose again later; if it is still refused then, look at the sign-in log of the account in the Microsoft Entra admin center (Conditional Access, multifactor authentication).' };
      context.progress(`The new password is stored; the tenant does not accept it everywhere yet (minute ${Math.floor(waited / 60_000) + 1} of up to 30; 15 to 30 are usual). Cancelling stops only the waiting.`, Math.round((waited / longestPropagation) * 100));
      await context.pause(lookInterval);
    }
    return { held: true, says: `${stored === undefined ? '' : `Event ${stored.id} says that it was stored. `}The Entra Connector account signs in.` };
  },
};
