import type { AbandonRecord } from '../abandon-marker.ts';
import { Cancelled, OutcomeUnknown } from '../run-errors.ts';
import { scripts } from '../scripts.ts';
import type { StepContext } from '../step.ts';
import { readKeyEvents } from './key-events.ts';
import { ask } from './questions.ts';

/**
 * Lets a person decide about an abandonment whose outcome is not known, with what can be seen. Undefined: it did not happen, and the
 * mark is gone. Rejects with OutcomeUnknown when it is left open.
 */
export async function abandonmentOutcome(context: StepContext, record: AbandonRecord): Promise<{ kind: 'skip'; why: string } | undefined> {
  const events = await readKeyEvents(context, record.applicationRecord);
  const telling = events.filter((event) => event.provider === 'MIISKMU' || event.id === 6201 || event.id === 6603);
  const seen = telling.length === 0 ? 'No event MIISKMU 1, 6201 or 6603 was written since.' : `Written since: ${telling.map((event) => `${event.provider} ${event.id} at ${event.time}`).join(', ')}. (MIISKMU 1 only says that it began, and any local program can write it.)`;
  const answer = await ask(context, {
    id: 'abandonment-outcome',
    title: 'An earlier abandonment has no known outcome',
    prompt: `It was begun at ${record.intent} (last mark: ${record.phase}; exit code: ${record.exitCode === '' ? 'none' : record.exitCode}). ${seen} ${record.output}`,
    answers: [
      { id: 'happened', label: 'It happened', detail: 'The secrets are gone: go on with the start and the credentials.' },
      ...(telling.length === 0 ? [{ id: 'did-not-happen', label: 'It did not happen', detail: 'Forget the mark.' }] : []),
      { id: 'leave', label: 'Leave it open', detail: 'Nothing is changed.' },
    ],
  });
  if (answer === 'leave') throw new OutcomeUnknown(`The abandonment begun at ${record.intent} stays open, and it is not started again. Look at the server, then run this step again.`);
  const agreed = await context.consent({
    title: answer === 'happened' ? 'The key was abandoned' : 'The key was not abandoned',
    changes: ['The mark that an abandonment was begun is removed from the server.'],
    undo: 'It cannot be undone: the mark is what keeps the action from being started twice.',
    irreversible: true, typedName: context.memory.identity?.computerName, action: 'Remove the mark',
  }, true);
  if (!agreed) throw new Cancelled('Declined. The mark stays.');
  await context.link.read(scripts.settleAbandon, { Intent: record.intent });
  return answer === 'happened' ? { kind: 'skip', why: `A person says that the abandonment of ${record.intent} happened.` } : undefined;
}
