import type { AccountKind } from '../account.ts';
import type { Question } from '../person.ts';
import { Cancelled } from '../run-errors.ts';
import type { StepContext } from '../step.ts';

/** The stable ids of everything that a run may ask with several answers. */
export const questionIds = ['password-change-kind', 'old-password-known', 'database-not-backed-up', 'abandonment-outcome'] as const;

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
  context.memory.passwordChangeKind ??= await ask(context, {
    id: 'password-change-kind',
    title: `How did the password of ${account} get its new value?`,
    prompt: 'A change keeps the encryption key readable. After a reset the service may not be able to read it at the next start, and newer builds then drop every stored connector secret.',
    answers: [
      { id: 'change', label: 'Changed', detail: 'By somebody who entered the old password as well.' },
      { id: 'reset', label: 'Reset', detail: 'By an administrator, without the old password.' },
      { id: 'unknown', label: 'I do not know', detail: 'Treated like a reset.' },
    ],
  });
  return context.memory.passwordChangeKind;
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

/**
 * Settles before a password or a start that may be destructive how the account got its password. Rejects with Cancelled where the old
 * password of a local account is known: putting it back loses nothing, and a start now would.
 */
export async function settlePasswordChange(context: StepContext, account: string, kind: AccountKind): Promise<string> {
  const how = await askPasswordChangeKind(context, account);
  // Only a local account's key is bound to the old password for good; a domain's controllers can bring it back.
  if (how !== 'change' && kind === 'local-user' && (await askOldPassword(context, account)) === 'known') {
    throw new Cancelled(`Set the old password on ${account} again, then give it to Service Control Manager. Nothing was changed.`);
  }
  return how;
}
