import type { AccountKind } from '../account.ts';
import { passwordChange, untriedReset } from '../password-change.ts';
import type { Question } from '../person.ts';
import { Cancelled, Refused } from '../run-errors.ts';
import type { StepContext } from '../step.ts';

/** The stable ids of everything that a run may ask with several answers. */
export const questionIds = ['password-change-kind', 'old-password-known', 'retried-with-controller', 'database-not-backed-up', 'abandonment-outcome', 'staging-first', 'abandon-reason'] as const;

/** Asks one question, journals the answer's id, and rejects with Cancelled when it is declined. */
export async function ask(context: StepContext, question: Question): Promise<string> {
  const answer = await context.person.choose(question, context.signal);
  await context.note('question', { question: question.id, answer: answer ?? 'declined' });
  if (answer === undefined || !question.answers.some((offered) => offered.id === answer)) throw new Cancelled(`Not answered: ${question.title}`);
  return answer;
}

/**
 * Was the password changed or reset? A change keeps the encryption key readable; after a reset a start can drop every stored
 * connector secret. Asked once a run.
 */
async function askPasswordChangeKind(context: StepContext, account: string): Promise<string> {
  const known = passwordChange((await context.look()).snapshot);
  const told = known === undefined ? '' : ` This server's Security log holds event ${known.event.id} of ${known.event.time}: it was ${known.kind === 'reset' ? 'reset' : 'changed'} then.`;
  context.memory.passwordChangeKind ??= await ask(context, {
    id: 'password-change-kind',
    title: `How did the password of ${account} get its new value?`,
    prompt: `A change keeps the encryption key readable. After a reset the service may not be able to read it at the next start, and newer builds then drop every stored connector secret.${told}`,
    answers: [
      { id: 'change', label: 'Changed', detail: 'By somebody who entered the old password as well.' },
      { id: 'reset', label: 'Reset', detail: 'By an administrator, without the old password.' },
      { id: 'unknown', label: 'I do not know', detail: 'Treated like a reset.' },
      { id: 'restored', label: 'Reset, and the old password is set on it again', detail: 'The account has the password from before; that makes the key readable again.' },
    ],
  });
  return context.memory.passwordChangeKind;
}

/**
 * Has the person change the account's password now, and say how they did it. Rejects with Cancelled for anything but a change: the
 * service still runs and holds its key, so nothing is lost before the next start.
 */
export async function askPlannedChange(context: StepContext, account: string, kind: AccountKind): Promise<void> {
  const user = account.slice(account.lastIndexOf('\\') + 1);
  const how = kind === 'local-user'
    ? `sign in as ${account} (or run a program as it) and press Ctrl+Alt+Del → Change a password`
    : `Set-ADAccountPassword ${user} -OldPassword … -NewPassword …, or Ctrl+Alt+Del → Change a password as ${account}`;
  context.memory.passwordChangeKind = await ask(context, {
    id: 'password-change-kind',
    title: `Change the password of ${account} now, then say how it was done`,
    prompt: `Change it as a change, with the old password: ${how}. Never reset it: ${kind === 'local-user'
      ? 'a reset makes the encryption key of a local account unreadable for good.'
      : 'after a reset only a writable domain controller makes the encryption key readable again.'} What was backed up lies on the server; the service runs on with the old password until this plan restarts it.`,
    answers: [
      { id: 'change', label: 'Changed', detail: 'The old password was entered as well. Go on.' },
      { id: 'reset', label: 'It was reset', detail: 'Stop here; what to do is said.' },
      { id: 'unknown', label: 'It was not changed yet, or I do not know', detail: 'Stop here; nothing is given to the service.' },
    ],
  });
  if (context.memory.passwordChangeKind === 'change') {
    const reset = untriedReset((await context.look(true)).snapshot);
    if (reset === undefined) return;
    await context.note('question', { question: 'password-change-kind', answer: 'contradicted' });
    throw new Cancelled(`The Security log of this server says otherwise: event ${reset.event.id} of ${reset.event.time} is a reset, without the old password. Nothing was given to the service, and it runs on. Do not restart it: set the old password on the account again while it runs, then change it once more, as a change. Then start this plan again.`);
  }
  throw new Cancelled(`Nothing was given to the service, and it runs on. ${context.memory.passwordChangeKind === 'reset' ? 'Do not restart it: set the old password on the account again while it runs, then change it once more, as a change.' : 'Find out what was done to the password (event 4723 is a change, 4724 a reset); if in doubt, set the old one again, then change it once more, as a change.'} Then start this plan again.`);
}

