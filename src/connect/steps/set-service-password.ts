import type { SecureString } from '../../session.ts';
import { parseAccount, type AccountKind } from '../account.ts';
import { valueOf } from '../fact.ts';
import { numberOf, textOf } from '../flat-record.ts';
import { actGuarded } from '../guarded.ts';
import { setServicePasswordByHand } from '../manual/service.ts';
import { Cancelled, Refused, StepFailed } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import { methodCodeText, readService } from '../service-control.ts';
import type { Step } from '../step.ts';
import { startNameOf } from './installation.ts';
import { recordingNote } from './recording.ts';
import { askPlannedChange, settlePasswordChange } from './questions.ts';

interface Found {
  readonly startName: string;
  readonly kind: AccountKind;
  readonly computerName: string;
  readonly running: boolean;
}

/** Gives Service Control Manager the account's new password; a password can never be read back, so this is never skipped as done. */
export const setServicePassword: Step<Found, SecureString, { code: number; startName: string }> = {
  id: 'set-service-password',
  title: 'Give Service Control Manager the new password',
  summary: 'Sets the password that Windows uses to log the service account on; the account itself and everything else of the service stay as they are.',
  danger: 'secret',
  launch: 'inline',
  parameters: [],
  duration: 'Seconds.',
  ifStoppedHere: 'Service Control Manager has the password that was entered. Whether it is right shows at the next start; the service itself was not touched.',
  afterLoss: 'repeat',
  manual: setServicePasswordByHand,

  async precheck(context) {
    const { snapshot } = await context.look();
    const startName = startNameOf(snapshot);
    const computerName = valueOf(snapshot.server.computerName);
    const account = parseAccount(startName, computerName);
    if (account === undefined || computerName === undefined) throw new Refused('cannot-tell', `What kind of account '${startName}' is cannot be told.`);
    const state = valueOf(snapshot.service.state);
    if (context.plan === 'planned-change' && state !== 'Running') throw new Refused('cannot-tell', `ADSync is ${state ?? 'in an unknown state'}: a planned change begins with a service that runs. Diagnose the server, and repair first what keeps it from running. Nothing was given to the service.`);
    return { kind: 'ready', found: { startName, kind: account.kind, computerName, running: state === 'Running' }, says: [`ADSync runs as ${startName} and is ${state ?? 'in an unknown state'}.`] };
  },

  async confirm(context, found) {
    if (context.plan === 'planned-change') await askPlannedChange(context, found.startName, found.kind);
    else await settlePasswordChange(context, found.startName, found.kind);
    const agreed = await context.consent({
      title: `Give Service Control Manager the new password of ${found.startName}`,
      changes: [`On ${found.computerName} the stored password of the service ADSync is replaced. The account's own password is not changed.`, 'A wrong password shows at the next start only, and counts as a failed log-on of the account.', ...recordingNote((await context.look()).snapshot)],
      undo: 'Enter another password the same way; the old value cannot be read.',
      irreversible: false, typedName: undefined, action: 'Set the password',
    }, true);
    if (!agreed) throw new Cancelled('Declined.');
    const secret = await context.person.secret({
      step: 'set-service-password', title: `Password of ${found.startName}`, prompt: `The password that ${found.startName} has now, as it is set in the directory or on the server.`, account: found.startName,
    }, context.signal);
    if (secret === undefined) return undefined;
    if (secret.reveal() === '') throw new StepFailed('An empty password was entered. Nothing was changed.');
    context.hide(secret);
    return secret;
  },

  async action(context, found, secret) {
    await context.note('intent', { action: 'Win32_Service.Change', startName: found.startName });
    const [answer] = await actGuarded(context, scripts.setServicePassword, { StartName: found.startName, Password: secret }, { signal: context.signal });
    return { code: numberOf(answer, 'returnValue') ?? -1, startName: textOf(answer, 'startName') };
  },

  async postcondition(context, found, outcome) {
    const now = await readService(context);
    await context.note('evidence', { fact: 'StartName', value: now.startName });
    if (now.startName !== found.startName) {
      throw new StepFailed(`The service now runs as '${now.startName}' instead of '${found.startName}'. Put the account back in Service Control Manager before anything is started.`);
    }
    if (outcome === undefined) return { held: false, says: 'Whether the password arrived is not known. Run this step again.' };
    await context.note('action', { action: 'Win32_Service.Change', outcome: methodCodeText(outcome.code), code: outcome.code });
    if (outcome.code !== 0) throw new StepFailed(`Windows did not take the password: ${methodCodeText(outcome.code)} (Win32_Service.Change returned ${outcome.code}).`);
    return { held: true, says: `Windows took it; the log-on account is still ${now.startName}. A password cannot be read back: the next start proves it.` };
  },
};