/** Is the old password still known? Then putting it back is the cheapest repair there is. Asked once a run. */
export async function askOldPassword(context: StepContext, account: string): Promise<'known' | 'gone' | 'unknown'> {
  if (context.memory.oldPassword !== undefined) return context.memory.oldPassword;
  const answer = await ask(context, {
    id: 'old-password-known',
    title: `Does anybody know the old password of ${account}?`,
    prompt: 'With the old password set on the account again, the encryption key can often be read again, and nothing is lost.',
    answers: [
      { id: 'known', label: 'Yes, it is known', detail: 'Stop here: set the old password on the account first, then give it to Service Control Manager.' },
      { id: 'gone', label: 'No, it is gone', detail: 'Go on without it.' },
      { id: 'unknown', label: 'I do not know', detail: 'Find out first: it is the one way that loses nothing.' },
    ],
  });
  context.memory.oldPassword = answer === 'known' || answer === 'gone' ? answer : 'unknown';
  return context.memory.oldPassword;
}

/** Was a start tried since a writable domain controller answers? Nothing on the server tells where a controller was at an earlier start. */
export function askRetry(context: StepContext, account: string): Promise<string> {
  return ask(context, {
    id: 'retried-with-controller',
    title: 'Was ADSync started once while a writable domain controller answered?',
    prompt: `After a reset of the password of ${account} a writable domain controller makes the encryption key readable again. One answers now; whether one answered when the service last failed to start is not on record.`,
    answers: [
      { id: 'failed-again', label: 'Yes, and it failed in the same way', detail: 'I saw that a writable domain controller answered then.' },
      { id: 'not-tried', label: 'No, or I do not know', detail: 'Stop here: one start attempt comes first.' },
    ],
  });
}

/** How the password got its value, for what it does to the key: what the server's own log holds wins over what a person believes. */
async function saidOrOnRecord(context: StepContext, account: string): Promise<string> {
  const said = await askPasswordChangeKind(context, account);
  if (said === 'restored') return 'change';
  const reset = said === 'change' ? untriedReset((await context.look()).snapshot) : undefined;
  if (reset === undefined) return said;
  context.say('warn', `The Security log of this server says otherwise: event ${reset.event.id} of ${reset.event.time} is a reset, without the old password. It is treated as one.`);
  return 'reset';
}

/**
 * Settles before a password or a start that may be destructive how the account got its password. Rejects with Refused where the old
 * password of a local account is known: putting it back loses nothing, and a start now would.
 */
export async function settlePasswordChange(context: StepContext, account: string, kind: AccountKind): Promise<string> {
  const how = await saidOrOnRecord(context, account);
  // Only a local account's key is bound to the old password for good; a domain's controllers can bring it back.
  const old = how !== 'change' && kind === 'local-user' ? await askOldPassword(context, account) : 'gone';
  if (old !== 'gone') {
    const { findings } = await context.look();
    throw new Refused(findings[0]?.id ?? 'cannot-tell', old === 'unknown'
      ? `Find out first whether anybody knows the old password of ${account}: set on the account again it makes the encryption key readable, and nothing is lost; a start without it could cost every stored secret. Say that it is gone only when that is certain. Nothing was changed.`
      : `The old password of ${account} is known: set it on the account again, then give it to Service Control Manager, and say then that it was restored. Nothing is lost that way; a start with the new one could cost every stored secret. Nothing was changed.`);
  }
  return how;
}

/** Fewest characters of a reason that somebody can still understand in a year. */
const shortestReason = 10;

/**
 * Why a key is abandoned that can be read, in the person's own words, after the staging server was offered. The reason is journaled.
 * Rejects with Cancelled where the staging server is promoted first, or nothing is given.
 */
export async function askReason(context: StepContext, active: boolean): Promise<string> {
  if (active) {
    const staging = await ask(context, {
      id: 'staging-first',
      title: 'Is there a staging server that can take over first?',
      prompt: 'After the key was abandoned this server synchronizes nothing until every secret has been entered again. A staging server that is promoted first (this one into staging mode, then the other out of it, in the wizard of each) keeps synchronization alive meanwhile.',
      answers: [
        { id: 'promote-first', label: 'Yes: stop here, promote it first', detail: 'Nothing is changed. Start this plan again afterwards.' },
        { id: 'promoted', label: 'It has taken over already', detail: 'This server may stand still.' },
        { id: 'none', label: 'There is none', detail: 'Synchronization stands still until the plan is done.' },
      ],
    });
    if (staging === 'promote-first') throw new Cancelled('Promote the staging server first: put this one into staging mode in its wizard, then take the other out of it. The key was not abandoned.');
  }
  const reason = (await context.person.text({
    id: 'abandon-reason', step: 'abandon-key', title: 'Why is the key abandoned?', least: shortestReason,
    prompt: 'Nothing says that this key is lost. Write why it has to go (for instance: a backup of this server was stolen on …); it is kept in the journal and in the change record.',
  }, context.signal))?.trim().slice(0, 500);
  await context.note('question', { question: 'abandon-reason', answer: reason ?? 'declined' });
  if (reason === undefined || reason.length < shortestReason) throw new Cancelled('Without a reason in writing the key is not abandoned.');
  return reason;
}
